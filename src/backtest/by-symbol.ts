import type { NumberColumn, Order, Stretch } from '../database/columns.js'
import type { Keys } from './rows-of.js'

/**
 * The order by symbol and time. Stored bars lie in a few files that are sorted by symbol and time, and signals come symbol by symbol
 * out of a window, so that it is mostly enough to put long stretches one behind the other, at a fraction of a sort.
 */
export const bySymbol: Order = {
  by: ['symbol', 'bar_at'],
  stretches(columns) {
    const keys = columns as unknown as Keys
    return disjoint(stretchesOf(keys), keys) ?? sorted(keys)
  },
}

/** Rows of one symbol, ascending in time. */
interface SymbolStretch extends Stretch {
  symbol: number
}

function stretchesOf({ length, symbol, bar_at }: Keys): SymbolStretch[] {
  const stretches: SymbolStretch[] = []
  for (let from = 0; from < length;) {
    let to = from + 1
    while (to < length && symbol[to] === symbol[from] && bar_at[to] > bar_at[to - 1]) to++
    stretches.push({ symbol: symbol[from], from, to })
    from = to
  }
  return stretches
}

/**
 * Orders stretches by symbol and time. One that reaches into the time of the next is cut there: threads that compute a symbol
 * together leave its rows in turns. Null when the pieces are too many for it.
 */
function disjoint(stretches: SymbolStretch[], { length, bar_at }: Keys): SymbolStretch[] | null {
  const isBehind = (a: SymbolStretch, b: SymbolStretch) => a.symbol - b.symbol || bar_at[a.from] - bar_at[b.from]
  const most = length / 4 + 1
  stretches.sort(isBehind)
  for (let index = 0; index + 1 < stretches.length; index++) {
    if (stretches.length > most) return null
    const [stretch, next] = [stretches[index], stretches[index + 1]]
    if (stretch.symbol !== next.symbol || bar_at[stretch.to - 1] <= bar_at[next.from]) continue
    const rest = { ...stretch, from: firstAfter(bar_at, stretch, bar_at[next.from]) }
    stretch.to = rest.from
    let place = index + 2
    while (place < stretches.length && isBehind(stretches[place], rest) < 0) place++
    stretches.splice(place, 0, rest)
  }
  return stretches.length > most ? null : stretches
}

/** Returns the first row of a stretch that is later than `time`. */
function firstAfter(bar_at: NumberColumn, { from, to }: Stretch, time: number): number {
  let [low, high] = [from, to]
  while (low < high) {
    const middle = (low + high) >> 1
    if (bar_at[middle] > time) high = middle
    else low = middle + 1
  }
  return low
}

/** Every row by itself. */
function sorted({ length, symbol, bar_at }: Keys): Stretch[] {
  const order = Uint32Array.from({ length }, (_, row) => row)
  order.sort((a, b) => symbol[a] - symbol[b] || bar_at[a] - bar_at[b])
  return Array.from(order, (row) => ({ from: row, to: row + 1 }))
}
