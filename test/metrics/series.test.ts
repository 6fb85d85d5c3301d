import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { seriesMetrics } from '../../src/metrics/series.js'
import { seriesReasons } from '../../src/metrics/series-reasons.js'

describe('metrics of a curve', () => {
  // 100 → 110 → 99 → 99 → 121: +10 %, -10 %, 0, +22.22 %
  const metrics = seriesMetrics([0, 1, 4, 5], [110, 99, 99, 121], 100)
  const returns = [0.1, -0.1, 0, 121 / 99 - 1]
  const mean = (0.1 - 0.1 + 121 / 99 - 1) / 4

  it('agree with a calculation by hand', () => {
    const deviation = Math.sqrt(returns.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 3)
    expect(metrics.return_pct).toBeCloseTo(21, 9)
    expect(metrics.annual_return_pct).toBeCloseTo((1.21 ** (365.25 / 6) - 1) * 100, 3)
    expect(metrics.annual_volatility_pct).toBeCloseTo(deviation * Math.sqrt(252) * 100, 9)
    expect(metrics.sharpe_ratio).toBeCloseTo((mean / deviation) * Math.sqrt(252), 9)
    expect(metrics.sortino_ratio).toBeCloseTo((mean / Math.sqrt(0.01 / 4)) * Math.sqrt(252), 9)
  })

  it('measure the deepest drawdown from its peak to its recovery', () => {
    expect(metrics.maximum_drawdown_pct).toBeCloseTo(10, 9)
    expect(metrics.maximum_drawdown_days).toBe(5)
    expect(seriesMetrics([0, 1, 2, 9], [90, 100, 50, 60], 100)).toMatchObject({
      ...{ maximum_drawdown_pct: 50, maximum_drawdown_days: 8 },
    })
  })

  it('count a loss from the start capital as a drawdown', () => {
    expect(seriesMetrics([3, 4], [90, 95], 100).maximum_drawdown_pct).toBeCloseTo(10, 9)
  })

  it('measure losses: below 0, in the tail, under the peak', () => {
    expect(metrics.downside_deviation_pct).toBeCloseTo(Math.sqrt(0.01 / 4) * Math.sqrt(252) * 100, 9)
    expect(metrics.omega_ratio).toBeCloseTo((0.1 + 121 / 99 - 1) / 0.1, 9)
    expect(metrics.calmar_ratio).toBeCloseTo(metrics.annual_return_pct / 10, 6)
    expect(metrics.ulcer_index_pct).toBeCloseTo(Math.sqrt((0 + 100 + 100 + 0) / 4), 9)
    expect(metrics).toMatchObject({ longest_drawdown_days: 5 })
    expect(metrics.average_drawdown_pct).toBeCloseTo(10, 9)
  })

  it('count the closes of a year as they are', () => {
    const weeks = seriesMetrics([0, 1, 4, 5], [110, 99, 99, 121], 100, null, 52)
    expect(weeks.sharpe_ratio).toBeCloseTo(metrics.sharpe_ratio * Math.sqrt(52 / 252), 9)
    expect(weeks.sortino_ratio).toBeCloseTo(metrics.sortino_ratio * Math.sqrt(52 / 252), 9)
  })

  it('find the best and the worst day, month and year', () => {
    // 2025-12-30, 2025-12-31, 2026-01-02, 2026-02-02
    const days = seriesMetrics([20452, 20453, 20455, 20486], [110, 99, 108.9, 98.01], 100)
    expect(days.best_day_pct).toBeCloseTo(10, 9)
    expect(days.worst_day_pct).toBeCloseTo(-10, 9)
    expect(days.best_month_pct).toBeCloseTo(10, 9)
    expect(days.worst_month_pct).toBeCloseTo(-10, 9)
    expect(days.best_year_pct).toBeCloseTo(-1, 9)
    expect(days.worst_year_pct).toBeCloseTo(-1, 9)
  })

  it('measure the tails of returns of 21 sessions', () => {
    // returns -10 %, -9 %, … +10 % in a mixed order; the quantiles at 5 % and 95 % are the second and the last but one
    const returns = Array.from({ length: 21 }, (_, i) => (((i * 8) % 21) - 10) / 100)
    let level = 100
    const curve = returns.map((value) => (level *= 1 + value))
    const tails = seriesMetrics(curve.map((_, i) => i), curve, 100)
    expect(tails.value_at_risk_95_pct).toBeCloseTo(9, 9)
    expect(tails.expected_shortfall_95_pct).toBeCloseTo(9.5, 9)
    expect(tails.tail_ratio).toBeCloseTo(1, 9)
    expect(tails.skewness).toBeCloseTo(0, 9)
  })

  it('are missing with a reason where they are not defined', () => {
    const still = seriesMetrics([0, 1], [100, 100], 100)
    expect(still).toMatchObject({ return_pct: 0, sharpe_ratio: NaN, sortino_ratio: NaN, maximum_drawdown_days: 0 })
    expect(seriesReasons(still)).toMatchObject({
      ...{ sharpe_ratio: 'the equity does not move', probabilistic_sharpe_ratio: 'the equity does not move' },
      ...{ deflated_sharpe_ratio: 'the equity does not move', sortino_ratio: 'no day with a loss' },
      ...{ calmar_ratio: 'no drawdown', average_drawdown_pct: 'no drawdown', omega_ratio: 'no day with a loss' },
      ...{ value_at_risk_95_pct: 'fewer than 20 sessions', skewness: 'fewer than three sessions' },
    })
    expect(seriesReasons(seriesMetrics([0], [99], 100))).toMatchObject({ annual_return_pct: 'fewer than two sessions' })
    expect(new Set(Object.values(seriesReasons(seriesMetrics([], [], 100))))).toEqual(new Set(['no session']))
    const ruined = seriesReasons(seriesMetrics([0, 1, 2], [50, -10, 20], 100))
    expect(ruined.sharpe_ratio).toBe('the equity fell to zero or below')
    expect(Object.keys(seriesReasons(metrics))).toEqual([
      'deflated_sharpe_ratio', 'value_at_risk_95_pct', 'expected_shortfall_95_pct', 'tail_ratio',
    ])
  })

  it('have a reason exactly where they are missing', () => {
    const curve = fc.array(fc.integer({ min: -1, max: 6 }), { maxLength: 25 })
    fc.assert(fc.property(curve, (values) => {
      const made = seriesMetrics(values.map((_, i) => i), values, 3)
      const missing = Object.keys(made).filter((name) => !Number.isFinite(made[name as 'sharpe_ratio']))
      expect(Object.keys(seriesReasons(made))).toEqual(missing)
    }), { numRuns: 1000 })
  })
})

