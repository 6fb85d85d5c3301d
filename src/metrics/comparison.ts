import { mean, momentsOf, sampleDeviation } from './moments.js'
import { sessionsPerYear } from './series.js'

/** A curve: dates in days since 1970, ascending, and as many values. */
export interface Curve {
  /** The value before the first session of the run; NaN: not known. */
  start: number
  dates: ArrayLike<number>
  values: ArrayLike<number>
}

/** How returns went with those of a benchmark; NaN where a metric is not defined. The riskless rate is 0. */
export interface ComparisonMetrics {
  /** Closes that both curves have, the value before the first session among them. */
  common_closes: number
  /** Return of the benchmark over the sessions that both have. */
  return_pct: number
  /** Mean return - beta × mean return of the benchmark, × 252. Jensen, "The performance of mutual funds", 1968. */
  alpha_pct: number
  /** Covariance with the benchmark ÷ its variance. Sharpe, "Capital asset prices", 1964. */
  beta: number
  /** Pearson's. */
  correlation: number
  /** Standard deviation of the difference of returns, × √252. */
  tracking_error_pct: number
  /** Mean difference of returns ÷ its standard deviation × √252. Goodwin, "The information ratio", 1998. */
  information_ratio: number
  /**
   * Mean return on the days on which the benchmark gained ÷ its own mean on these; the same where it lost. Bacon, "Practical
   * Portfolio Performance Measurement and Attribution", 2008.
   */
  up_capture_pct: number
  down_capture_pct: number
}

/**
 * Compares the returns of two curves between the closes that both have, from their starts if both have one; a year has
 * `perYear` closes.
 */
export function comparison(own: Curve, benchmark: Curve, perYear = sessionsPerYear): ComparisonMetrics {
  const { closes, ours, theirs } = commonReturns(own, benchmark)
  const [ourMean, theirMean] = [mean(ours), mean(theirs)]
  const [ourDeviation, theirDeviation] = [deviationOf(ours), deviationOf(theirs)]
  const covariance = mean(ours.map((value, i) => (value - ourMean) * (theirs[i] - theirMean))) * (ours.length / (ours.length - 1))
  const beta = theirDeviation > 0 ? covariance / theirDeviation ** 2 : NaN
  const differences = ours.map((value, i) => value - theirs[i])
  const error = deviationOf(differences)
  return {
    common_closes: closes,
    return_pct: ours.length === 0 ? NaN : (theirs.reduce((growth, value) => growth * (1 + value), 1) - 1) * 100,
    alpha_pct: (ourMean - beta * theirMean) * perYear * 100,
    beta,
    correlation: ourDeviation > 0 && theirDeviation > 0 ? covariance / ourDeviation / theirDeviation : NaN,
    tracking_error_pct: error * Math.sqrt(perYear) * 100,
    information_ratio: error > 0 ? (mean(differences) / error) * Math.sqrt(perYear) : NaN,
    up_capture_pct: capture(ours, theirs, (value) => value > 0),
    down_capture_pct: capture(ours, theirs, (value) => value < 0),
  }
}

function deviationOf(values: readonly number[]): number {
  return sampleDeviation(momentsOf(values))
}

function capture(ours: readonly number[], theirs: readonly number[], counts: (value: number) => boolean): number {
  const days = theirs.filter(counts)
  return (mean(ours.filter((_, i) => counts(theirs[i]))) / mean(days)) * 100
}

/** The returns of both curves from each close that both have to the next one. */
function commonReturns(own: Curve, benchmark: Curve) {
  const theirAt = new Map(Array.from(benchmark.dates, (date, at) => [date, benchmark.values[at]]))
  const starts: [number, number][] = Number.isNaN(own.start + benchmark.start) ? [] : [[own.start, benchmark.start]]
  const closes = Array.from(own.dates, (date, at): [number, number] => [own.values[at], theirAt.get(date) ?? NaN])
  const pairs = [...starts, ...closes.filter(([, their]) => !Number.isNaN(their))]
  const returns = (side: 0 | 1) => pairs.slice(1).map((pair, i) => (pairs[i][side] > 0 ? pair[side] / pairs[i][side] - 1 : NaN))
  return { closes: pairs.length, ours: returns(0), theirs: returns(1) }
}

/** Returns why metrics of a comparison are not defined, by their names. */
export function comparisonReasons(metrics: ComparisonMetrics): Record<string, string> {
  const missing = Object.entries<number>({ ...metrics }).filter(([, value]) => Number.isNaN(value))
  return Object.fromEntries(missing.map(([name]) => [name, reasonOf(name as keyof ComparisonMetrics, metrics)]))
}

function reasonOf(name: keyof ComparisonMetrics, { common_closes, tracking_error_pct, beta }: ComparisonMetrics): string {
  const isFew = common_closes < 3
  if (common_closes < 2) return 'no two closes in common'
  if (!isFew && Number.isNaN(tracking_error_pct)) return 'the equity fell to zero or below'
  if (name === 'up_capture_pct') return 'the benchmark gained on no day'
  if (name === 'down_capture_pct') return 'the benchmark lost on no day'
  if (isFew) return 'fewer than three closes in common'
  if (name === 'information_ratio') return 'the returns always differ by the same'
  return Number.isNaN(beta) ? 'the benchmark does not move' : 'the equity does not move'
}
