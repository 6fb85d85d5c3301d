import { DgasError } from '../errors.js'
import type { AxisPlace } from './bar-axis.js'
import { drawdownsPct, runningPeaks } from './drawdown.js'
import { isoDate, milliseconds, type Time } from './times.js'

/** Equity at the close of a session, of one account or summed over all. */
export interface EquityRow {
  session_date: Time
  equity: number
}

/** A point of the curve; the first, at place -1, is the start capital before the first session. */
export interface EquityPoint extends AxisPlace {
  equity: number
  /** The highest equity so far. */
  peak: number
  drawdown_pct: number
}

/** Returns the curve of a start capital and the sessions after it. Throws a `DgasError` when there is no session. */
export function equityPoints(capital: number, rows: readonly EquityRow[]): EquityPoint[] {
  if (rows.length === 0) throw new DgasError({ what: 'there is no equity to draw', expected: 'at least one session' })
  const sessions = rows.map(({ session_date }) => milliseconds(session_date))
  const curve = [capital, ...rows.map(({ equity }) => equity)]
  const [peaks, drawdowns] = [runningPeaks(curve), drawdownsPct(curve)]
  return curve.map((equity, place) => {
    const at = sessions[Math.max(0, place - 1)]
    return { i: place - 1, at, session: isoDate(at), equity, peak: peaks[place], drawdown_pct: drawdowns[place] }
  })
}
