/** Moments of a sample. */
export interface Moments {
  count: number
  /** Arithmetic mean; NaN of no values. */
  mean: number
  /** Means of the squares, cubes and fourth powers of the distances from the mean. */
  second: number
  third: number
  fourth: number
}

/** Returns the moments of values. */
export function momentsOf(values: ArrayLike<number>): Moments {
  const count = values.length
  const middle = mean(values)
  let [squares, cubes, fourths] = [0, 0, 0]
  for (let i = 0; i < count; i++) {
    const distance = values[i] - middle
    const square = distance * distance
    squares += square
    cubes += square * distance
    fourths += square * square
  }
  return { count, mean: middle, second: squares / count, third: cubes / count, fourth: fourths / count }
}

/** Returns the arithmetic mean; NaN of no values. */
export function mean(values: ArrayLike<number>): number {
  let sum = 0
  for (let i = 0; i < values.length; i++) sum += values[i]
  return sum / values.length
}

/**
 * Returns the standard deviation of a sample, with n - 1; NaN of fewer than two values, and 0 where the values differ by no
 * more than the rounding of their sums.
 */
export function sampleDeviation({ count, mean, second }: Moments): number {
  const deviation = Math.sqrt((second * count) / (count - 1))
  return deviation < 1e-12 * Math.abs(mean) ? 0 : deviation
}

/**
 * Returns the adjusted Fisher-Pearson coefficient of skewness G1, as spreadsheets compute SKEW; NaN of fewer than three
 * values and of values that do not differ. Joanes and Gill, "Comparing measures of sample skewness and kurtosis", 1998.
 */
export function skewness(moments: Moments): number {
  const { count, second, third } = moments
  if (count < 3 || sampleDeviation(moments) === 0) return NaN
  return ((third / second ** 1.5) * Math.sqrt(count * (count - 1))) / (count - 2)
}

/**
 * Returns the adjusted excess kurtosis G2, 0 for a normal distribution, as spreadsheets compute KURT; NaN of fewer than four
 * values and of values that do not differ. Joanes and Gill, 1998.
 */
export function excessKurtosis(moments: Moments): number {
  const { count, second, fourth } = moments
  if (count < 4 || sampleDeviation(moments) === 0) return NaN
  return ((count - 1) / ((count - 2) * (count - 3))) * ((count + 1) * (fourth / second ** 2 - 3) + 6)
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
