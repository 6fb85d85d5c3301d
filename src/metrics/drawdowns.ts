/** A fall of a curve below its highest value so far, until that is reached again. Dates are days since 1970. */
export interface Drawdown {
  /** The last session at the peak; the first session when the curve falls from its start capital. */
  start: number
  /** The session of the lowest equity, the first of equal ones. */
  bottom: number
  /** The first session at the peak again or above; NaN: not reached. */
  recovery: number
  /** Fall from the peak to the bottom in per cent of the peak, above 0. */
  depth_pct: number
  /** Calendar days from start to recovery, or to the last session. */
  length_days: number
}

/** Returns all drawdowns of a curve that starts with `capital`, in the order of time; they do not overlap. */
export function drawdownsOf(dates: ArrayLike<number>, equity: ArrayLike<number>, capital: number): Drawdown[] {
  const found: Drawdown[] = []
  let peak = capital
  let peakDate = dates[0]
  let open: Drawdown | null = null
  for (let i = 0; i < equity.length; i++) {
    if (equity[i] >= peak) {
      if (open !== null) found.push({ ...open, recovery: dates[i], length_days: dates[i] - open.start })
      open = null
      peak = equity[i]
      peakDate = dates[i]
      continue
    }
    const depth_pct = (1 - equity[i] / peak) * 100
    if (open === null || depth_pct > open.depth_pct) {
      open = { start: peakDate, bottom: dates[i], recovery: NaN, depth_pct, length_days: NaN }
    }
  }
  if (open !== null) found.push({ ...open, length_days: dates[dates.length - 1] - open.start })
  return found
}

/** Returns drawdowns by their depth, deepest first; of equal ones the earlier. */
export function rankedDrawdowns(drawdowns: readonly Drawdown[]): Drawdown[] {
  return drawdowns.toSorted((a, b) => b.depth_pct - a.depth_pct || a.start - b.start)
}

/**
 * Returns the ulcer index in per cent: the root of the mean square of the falls from the highest value so far, over all
 * sessions; NaN without a session. Martin and McCann, "The Investor's Guide to Fidelity Funds", 1989.
 */
export function ulcerIndex(equity: ArrayLike<number>, capital: number): number {
  let peak = capital
  let squares = 0
  for (let i = 0; i < equity.length; i++) {
    peak = Math.max(peak, equity[i])
    squares += ((1 - equity[i] / peak) * 100) ** 2
  }
  return Math.sqrt(squares / equity.length)
}
