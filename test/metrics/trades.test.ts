import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addTrades } from '../../src/metrics/add-trades.js'
import { noTrades, sumOf, tradeMetrics, tradeReasons, type TradeSums } from '../../src/metrics/trades.js'
import { tradesOf } from './rows.js'

type Row = Parameters<typeof tradesOf>[0][number]

function sumsOf(rows: readonly Row[]): TradeSums {
  const sums = { ...noTrades }
  const trades = tradesOf(rows)
  addTrades(sums, trades, 0, rows.length)
  return sums
}

const profits = (values: readonly number[]) => values.map((net_profit, entry_at) => ({ net_profit, entry_at }))

describe('metrics of trades', () => {
  const rows = [
    { net_profit: 10, r_multiple: 2, bars_held: 4, maximum_adverse_excursion: -1, maximum_favorable_excursion: 14 },
    { net_profit: -4, r_multiple: -1, bars_held: 1, maximum_adverse_excursion: -5, maximum_favorable_excursion: 0 },
    { net_profit: 0, r_multiple: NaN, bars_held: 2, maximum_adverse_excursion: -2, maximum_favorable_excursion: 3 },
    { net_profit: -2, r_multiple: -0.5, bars_held: 3, maximum_adverse_excursion: -2, maximum_favorable_excursion: 1 },
    { net_profit: 6, r_multiple: 1.5, bars_held: 5, maximum_adverse_excursion: 0, maximum_favorable_excursion: 7 },
  ].map((row, at) => ({ ...row, entry_at: at, quantity: 2, entry_price: 50, exit_price: 60, commission: 3, borrow_fees: 0.5, slippage: 2, costs: 3.5 }))
  const metrics = tradeMetrics(sumsOf(rows))

  it('agree with a calculation by hand', () => {
    expect(metrics).toMatchObject({ trades: 5, positions: 5, net_profit: 10, win_rate_pct: 40 })
    expect(metrics).toMatchObject({ average_win: 8, average_loss: 3, largest_win: 10, largest_loss: 4, expectancy: 2 })
    expect(metrics.profit_factor).toBeCloseTo(16 / 6, 12)
    expect(metrics.payoff_ratio).toBeCloseTo(8 / 3, 12)
    expect(metrics.kelly_pct).toBeCloseTo((0.4 - 0.6 / (8 / 3)) * 100, 12)
    expect(metrics).toMatchObject({ average_bars_held: 3, longest_bars_held: 5 })
    expect(metrics).toMatchObject({ longest_winning_streak: 1, longest_losing_streak: 1 })
  })

  it('sum costs by their kinds', () => {
    expect(metrics).toMatchObject({ costs: 17.5, commission: 15, borrow_fees: 2.5, slippage: 10 })
    expect(sumsOf(rows).traded_value).toBe(5 * (100 + 120))
  })

  it('take R multiples of trades with a stop', () => {
    // 2, -1, -0.5, 1.5: mean 0.5, squares of the distances 2.25 + 2.25 + 1 + 1
    expect(metrics.expectancy_r).toBeCloseTo(0.5, 12)
    expect(metrics.system_quality_number).toBeCloseTo((Math.sqrt(4) * 0.5) / Math.sqrt(6.5 / 3), 12)
  })

  it('take excursions in per cent of the value at entry', () => {
    expect(metrics).toMatchObject({ average_adverse_excursion_pct: -2, worst_adverse_excursion_pct: -5 })
    expect(metrics.average_favorable_excursion_pct).toBe(5)
    expect(metrics.best_favorable_excursion_pct).toBeCloseTo(14, 9)
  })

  it('count wins and losses in a row', () => {
    expect(sumsOf(profits([1, 2, -1, 3, 4, 5, 0, 6, -1, -2]))).toMatchObject({ longest_winning_streak: 3, longest_losing_streak: 2 })
  })

  it('count a position that is left in parts once', () => {
    const parts = sumsOf([{ entry_at: 7, bars_held: 3 }, { entry_at: 7, bars_held: 5 }, { entry_at: 20, bars_held: 2 }])
    expect(parts).toMatchObject({ trades: 3, positions: 2, position_bars: 7, bars_held: 10 })
  })

  it('are missing with a reason where they are not defined', () => {
    const reasonOf = (values: readonly number[], more: Row = {}) => tradeReasons(sumsOf(profits(values).map((row) => ({ ...row, ...more }))))
    const missing = Object.entries<number>({ ...tradeMetrics(noTrades) }).filter(([, value]) => Number.isNaN(value))
    expect(tradeReasons(noTrades)).toEqual(Object.fromEntries(missing.map(([name]) => [name, 'no trades'])))
    expect(reasonOf([1, 2], { r_multiple: NaN })).toEqual({
      ...{ profit_factor: 'no trade lost', average_loss: 'no trade lost', largest_loss: 'no trade lost' },
      ...{ payoff_ratio: 'no trade lost', kelly_pct: 'no trade lost' },
      ...{ expectancy_r: 'no trade has a stop', system_quality_number: 'fewer than two trades have a stop' },
    })
    expect(reasonOf([-1, -2], { r_multiple: -1 })).toEqual({
      ...{ average_win: 'no trade gained', largest_win: 'no trade gained', payoff_ratio: 'no trade gained' },
      ...{ kelly_pct: 'no trade gained', system_quality_number: 'all R multiples are equal' },
    })
    expect(tradeReasons(sumsOf(rows))).toEqual({})
  })
})

describe('properties of metrics of trades', () => {
  const values = fc.array(fc.integer({ min: -50, max: 50 }))

  it('add up over parts', () => {
    fc.assert(fc.property(values, values, (one, other) => {
      const { longest_winning_streak: _wins, longest_losing_streak: _losses, streak: _streak, ...sums } = sumOf([sumsOf(profits(one)), sumsOf(profits(other))])
      const apart = profits([...one, ...other]).map((row, at) => ({ ...row, entry_at: at >= one.length ? at + 100 : at }))
      const { latest_entry_at: _at, latest_bars_held: _held, ...expected } = sumsOf(apart)
      expect(sums).toMatchObject(Object.fromEntries(Object.keys(sums).filter((name) => name in expected).map((name) => [name, expected[name as 'trades']])))
    }))
  })

  it('do not change in their ratios when every amount grows alike', () => {
    fc.assert(fc.property(values, fc.constantFrom(2, 8, 1024), (list, factor) => {
      const one = tradeMetrics(sumsOf(profits(list)))
      const grown = tradeMetrics(sumsOf(profits(list.map((value) => value * factor))))
      for (const name of ['win_rate_pct', 'profit_factor', 'payoff_ratio', 'kelly_pct', 'longest_winning_streak'] as const) {
        expect(grown[name]).toEqual(one[name])
      }
      expect(grown.expectancy).toEqual(one.expectancy * factor)
    }))
  })
})
