import { DgasError } from '../errors.js'
import type { AxisPlace } from './bar-axis.js'
import { drawdownsPct, runningPeaks } from './drawdown.js'
import { isoDate, milliseconds, type Time } from './times.js'

/** Equity at the close of a session, of one account or summed over all. */
export interface EquityRow {
  session_date: Time
  equity: number
}

/** What the equity is compared with. */
export interface Comparison {
  name: string
  /** What the start capital would have become, row by row; null where it is not known. */
  values: readonly (number | null)[]
}

/** A point of the curve; the first, at place -1, is the start capital before the first session. */
export interface EquityPoint extends AxisPlace {
  equity: number
  /** The highest equity so far. */
  peak: number
  drawdown_pct: number
  /** The values of the comparisons, as `comparison_0`, `comparison_1`. */
  [comparison: `comparison_${number}`]: number | null
}

/** Returns the curve of a start capital and the sessions after it. Throws a `DgasError` when there is no session. */
export function equityPoints(
  capital: number,
  rows: readonly EquityRow[],
  comparisons: readonly Comparison[] = [],
): EquityPoint[] {
  if (rows.length === 0) throw new DgasError({ what: 'there is no equity to draw', expected: 'at least one session' })
  const sessions = rows.map(({ session_date }) => milliseconds(session_date))
  const curve = [capital, ...rows.map(({ equity }) => equity)]
  const [peaks, drawdowns] = [runningPeaks(curve), drawdownsPct(curve)]
  return curve.map((equity, place) => {
    const at = sessions[Math.max(0, place - 1)]
    const others = comparisons.map(({ values }, k) => [`comparison_${k}`, place === 0 ? capital : values[place - 1]])
    const point = { i: place - 1, at, session: isoDate(at), equity, peak: peaks[place], drawdown_pct: drawdowns[place] }
    return { ...point, ...(Object.fromEntries(others) as object) }
  })
}
