/** Metrics of a curve of equity; NaN where a metric is not defined. Percentages are in per cent. */
export interface SeriesMetrics {
  return_pct: number
  /** Compound annual growth rate over calendar days. */
  annual_return_pct: number
  /** Standard deviation of daily returns × √252. */
  annual_volatility_pct: number
  /** Mean daily return ÷ their standard deviation × √252; no interest is taken off. */
  sharpe_ratio: number
  /** Mean daily return ÷ the root of the mean square of the negative ones × √252. */
  sortino_ratio: number
  /** Largest fall from a peak, above 0. */
  maximum_drawdown_pct: number
  /** Calendar days from the peak before that fall until the peak is reached again, or the end. */
  maximum_drawdown_days: number
}

const sessionsPerYear = 252
const daysPerYear = 365.25

/**
 * Measures equity at session closes: `dates` in days since 1970, ascending, `equity` of the same length, both after the
 * start with `capital` before the first session.
 */
export function seriesMetrics(dates: ArrayLike<number>, equity: ArrayLike<number>, capital: number): SeriesMetrics {
  const growth = equity.length === 0 ? NaN : equity[equity.length - 1] / capital
  const years = (dates[dates.length - 1] - dates[0] + 1) / daysPerYear
  const { mean, deviation, downside } = dailyReturns(equity, capital)
  const year = Math.sqrt(sessionsPerYear)
  return {
    return_pct: (growth - 1) * 100,
    annual_return_pct: equity.length < 2 ? NaN : (Math.max(0, growth) ** (1 / years) - 1) * 100,
    annual_volatility_pct: deviation * year * 100,
    sharpe_ratio: deviation > 0 ? (mean / deviation) * year : NaN,
    sortino_ratio: downside > 0 ? (mean / downside) * year : NaN,
    ...drawdown(dates, equity, capital),
  }
}

/** Why a metric of a curve is not defined, by its name. */
export function seriesReasons(metrics: SeriesMetrics): Record<string, string> {
  const explanations: Partial<Record<keyof SeriesMetrics, string>> = {
    annual_return_pct: 'fewer than two sessions',
    annual_volatility_pct: 'fewer than two sessions',
    sharpe_ratio: 'the equity does not move',
    sortino_ratio: 'no day with a loss',
  }
  const missing = Object.entries(explanations).filter(([name]) => Number.isNaN(metrics[name as keyof SeriesMetrics]))
  return Object.fromEntries(missing)
}

function dailyReturns(equity: ArrayLike<number>, capital: number) {
  const count = equity.length
  const returnOf = (i: number) => equity[i] / (i === 0 ? capital : equity[i - 1]) - 1
  let sum = 0
  let below = 0
  for (let i = 0; i < count; i++) {
    const value = returnOf(i)
    sum += value
    if (value < 0) below += value * value
  }
  const mean = sum / count
  let squares = 0
  for (let i = 0; i < count; i++) squares += (returnOf(i) - mean) ** 2
  return { mean, deviation: count < 2 ? NaN : Math.sqrt(squares / (count - 1)), downside: Math.sqrt(below / count) }
}

function drawdown(dates: ArrayLike<number>, equity: ArrayLike<number>, capital: number) {
  if (equity.length === 0) return { maximum_drawdown_pct: NaN, maximum_drawdown_days: NaN }
  let peak = capital
  let peakDate = dates[0]
  let deepest = 0
  let deepestPeak = peak
  let from = NaN
  let until = NaN
  for (let i = 0; i < equity.length; i++) {
    if (Number.isNaN(until) && equity[i] >= deepestPeak) until = dates[i]
    if (equity[i] >= peak) {
      peak = equity[i]
      peakDate = dates[i]
    }
    const fall = 1 - equity[i] / peak
    if (fall > deepest) {
      deepest = fall
      deepestPeak = peak
      from = peakDate
      until = NaN
    }
  }
  const end = Number.isNaN(until) ? dates[dates.length - 1] : until
  return { maximum_drawdown_pct: deepest * 100, maximum_drawdown_days: deepest === 0 ? 0 : end - from }
}
