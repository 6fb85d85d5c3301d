import { drawdownsOf, rankedDrawdowns, ulcerIndex } from './drawdowns.js'
import { excessKurtosis, mean, momentsOf, quantile, sampleDeviation, skewness, type Moments } from './moments.js'
import { dailyReturns, periodReturns } from './returns.js'
import { deflatedSharpe, probabilisticSharpe } from './sharpe.js'

/**
 * Metrics of a curve of equity at session closes; NaN where a metric is not defined. Percentages are in per cent, `return`
 * is that of a session, a year has 252 sessions, and the riskless rate is 0.
 */
export interface SeriesMetrics {
  sessions: number
  return_pct: number
  /** Compound annual growth rate over calendar days. */
  annual_return_pct: number
  /** Standard deviation of returns, with n - 1, × √252. */
  annual_volatility_pct: number
  /** √(mean of min(return, 0)²) over all sessions × √252. Sortino and Price, "Performance measurement in a downside risk framework", 1994. */
  downside_deviation_pct: number
  /** Mean return ÷ standard deviation × √252. Sharpe, "The Sharpe ratio", 1994. */
  sharpe_ratio: number
  /** Probability, 0 to 1, that the true Sharpe ratio lies above 0: `probabilisticSharpe`. */
  probabilistic_sharpe_ratio: number
  /** The same when the best of some trials was chosen: `deflatedSharpe`. */
  deflated_sharpe_ratio: number
  /** Mean return ÷ root of the mean square of the negative ones × √252. Sortino and Price, 1994. */
  sortino_ratio: number
  /** Annual return ÷ maximum drawdown, over the whole curve. Young, "Calmar ratio: a smoother tool", 1991. */
  calmar_ratio: number
  /** Sum of the positive returns ÷ that of the negative ones. Keating and Shadwick, "A universal performance measure", 2002. */
  omega_ratio: number
  /** Largest fall from a peak, above 0. */
  maximum_drawdown_pct: number
  /** Calendar days from the peak before that fall until the peak is reached again, or the end. */
  maximum_drawdown_days: number
  /** Mean depth of all drawdowns. */
  average_drawdown_pct: number
  /** Longest drawdown in calendar days, until its recovery or the end. */
  longest_drawdown_days: number
  /** Root of the mean square of the falls below the highest equity so far: `ulcerIndex`. */
  ulcer_index_pct: number
  /** Loss of a session that is exceeded in 5 % of them: the 5 % quantile of returns × -1. Jorion, "Value at Risk", 2006. */
  value_at_risk_95_pct: number
  /** Mean loss of the sessions that lose at least that. Acerbi and Tasche, "On the coherence of expected shortfall", 2002. */
  expected_shortfall_95_pct: number
  /** Of returns, adjusted for the size of the sample: `skewness`. */
  skewness: number
  /** Of returns, 0 for a normal distribution: `excessKurtosis`. */
  excess_kurtosis: number
  /** 95 % quantile of returns ÷ 5 % quantile, both without sign. */
  tail_ratio: number
  best_day_pct: number
  worst_day_pct: number
  /** Calendar months; the first and the last may be incomplete. */
  best_month_pct: number
  worst_month_pct: number
  /** Calendar years; the first and the last may be incomplete. */
  best_year_pct: number
  worst_year_pct: number
}

/** Sessions of a year, if a close is that of a session. */
export const sessionsPerYear = 252
const daysPerYear = 365.25
/** With fewer sessions, 5 % of them are less than one. */
const leastForTails = 20

/**
 * Measures equity at session closes: `dates` in days since 1970, ascending, `equity` of the same length, both after the
 * start with `capital` before the first session. `trials` are the strategies of which this was the best; null: not known.
 * `perYear` is how many closes a year has, when they are those of longer bars: 52 of weeks.
 */
