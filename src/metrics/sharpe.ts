import { normalProbability, normalQuantile } from './normal.js'

/** What the estimate of a Sharpe ratio says, all per period of the returns, nothing annualised. */
export interface SharpeEstimate {
  sharpe: number
  /** Number of returns. */
  count: number
  skewness: number
  /** Not the excess: 3 for a normal distribution. */
  kurtosis: number
}

/**
 * Returns the probability that the true Sharpe ratio lies above `least`: Φ((SR - SR*) √(n - 1) ÷ √(1 - γ₃ SR + (γ₄ - 1)/4 SR²)).
 * Bailey and López de Prado, "The Sharpe ratio efficient frontier", Journal of Risk 15(2), 2012.
 */
export function probabilisticSharpe({ sharpe, count, skewness, kurtosis }: SharpeEstimate, least = 0): number {
  const variance = 1 - skewness * sharpe + ((kurtosis - 1) / 4) * sharpe ** 2
  return variance > 0 ? normalProbability(((sharpe - least) * Math.sqrt(count - 1)) / Math.sqrt(variance)) : NaN
}

/**
 * Returns the highest Sharpe ratio to expect among `trials` independent strategies without any skill, whose ratios have this
 * variance: √V ((1 - γ) Φ⁻¹(1 - 1/N) + γ Φ⁻¹(1 - 1/(N e))), with γ of Euler and Mascheroni; 0 of one trial.
 * Bailey and López de Prado, "The deflated Sharpe ratio", Journal of Portfolio Management 40(5), 2014.
 */
export function expectedMaximumSharpe(trials: number, variance: number): number {
  if (trials <= 1) return 0
  const gamma = 0.5772156649015329
  const usual = normalQuantile(1 - 1 / trials)
  const rare = normalQuantile(1 - 1 / (trials * Math.E))
  return Math.sqrt(variance) * ((1 - gamma) * usual + gamma * rare)
}

/**
 * Returns the probability that the true Sharpe ratio lies above 0 although the best of `trials` strategies was chosen: the
 * probabilistic one above `expectedMaximumSharpe`. `variance` is that of the trials' ratios; the default is that of the
 * estimates of `count` returns when no trial has any skill, 1 ÷ (n - 1). Bailey and López de Prado, 2014.
 */
export function deflatedSharpe(estimate: SharpeEstimate, trials: number, variance = 1 / (estimate.count - 1)): number {
  return probabilisticSharpe(estimate, expectedMaximumSharpe(trials, variance))
}
