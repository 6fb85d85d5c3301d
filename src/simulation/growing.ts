import type { NumberRows } from '../rows.js'

/** Rows of numbers that grow at the end, one typed array per column. */
export interface Growing<Name extends string> {
  /** Makes room for one more row and returns its index, at which all of `columns` are to be set. */
  add: () => number
  /** Makes room for at least `rows` rows in all. */
  expect: (rows: number) => void
  /** The columns since the last `take`; longer ones take their place whenever `add` finds no room. */
  columns: Record<Name, Float64Array>
  /** Returns the rows since the last call and forgets them. */
  take: () => NumberRows<Name>
}

const leastRoom = 1024

/** Returns growing columns of the given names; all of them hold doubles. Rows are set in place: a row object each is slower. */
export function growing<Name extends string>(names: readonly Name[]): Growing<Name> {
  let room = leastRoom
  let length = 0
  const grown: Growing<Name> = {
    columns: each(names, () => new Float64Array(room)),
    add() {
      if (length === room) grown.expect(2 * room)
      return length++
    },
    expect(rows) {
      if (rows <= room) return
      room = rows
      grown.columns = each(names, (name) => longer(grown.columns[name], room))
    },
    take() {
      const taken = { length, ...each(names, (name) => grown.columns[name].subarray(0, length)) } as NumberRows<Name>
      // as many may come again
      room = Math.max(leastRoom, length)
      length = 0
      grown.columns = each(names, () => new Float64Array(room))
      return taken
    },
  }
  return grown
}

function each<Name extends string>(names: readonly Name[], column: (name: Name) => Float64Array): Record<Name, Float64Array> {
  return Object.fromEntries(names.map((name) => [name, column(name)])) as Record<Name, Float64Array>
}

function longer(column: Float64Array, room: number): Float64Array {
  const result = new Float64Array(room)
  result.set(column)
  return result
}
