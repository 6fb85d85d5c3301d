import type { BarColumns } from '../rows.js'

/** The order in which bars are simulated: each symbol by itself, or all symbols together in time. */
export type BarOrder = 'code, bar_at' | 'bar_at, code'

/** Symbols and opening instants, in the order of the bars that they are to be found among. */
export type Keys = Pick<BarColumns, 'length' | 'symbol' | 'bar_at'>

/** Returns at which row of `bars` the bar of each key is, -1 where it is none of them; both have the same order. */
export function rowsOf(bars: Keys, keys: Keys, order: BarOrder): Int32Array {
  const isBefore = order === 'code, bar_at' ? bySymbol : byTime
  const rows = new Int32Array(keys.length).fill(-1)
  let row = 0
  for (let key = 0; key < keys.length; key++) {
    while (row < bars.length && isBefore(bars, row, keys, key)) row++
    if (row < bars.length && bars.symbol[row] === keys.symbol[key] && bars.bar_at[row] === keys.bar_at[key]) rows[key] = row
  }
  return rows
}

function bySymbol(a: Keys, i: number, b: Keys, j: number): boolean {
  return a.symbol[i] < b.symbol[j] || (a.symbol[i] === b.symbol[j] && a.bar_at[i] < b.bar_at[j])
}

function byTime(a: Keys, i: number, b: Keys, j: number): boolean {
  return a.bar_at[i] < b.bar_at[j] || (a.bar_at[i] === b.bar_at[j] && a.symbol[i] < b.symbol[j])
}
