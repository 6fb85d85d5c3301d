/** The deepest fall of a curve below its running peak; places count the points of the curve. */
export interface DeepestDrawdown {
  /** Percentage of the peak, below 0. */
  pct: number
  peak: number
  trough: number
  /** The first point after the trough that reaches the peak again; null when there is none. */
  recovery: number | null
}

/** Returns for each point of a curve its running peak: the highest value so far. */
export function runningPeaks(values: readonly number[]): number[] {
  let peak = -Infinity
  return values.map((value) => (peak = Math.max(peak, value)))
}

/** Returns for each point of a curve how far it lies below its running peak: a percentage of the peak, at most 0. */
export function drawdownsPct(values: readonly number[]): number[] {
  const peaks = runningPeaks(values)
  return values.map((value, at) => (value === peaks[at] ? 0 : (value / peaks[at] - 1) * 100))
}

/** Returns the deepest drawdown of a curve, the first of equal ones, or null when the curve never falls. */
export function deepestDrawdown(values: readonly number[]): DeepestDrawdown | null {
  const drawdowns = drawdownsPct(values)
  const trough = drawdowns.reduce((deepest, pct, at) => (pct < drawdowns[deepest] ? at : deepest), 0)
  if (values.length === 0 || drawdowns[trough] === 0) return null
  const top = Math.max(...values.slice(0, trough))
  const recovery = values.findIndex((value, at) => at > trough && value >= top)
  return {
    pct: drawdowns[trough],
    peak: values.lastIndexOf(top, trough),
    trough,
    recovery: recovery === -1 ? null : recovery,
  }
}