describe('properties of metrics of a curve', () => {
  const curve = fc.array(fc.double({ min: 10, max: 1000, noNaN: true }), { minLength: 2, maxLength: 60 })

  it('do not change when capital and equity grow alike', () => {
    fc.assert(fc.property(curve, fc.constantFrom(0.5, 4, 1024), (values, factor) => {
      const dates = values.map((_, i) => i)
      expect(seriesMetrics(dates, values.map((value) => value * factor), 100 * factor)).toEqual(seriesMetrics(dates, values, 100))
    }))
  })

  it('lie where they must', () => {
    fc.assert(fc.property(curve, (values) => {
      const made = seriesMetrics(values.map((_, i) => i), values, 100)
      const slack = 1e-9
      expect(made.worst_day_pct).toBeLessThanOrEqual(made.best_day_pct)
      if (values.length >= 20) expect(made.expected_shortfall_95_pct).toBeGreaterThanOrEqual(made.value_at_risk_95_pct - slack)
      expect(made.ulcer_index_pct).toBeLessThanOrEqual(made.maximum_drawdown_pct + slack)
      if (made.maximum_drawdown_pct > 0) expect(made.average_drawdown_pct).toBeLessThanOrEqual(made.maximum_drawdown_pct + slack)
      expect(made.longest_drawdown_days).toBeGreaterThanOrEqual(made.maximum_drawdown_days)
    }))
  })
})
