import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Spec } from '../../src/simulation/rules.js'
import { pricesOf, simulate, tradeRows, type TestBar, type TestSignal } from './market.js'

const buy = (more: Partial<TestSignal> = {}): TestSignal => ({ symbol: 0, time: 0, entry: 1, ...more })

type Prices = [open: number, high: number, low: number, close: number]

/** Bars of one symbol, with the actions before some of them. */
function market(rows: readonly Prices[], actions: Record<number, Pick<TestBar, 'split' | 'dividend'>>): TestBar[] {
  return pricesOf(...rows).map((bar) => ({ ...bar, ...actions[bar.time] }))
}

const apply: Spec = { actions: 'apply', capital: 1000 }

describe('a dividend', () => {
  const flat: Prices[] = [[100, 100, 100, 100], [100, 100, 100, 100], [98, 98, 98, 98], [98, 98, 98, 98]]

  it('is paid on the shares held before the open, and is part of the trade', () => {
    const outcomes = simulate(market(flat, { 2: { dividend: 2 } }), [buy()], apply)
    expect(tradeRows(outcomes)).toMatchObject([{ quantity: 10, gross_profit: -20, dividends: 20, costs: 0, net_profit: 0, return_pct: 0 }])
    expect(Array.from(outcomes.equity.cash)).toEqual([0, 1000])
    expect(Array.from(outcomes.equity.equity)).toEqual([1000, 1000])
  })

  it('is not paid on shares that are bought at that open, but on those that are sold there', () => {
    const late = simulate(market(flat, { 1: { dividend: 2 } }), [buy()], apply)
    expect(tradeRows(late)).toMatchObject([{ dividends: 0 }])
    const sold = simulate(market(flat, { 2: { dividend: 2 } }), [buy(), { symbol: 0, time: 1, exit_long: 1 }], apply)
    expect(tradeRows(sold)).toMatchObject([{ exit_at: 2, dividends: 20, net_profit: 0 }])
  })

  it('is shared by the parts in which a position is left', () => {
    const rows: Prices[] = [[100, 100, 100, 100], [100, 100, 100, 100], [100, 105, 100, 100], [100, 100, 100, 100]]
    const outcomes = simulate(market(rows, { 2: { dividend: 1 }, 3: { dividend: 2 } }), [buy({ first_target_price: 105 })], {
      ...{ ...apply, first_target_share: 0.3 },
    })
    expect(tradeRows(outcomes)).toMatchObject([{ quantity: 3, dividends: 3, net_profit: 18 }, { quantity: 7, dividends: 21, net_profit: 21 }])
  })

  it('is ignored unless it is to be applied', () => {
    const outcomes = simulate(market(flat, { 2: { dividend: 2, split: 2 } }), [buy()], { capital: 1000 })
    expect(tradeRows(outcomes)).toMatchObject([{ quantity: 10, dividends: 0, net_profit: -20 }])
  })
})

