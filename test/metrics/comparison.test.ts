import fc from 'fast-check'
import * as statistics from 'simple-statistics'
import { describe, expect, it } from 'vitest'
import { comparison, comparisonReasons, type Curve } from '../../src/metrics/comparison.js'

/** A curve of returns from 100 on, a session each day. */
function curveOf(returns: readonly number[], start = 100): Curve {
  let level = start
  return { start, dates: returns.map((_, day) => day), values: returns.map((value) => (level *= 1 + value)) }
}

describe('a comparison with a benchmark', () => {
  // the benchmark: +2 %, -1 %, +1 %, -2 %; our returns: +3 %, -2 %, +2 %, -1 %
  const theirs = [0.02, -0.01, 0.01, -0.02]
  const ours = [0.03, -0.02, 0.02, -0.01]
  const metrics = comparison(curveOf(ours), curveOf(theirs, 7))

  it('agrees with a calculation by hand', () => {
    // means 0.005 and 0; covariance (6 + 2 + 2 + 2)/3 and variance 10/3 in units of 0.0001
    expect(metrics.common_closes).toBe(5)
    expect(metrics.return_pct).toBeCloseTo((1.02 * 0.99 * 1.01 * 0.98 - 1) * 100, 9)
    expect(metrics.beta).toBeCloseTo(1.2, 9)
    expect(metrics.alpha_pct).toBeCloseTo(0.005 * 252 * 100, 7)
    expect(metrics.correlation).toBeCloseTo(12 / Math.sqrt(10 * 17), 9)
    // differences 1, -1, 1, 1 %: mean 0.5 %, deviation 1 %
    expect(metrics.tracking_error_pct).toBeCloseTo(Math.sqrt(252), 9)
    expect(metrics.information_ratio).toBeCloseTo(0.5 * Math.sqrt(252), 9)
    expect(metrics.up_capture_pct).toBeCloseTo((0.025 / 0.015) * 100, 9)
    expect(metrics.down_capture_pct).toBeCloseTo((-0.015 / -0.015) * 100, 9)
  })

  it('counts the closes of a year as they are', () => {
    const weeks = comparison(curveOf(ours), curveOf(theirs, 7), 52)
    expect(weeks.alpha_pct).toBeCloseTo(0.005 * 52 * 100, 7)
    expect(weeks.beta).toBe(metrics.beta)
  })

  it('agrees with simple-statistics', () => {
    const returns = fc.array(fc.tuple(fc.integer({ min: -9, max: 9 }), fc.integer({ min: -9, max: 9 })), { minLength: 3, maxLength: 30 })
    fc.assert(fc.property(returns, (pairs) => {
      const [one, other] = [pairs.map(([a]) => a / 100), pairs.map(([, b]) => b / 100)]
      fc.pre(new Set(one).size > 1 && new Set(other).size > 1)
      const made = comparison(curveOf(one), curveOf(other))
      expect(made.correlation).toBeCloseTo(statistics.sampleCorrelation(one, other), 7)
      expect(made.beta).toBeCloseTo(statistics.linearRegression(other.map((x, i) => [x, one[i]])).m, 7)
    }))
  })

  it('takes only the closes that both have', () => {
    const own = { start: 100, dates: [1, 2, 3, 5], values: [101, 102, 104, 106] }
    const late = { start: NaN, dates: [2, 4, 5, 6], values: [10, 11, 12, 13] }
    const made = comparison(own, late)
    expect(made.common_closes).toBe(2)
    expect(made.return_pct).toBeCloseTo(20, 9)
    expect(made.up_capture_pct).toBeCloseTo(((106 / 102 - 1) / 0.2) * 100, 9)
  })

  it('is missing with a reason where it is not defined', () => {
    const reasonsOf = (own: readonly number[], other: readonly number[]) => comparisonReasons(comparison(curveOf(own), curveOf(other)))
    expect(comparisonReasons(metrics)).toEqual({})
    expect(new Set(Object.values(reasonsOf([], [])))).toEqual(new Set(['no two closes in common']))
    expect(reasonsOf([0.1], [0.1])).toMatchObject({ beta: 'fewer than three closes in common', down_capture_pct: 'the benchmark lost on no day' })
    expect(reasonsOf([0.1, 0.2, 0], [0, 0, 0])).toMatchObject({ beta: 'the benchmark does not move', up_capture_pct: 'the benchmark gained on no day' })
    expect(reasonsOf([0, 0, 0], [0.1, -0.1, 0])).toEqual({ correlation: 'the equity does not move' })
    expect(reasonsOf(ours, ours)).toEqual({ information_ratio: 'the returns always differ by the same' })
    expect(reasonsOf([-1, 0, 0], [0.1, 0.2, 0])).toMatchObject({ beta: 'the equity fell to zero or below' })
  })

  it('with itself has beta 1, correlation 1, no alpha and captures everything', () => {
    fc.assert(fc.property(fc.array(fc.integer({ min: -9, max: 9 }), { minLength: 3, maxLength: 30 }), (list) => {
      const curve = curveOf(list.map((value) => value / 100))
      const made = comparison(curve, curve)
      fc.pre(!Number.isNaN(made.beta))
      expect(made.beta).toBeCloseTo(1, 9)
      expect(made.correlation).toBeCloseTo(1, 9)
      expect(made.alpha_pct).toBeCloseTo(0, 9)
      for (const capture of [made.up_capture_pct, made.down_capture_pct]) if (!Number.isNaN(capture)) expect(capture).toBeCloseTo(100, 9)
    }))
  })
})