export function seriesMetrics(
  dates: ArrayLike<number>,
  equity: ArrayLike<number>,
  capital: number,
  trials: number | null = null,
  perYear = sessionsPerYear,
): SeriesMetrics {
  const returns = dailyReturns(equity, capital)
  const moments = momentsOf(returns)
  const yearRoot = Math.sqrt(perYear)
  const growth = equity.length === 0 ? NaN : equity[equity.length - 1] / capital
  const annual = equity.length < 2 ? NaN : (Math.max(0, growth) ** (1 / yearsOf(dates)) - 1) * 100
  const falls = drawdownMetrics(dates, equity, capital)
  const { maximum_drawdown_pct } = falls
  return {
    sessions: equity.length,
    ...{ return_pct: (growth - 1) * 100, annual_return_pct: annual },
    ...sharpeRatios(moments, trials, yearRoot),
    ...dayMetrics(returns, moments.mean, yearRoot),
    calmar_ratio: maximum_drawdown_pct > 0 ? annual / maximum_drawdown_pct : NaN,
    ...falls,
    ...tails(returns),
    ...{ skewness: skewness(moments), excess_kurtosis: excessKurtosis(moments) },
    ...extremes('month', periodReturns(dates, equity, capital, 'month').map(({ return_pct }) => return_pct)),
    ...extremes('year', periodReturns(dates, equity, capital, 'year').map(({ return_pct }) => return_pct)),
  }
}

/** Returns the years from the first session to the last, both included, by calendar days. */
export function yearsOf(dates: ArrayLike<number>): number {
  return (dates[dates.length - 1] - dates[0] + 1) / daysPerYear
}

function sharpeRatios(moments: Moments, trials: number | null, yearRoot: number) {
  const { count, mean, second, third, fourth } = moments
  const deviation = sampleDeviation(moments)
  const sharpe = deviation > 0 ? mean / deviation : NaN
  const estimate = { sharpe, count, skewness: third / second ** 1.5, kurtosis: fourth / second ** 2 }
  return {
    annual_volatility_pct: deviation * yearRoot * 100,
    sharpe_ratio: sharpe * yearRoot,
    probabilistic_sharpe_ratio: probabilisticSharpe(estimate),
    deflated_sharpe_ratio: trials === null ? NaN : deflatedSharpe(estimate, trials),
  }
}

function dayMetrics(returns: Float64Array, mean: number, yearRoot: number) {
  let [gains, losses, squares, best, worst] = [0, 0, 0, returns[0], returns[0]]
  for (let i = 0; i < returns.length; i++) {
    const value = returns[i]
    best = Math.max(best, value)
    worst = Math.min(worst, value)
    // NaN, which is neither, makes best and worst NaN
    if (value > 0) gains += value
    else if (value < 0) {
      losses -= value
      squares += value * value
    }
  }
  const downside = Number.isNaN(mean) ? NaN : Math.sqrt(squares / returns.length)
  return {
    ...{ downside_deviation_pct: downside * yearRoot * 100, sortino_ratio: downside > 0 ? (mean / downside) * yearRoot : NaN },
    omega_ratio: losses > 0 && !Number.isNaN(mean) ? gains / losses : NaN,
    ...{ best_day_pct: best * 100, worst_day_pct: worst * 100 },
  }
}

function drawdownMetrics(dates: ArrayLike<number>, equity: ArrayLike<number>, capital: number) {
  const falls = rankedDrawdowns(drawdownsOf(dates, equity, capital))
  const none = equity.length === 0 ? NaN : 0
  return {
    maximum_drawdown_pct: falls.at(0)?.depth_pct ?? none,
    maximum_drawdown_days: falls.at(0)?.length_days ?? none,
    average_drawdown_pct: mean(falls.map(({ depth_pct }) => depth_pct)),
    longest_drawdown_days: falls.reduce((longest, { length_days }) => Math.max(longest, length_days), none),
    ulcer_index_pct: ulcerIndex(equity, capital),
  }
}

function tails(returns: Float64Array) {
  const sorted = returns.toSorted()
  // NaN is sorted to the end
  const isKnown = sorted.length >= leastForTails && !Number.isNaN(sorted[sorted.length - 1])
  const low = isKnown ? quantile(sorted, 0.05) : NaN
  const high = isKnown ? quantile(sorted, 0.95) : NaN
  let count = 0
  while (sorted[count] <= low) count++
  return {
    value_at_risk_95_pct: -low * 100,
    expected_shortfall_95_pct: -mean(sorted.subarray(0, count)) * 100,
    tail_ratio: low === 0 ? NaN : Math.abs(high / low),
  }
}

function extremes<Period extends string>(period: Period, values: readonly number[]) {
  const isNone = values.length === 0
  const best = isNone ? NaN : Math.max(...values)
  const worst = isNone ? NaN : Math.min(...values)
  return { [`best_${period}_pct`]: best, [`worst_${period}_pct`]: worst } as
    Record<`best_${Period}_pct` | `worst_${Period}_pct`, number>
}
