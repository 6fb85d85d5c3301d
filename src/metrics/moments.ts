/** Returns the arithmetic mean; NaN of no values. */
export function mean(values: ArrayLike<number>): number {
  let sum = 0
  for (let i = 0; i < values.length; i++) sum += values[i]
  return sum / values.length
}

/** Returns the mean of the powers of the distances from the mean: the central moment of that order. */
export function centralMoment(values: ArrayLike<number>, order: number): number {
  const middle = mean(values)
  let sum = 0
  for (let i = 0; i < values.length; i++) sum += (values[i] - middle) ** order
  return sum / values.length
}

/**
 * Returns the standard deviation of a sample, with n - 1; NaN of fewer than two values, and 0 where the values differ by no
 * more than the rounding of their sums.
 */
export function sampleDeviation(values: ArrayLike<number>): number {
  const count = values.length
  const deviation = Math.sqrt((centralMoment(values, 2) * count) / (count - 1))
  return deviation < 1e-12 * Math.abs(mean(values)) ? 0 : deviation
}

/**
 * Returns the adjusted Fisher-Pearson coefficient of skewness G1, as spreadsheets compute SKEW; NaN of fewer than three
 * values and of values that do not differ. Joanes and Gill, "Comparing measures of sample skewness and kurtosis", 1998.
 */
export function skewness(values: ArrayLike<number>): number {
  const count = values.length
  if (count < 3 || sampleDeviation(values) === 0) return NaN
  const g1 = centralMoment(values, 3) / centralMoment(values, 2) ** 1.5
  return (g1 * Math.sqrt(count * (count - 1))) / (count - 2)
}

/**
 * Returns the adjusted excess kurtosis G2, 0 for a normal distribution, as spreadsheets compute KURT; NaN of fewer than four
 * values and of values that do not differ. Joanes and Gill, 1998.
 */
export function excessKurtosis(values: ArrayLike<number>): number {
  const count = values.length
  if (count < 4 || sampleDeviation(values) === 0) return NaN
  const g2 = centralMoment(values, 4) / centralMoment(values, 2) ** 2 - 3
  return ((count - 1) / ((count - 2) * (count - 3))) * ((count + 1) * g2 + 6)
}

/**
 * Returns the quantile of ascending values at `share`, 0 to 1, between two values in proportion: type 7 of Hyndman and Fan,
 * "Sample quantiles in statistical packages", 1996, as spreadsheets compute PERCENTILE. NaN of no values.
 */
export function quantile(sorted: ArrayLike<number>, share: number): number {
  if (sorted.length === 0) return NaN
  const place = (sorted.length - 1) * share
  const below = Math.floor(place)
  const above = Math.min(below + 1, sorted.length - 1)
  return sorted[below] + (place - below) * (sorted[above] - sorted[below])
}
