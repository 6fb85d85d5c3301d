import type { BarColumns } from '../rows.js'
import type { Curve } from './comparison.js'

/** The value of all symbols of a run, bought and held, built from the bars that go by. */
export interface Holding {
  /** Takes more bars, in the order in which they are simulated. */
  add: (bars: BarColumns) => void
  /** Returns the value at session closes; it starts with 1 for each symbol. */
  curve: () => Curve
}

/**
 * Starts to hold `symbols` symbols: each is bought for 1 at the open of its first bar, without costs, and held; what was not
 * yet spent is kept as cash, and so are dividends where bars tell of them.
 */
export function buyAndHold(symbols: number): Holding {
  const bought = new Float64Array(symbols).fill(NaN)
  const dividends = new Float64Array(symbols)
  const latest = new Float64Array(symbols).fill(1)
  const changes = new Map<number, number>()
  // the change of one session is summed here until another session comes, whatever the parts in which the bars come
  let session = NaN
  let change = 0
  const turnPage = (next: number) => {
    if (!Number.isNaN(session)) changes.set(session, (changes.get(session) ?? 0) + change)
    session = next
    change = 0
  }
  return {
    add({ length, symbol, session_date, open, close, actions }) {
      for (let row = 0; row < length; row++) {
        const at = symbol[row]
        if (session_date[row] !== session) turnPage(session_date[row])
        if (Number.isNaN(bought[at])) bought[at] = open[row]
        else if (actions !== undefined) {
          dividends[at] += actions.dividend[row] / bought[at]
          bought[at] /= actions.split[row]
        }
        const value = close[row] / bought[at] + dividends[at]
        change += value - latest[at]
        latest[at] = value
      }
    },
    curve() {
      turnPage(NaN)
      const dates = Float64Array.from(changes.keys()).sort()
      let total = symbols
      return { start: symbols, dates, values: dates.map((date) => (total += changes.get(date)!)) }
    },
  }
}
