import type { NumberRows } from '../rows.js'

/** Rows of numbers that grow at the end, one typed array per column. */
export interface Growing<Name extends string> {
  /** Appends a row. */
  push: (row: Readonly<Record<Name, number>>) => void
  /** Returns the rows since the last call and forgets them. */
  take: () => NumberRows<Name>
}

/** Returns growing columns of the given names; all of them hold doubles. */
export function growing<Name extends string>(names: readonly Name[]): Growing<Name> {
  let columns = names.map(() => new Float64Array(1024))
  let length = 0
  return {
    push(row) {
      if (length === columns[0].length) columns = columns.map(doubled)
      for (let i = 0; i < names.length; i++) columns[i][length] = row[names[i]]
      length++
    },
    take() {
      const taken = Object.fromEntries(columns.map((column, index) => [names[index], column.slice(0, length)]))
      const rows = { length, ...taken } as NumberRows<Name>
      length = 0
      return rows
    },
  }
}

function doubled(column: Float64Array<ArrayBuffer>): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(column.length * 2)
  larger.set(column)
  return larger
}
