import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { normalProbability, normalQuantile } from '../../src/metrics/normal.js'
import { deflatedSharpe, expectedMaximumSharpe, probabilisticSharpe } from '../../src/metrics/sharpe.js'

describe('the normal distribution', () => {
  it('agrees with published tables', () => {
    expect(normalProbability(0)).toBeCloseTo(0.5, 15)
    expect(normalProbability(1.96)).toBeCloseTo(0.9750021048517795, 14)
    expect(normalProbability(-3)).toBeCloseTo(0.0013498980316300933, 15)
    expect(normalProbability(-10) / 7.61985302416047e-24).toBeCloseTo(1, 6)
    expect(normalQuantile(0.975)).toBeCloseTo(1.959963984540054, 12)
    expect(normalQuantile(0)).toBeNaN()
  })

  it('is undone by its quantile', () => {
    fc.assert(fc.property(fc.double({ min: -5, max: 5, noNaN: true }), (x) => {
      expect(normalQuantile(normalProbability(x))).toBeCloseTo(x, 7)
    }))
  })
})

describe('the probabilistic Sharpe ratio', () => {
  it('agrees with the example of its authors: two years of monthly returns of a hedge fund', () => {
    const fund = { sharpe: 0.458, count: 24, skewness: -2.448, kurtosis: 10.164 }
    expect(probabilisticSharpe({ ...fund, skewness: 0, kurtosis: 3 })).toBeCloseTo(0.982, 3)
    expect(probabilisticSharpe(fund)).toBeCloseTo(0.913, 3)
  })
})

describe('the deflated Sharpe ratio', () => {
  // 100 trials whose annual ratios have a variance of 1/2; five years of 250 days, the best annual ratio is 2.5
  const best = { sharpe: 2.5 / Math.sqrt(250), count: 1250, skewness: -3, kurtosis: 10 }

  it('agrees with the example of its authors', () => {
    expect(expectedMaximumSharpe(100, 0.5 / 250)).toBeCloseTo(0.1132, 4)
    expect(deflatedSharpe(best, 100, 0.5 / 250)).toBeCloseTo(0.9004, 4)
  })

  it('of one trial is the probabilistic one, and falls with their number', () => {
    expect(deflatedSharpe(best, 1)).toBe(probabilisticSharpe(best))
    const ratios = [1, 2, 5, 10, 100, 10_000].map((trials) => deflatedSharpe(best, trials))
    expect(ratios).toEqual(ratios.toSorted((a, b) => b - a))
    expect(new Set(ratios).size).toBe(6)
  })
})
