import type { NumberColumn } from '../database/columns.js'
import type { Keys } from './rows-of.js'

/** Rows `from` to `to` (exclusive) of one symbol, ascending in time. */
interface Stretch {
  symbol: number
  from: number
  to: number
}

/**
 * Returns columns ordered by symbol and time, or null when they are too mixed up for it. Stored bars lie in a few files that are
 * sorted by symbol and time, and signals come symbol by symbol out of a window, so that it is enough to put long stretches
 * one behind the other, at a fraction of a sort.
 */
export function orderedBySymbol<Rows extends Keys>(rows: Rows): Rows | null {
  const stretches = stretchesOf(rows).sort((a, b) => a.symbol - b.symbol || rows.bar_at[a.from] - rows.bar_at[b.from])
  if (stretches.length > rows.length / 4 + 1 || overlap(stretches, rows)) return null
  const { length, ...columns } = rows
  const ordered = Object.entries(columns as unknown as Record<string, NumberColumn>).map(([name, values]) => [name, rearranged(values, stretches)])
  return { length, ...Object.fromEntries(ordered) } as Rows
}

/** Returns columns ordered by symbol and time, however mixed up they are. */
export function sortedBySymbol<Rows extends Keys>(rows: Rows): Rows {
  const { length, ...columns } = rows
  const order = Uint32Array.from({ length }, (_, row) => row)
  order.sort((a, b) => rows.symbol[a] - rows.symbol[b] || rows.bar_at[a] - rows.bar_at[b])
  const sorted = Object.entries(columns as unknown as Record<string, NumberColumn>).map(([name, values]) => {
    return [name, values.map((_, row) => values[order[row]])]
  })
  return { length, ...Object.fromEntries(sorted) } as Rows
}

function stretchesOf({ length, symbol, bar_at }: Keys): Stretch[] {
  const stretches: Stretch[] = []
  for (let from = 0; from < length;) {
    let to = from + 1
    while (to < length && symbol[to] === symbol[from] && bar_at[to] > bar_at[to - 1]) to++
    stretches.push({ symbol: symbol[from], from, to })
    from = to
  }
  return stretches
}

function overlap(stretches: readonly Stretch[], { bar_at }: Keys): boolean {
  return stretches.some(({ symbol, from }, index) => {
    const before = stretches.at(index - 1)!
    return index > 0 && before.symbol === symbol && bar_at[before.to - 1] >= bar_at[from]
  })
}

function rearranged<Values extends NumberColumn>(values: Values, stretches: readonly Stretch[]): Values {
  const result = new (values.constructor as new (length: number) => Values)(values.length)
  let at = 0
  for (const { from, to } of stretches) {
    result.set(values.subarray(from, to), at)
    at += to - from
  }
  return result
}