describe('a split', () => {
  const halved = (...later: Prices[]) => market([[100, 100, 100, 100], [100, 102, 98, 100], ...later], { 2: { split: 2 } })
  const stops = { stop_price: 90, target_price: 120 }

  it('moves stop and target', () => {
    const quiet = simulate(halved([50, 51, 46, 50], [50, 59, 49, 50]), [buy(stops)], { ...apply, risk_fraction: 0.1 })
    expect(tradeRows(quiet)).toMatchObject([{ quantity: 20, entry_price: 50, exit: 'end_of_data', net_profit: 0 }])
    const stopped = simulate(halved([50, 51, 45, 50]), [buy(stops)], { ...apply, risk_fraction: 0.1 })
    expect(tradeRows(stopped)).toMatchObject([{ quantity: 20, stop_price: 45, exit: 'stop', exit_price: 45, net_profit: -100, r_multiple: -1 }])
    const reached = simulate(halved([50, 61, 46, 50]), [buy(stops)], { ...apply, risk_fraction: 0.1 })
    expect(tradeRows(reached)).toMatchObject([{ target_price: 60, exit: 'target', net_profit: 200, r_multiple: 2 }])
  })

  it('moves a short position and its stop', () => {
    const signal: TestSignal = { symbol: 0, time: 0, entry: -1, stop_price: 110 }
    const short = simulate(halved([50, 55, 50, 50]), [signal], { ...apply, risk_fraction: 0.1, allow_short: true })
    expect(tradeRows(short)).toMatchObject([{ side: 1, quantity: 20, entry_price: 50, exit: 'stop', exit_price: 55, net_profit: -100 }])
  })

  it('moves trailing stops and the ranges that they keep', () => {
    const rows: Prices[] = [[100, 101, 99, 100], [100, 101, 99, 100], [50, 50.5, 49.5, 50], [50, 50, 48, 48]]
    // two ranges of 2 before, of 1 after: the stop lies at 50 - 2
    const outcomes = simulate(market(rows, { 2: { split: 2 } }), [buy()], { ...apply, trail_ranges: 2, range_bars: 2 })
    expect(tradeRows(outcomes)).toMatchObject([{ exit: 'trailing_stop', exit_price: 48, exit_at: 3 }])
  })

  it('moves the prices of an order that waits', () => {
    const limit = buy({ order_type: 1, limit_price: 96, stop_price: 80, target_price: 120 })
    const outcomes = simulate(halved([50, 51, 48, 50], [50, 50, 40, 41]), [limit], { ...apply, sizing: 'fraction' })
    expect(tradeRows(outcomes)).toMatchObject([{ quantity: 20, entry_price: 48, stop_price: 40, target_price: 60, exit: 'stop' }])
  })

  it('changes what is still to come of a partly filled order', () => {
    const bars = halved([50, 50, 50, 50], [50, 50, 50, 50]).map((bar) => ({ ...bar, volume: bar.time === 1 ? 60 : 100 }))
    const outcomes = simulate(bars, [buy()], { ...apply, participation: 0.1 })
    expect(tradeRows(outcomes)).toMatchObject([{ quantity: 20, entry_price: 50, net_profit: 0 }])
  })

  it('pays for what is not a whole share at the open, without commission', () => {
    const bars = market([[100, 100, 100, 100], [100, 100, 100, 100], [70, 70, 70, 70]], { 2: { split: 1.5 } })
    const outcomes = simulate(bars, [buy()], { ...apply, capital: 510, commission_per_trade: 3 })
    expect(tradeRows(outcomes)).toMatchObject([
      { quantity: 0.5, exit: 'split', exit_price: 70 },
      { quantity: 7, exit: 'end_of_data', exit_price: 70 },
    ])
    expect(outcomes.trades.commission.reduce((sum, value) => sum + value)).toBeCloseTo(6, 12)
    expect(outcomes.equity.equity.at(-1)).toBeCloseTo(510 + 7.5 * 70 - 500 - 6, 9)
    const whole = simulate(bars, [buy()], { ...apply, capital: 510, fractional_shares: true, sizing: 'notional', notional: 500 })
    expect(tradeRows(whole)).toMatchObject([{ quantity: 7.5, exit: 'end_of_data' }])
  })

  it('ends a position of which no whole share is left', () => {
    const bars = market([[10, 10, 10, 10], [10, 10, 10, 10], [90, 90, 90, 90], [95, 95, 95, 95]], { 2: { split: 0.1 } })
    const outcomes = simulate(bars, [buy()], { ...apply, capital: 50 })
    expect(tradeRows(outcomes)).toMatchObject([{ exit: 'split', exit_price: 90, net_profit: -5 }])
    expect(Array.from(outcomes.equity.equity)).toEqual([50, 45])
  })

  it('by 2 with halved prices leaves equity as it would have been', () => {
    const closes = fc.array(fc.integer({ min: 40, max: 400 }), { minLength: 3, maxLength: 12 })
    fc.assert(fc.property(closes, fc.nat(), fc.constantFrom(1, -1), fc.boolean(), (prices, seed, entry, isStopped) => {
      const rows = prices.map((price): Prices => [price, price + 4, price - 4, price])
      const at = 1 + (seed % (prices.length - 1))
      const after = rows.map((row, time) => (time < at ? row : row.map((price) => price / 2) as Prices))
      const stop = isStopped ? { stop_price: prices[0] - entry * 20, trail_price: NaN } : {}
      const spec: Spec = { ...apply, capital: 10_000, allow_short: true, trail_ranges: 3, range_bars: 2, commission_rate: 0.001 }
      const whole = simulate(market(rows, {}), [buy({ entry, ...stop })], spec)
      const split = simulate(market(after, { [at]: { split: 2 } }), [buy({ entry, ...stop })], spec)
      // an entry after the split may buy an odd number of shares
      if (at > 1) expect(Array.from(split.equity.equity)).toEqual(Array.from(whole.equity.equity, (value) => expect.closeTo(value, 6) as number))
    }), { numRuns: 300, seed: 7 })
  })
})
