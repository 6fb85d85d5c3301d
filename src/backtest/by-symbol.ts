import type { NumberColumn } from '../database/columns.js'
import type { Keys } from './rows-of.js'

/** Rows `from` to `to` (exclusive) of one symbol, ascending in time. */
interface Stretch {
  symbol: number
  from: number
  to: number
}

/**
 * Returns columns ordered by symbol and time. Stored bars lie in a few files that are sorted by symbol and time, and signals come
 * symbol by symbol out of a window, so that it is mostly enough to put long stretches one behind the other, at a fraction of a
 * sort.
 */
export function orderedBySymbol<Rows extends Keys>(rows: Rows): Rows {
  const { length, ...columns } = rows
  const stretches = disjoint(stretchesOf(rows), rows)
  const arranged = stretches === null ? bySorting(rows) : <Values extends NumberColumn>(values: Values) => rearranged(values, stretches)
  const ordered = Object.entries(columns as unknown as Record<string, NumberColumn>).map(([name, values]) => [name, arranged(values)])
  return { length, ...Object.fromEntries(ordered) } as Rows
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

/**
 * Orders stretches by symbol and time. One that reaches into the time of the next is cut there: threads that compute a symbol
 * together leave its rows in turns. Null when the pieces are too many for it.
 */
function disjoint(stretches: Stretch[], { length, bar_at }: Keys): Stretch[] | null {
  const isBehind = (a: Stretch, b: Stretch) => a.symbol - b.symbol || bar_at[a.from] - bar_at[b.from]
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

function rearranged<Values extends NumberColumn>(values: Values, stretches: readonly Stretch[]): Values {
  const result = new (values.constructor as new (length: number) => Values)(values.length)
  let at = 0
  for (const { from, to } of stretches) {
    result.set(values.subarray(from, to), at)
    at += to - from
  }
  return result
}

function bySorting({ length, symbol, bar_at }: Keys): <Values extends NumberColumn>(values: Values) => Values {
  const order = Uint32Array.from({ length }, (_, row) => row)
  order.sort((a, b) => symbol[a] - symbol[b] || bar_at[a] - bar_at[b])
  return (values) => values.map((_, row) => values[order[row]]) as typeof values
}
