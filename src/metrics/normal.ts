/**
 * Returns the probability that a standard normal variable lies below `x`, to 15 decimals. Hart, "Computer
 * Approximations", 1968, algorithm 5666, as printed by West, "Better approximations to cumulative normal functions", 2005.
 */
export function normalProbability(x: number): number {
  const tail = upperTail(Math.abs(x))
  return x > 0 ? 1 - tail : tail
}

/** Returns the `x` below which a standard normal variable lies with `probability`, 0 to 1 exclusive, by bisection. */
export function normalQuantile(probability: number): number {
  if (!(probability > 0 && probability < 1)) return NaN
  let [low, high] = [-40, 40]
  for (let step = 0; step < 64; step++) {
    const middle = (low + high) / 2
    if (normalProbability(middle) < probability) low = middle
    else high = middle
  }
  return (low + high) / 2
}

const numerator = [
  ...[3.52624965998911e-2, 0.700383064443688, 6.37396220353165, 33.912866078383],
  ...[112.079291497871, 221.213596169931, 220.206867912376],
]
const denominator = [
  ...[8.83883476483184e-2, 1.75566716318264, 16.064177579207, 86.7807322029461],
  ...[296.564248779674, 637.333633378831, 793.826512519948, 440.413735824752],
]

function upperTail(x: number): number {
  const density = Math.exp((-x * x) / 2)
  if (x < 7.07106781186547) return (density * polynomial(numerator, x)) / polynomial(denominator, x)
  const fraction = x + 1 / (x + 2 / (x + 3 / (x + 4 / (x + 0.65))))
  return density / fraction / Math.sqrt(2 * Math.PI)
}

/** Coefficients from the highest power down. */
function polynomial(coefficients: readonly number[], x: number): number {
  return coefficients.reduce((sum, coefficient) => sum * x + coefficient, 0)
}
