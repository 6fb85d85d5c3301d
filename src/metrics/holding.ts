import type { BarColumns } from '../rows.js'
import type { Curve } from './comparison.js'

/**
 * By how much the value of symbols, bought and held, changed in each session: days since 1970, and for each of them whole
 * units and 2⁻³⁶ parts of one. All are whole numbers, whose sum is the same in whatever order they are added. NaN where a
 * value is not finite.
 */
export interface HeldChanges {
  dates: number[]
  wholes: number[]
  parts: number[]
}

/** The value of symbols, bought and held, built from the bars that go by. */
export interface Holding {
  /** Takes more bars, in the order in which they are simulated. */
  add: (bars: BarColumns) => void
  /** Adds changes that were computed elsewhere, of other symbols. */
  addChanges: (changes: HeldChanges) => void
  /** Returns the changes so far. */
  changes: () => HeldChanges
  /** Returns the value of `symbols` symbols at session closes; it starts with 1 for each. */
  curve: (symbols: number) => Curve
}

/** Enough for nine digits behind the point, and for the sum of a hundred thousand symbols. */
const partsOfOne = 2 ** 36

/**
 * Starts to hold symbols with codes below `symbols`: each is bought for 1 at the open of its first bar, without costs, and
 * held; what was not yet spent is kept as cash, and so are dividends where bars tell of them.
 */
export function buyAndHold(symbols: number): Holding {
  const bought = new Float64Array(symbols).fill(NaN)
  const dividends = new Float64Array(symbols)
  const wholes = new Float64Array(symbols).fill(1)
  const parts = new Float64Array(symbols)
  const sessions = changesBySession()
  return {
    add({ length, symbol, session_date, open, close, actions }) {
      for (let row = 0; row < length; row++) {
        const at = symbol[row]
        if (Number.isNaN(bought[at])) bought[at] = open[row]
        else if (actions !== undefined) {
          dividends[at] += actions.dividend[row] / bought[at]
          bought[at] /= actions.split[row]
        }
        // only the last value of a session counts
        if (row + 1 < length && symbol[row + 1] === at && session_date[row + 1] === session_date[row]) continue
        const value = close[row] / bought[at] + dividends[at]
        const whole = Number.isFinite(value) ? Math.floor(value) : NaN
        const part = Math.round((value - whole) * partsOfOne)
        sessions.add(session_date[row], whole - wholes[at], part - parts[at])
        wholes[at] = whole
        parts[at] = part
      }
    },
    addChanges: (changes) => changes.dates.forEach((date, i) => sessions.add(date, changes.wholes[i], changes.parts[i])),
    changes: sessions.changes,
    curve: (count) => curveOf(sessions.changes(), count),
  }
}

function changesBySession() {
  const places = new Map<number, number>()
  const changes: HeldChanges = { dates: [], wholes: [], parts: [] }
  return {
    add(date: number, whole: number, part: number) {
      const place = places.get(date) ?? changes.dates.length
      if (place === changes.dates.length) {
        places.set(date, place)
        changes.dates.push(date)
        changes.wholes.push(0)
        changes.parts.push(0)
      }
      changes.wholes[place] += whole
      changes.parts[place] += part
    },
    changes: () => changes,
  }
}

function curveOf({ dates, wholes, parts }: HeldChanges, start: number): Curve {
  const order = Array.from(dates.keys()).sort((a, b) => dates[a] - dates[b])
  let [whole, part] = [start, 0]
  const values = order.map((place) => {
    whole += wholes[place]
    part += parts[place]
    return whole + part / partsOfOne
  })
  return { start, dates: Float64Array.from(order, (place) => dates[place]), values: Float64Array.from(values) }
}
