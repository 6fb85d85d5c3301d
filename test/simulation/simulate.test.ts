import { describe, expect, it } from 'vitest'
import { declineReasons } from '../../src/rows.js'
import { pricesOf, simulate, tradeRows, type TestOutcomes, type TestSignal } from './market.js'

const buy = (more: Partial<TestSignal> = {}): TestSignal => ({ symbol: 0, time: 0, entry: 1, ...more })
const sell = (more: Partial<TestSignal> = {}): TestSignal => ({ symbol: 0, time: 0, entry: -1, ...more })

function onlyTrade(outcomes: TestOutcomes) {
  const trades = tradeRows(outcomes)
  expect(trades).toHaveLength(1)
  return trades[0]
}

function declinedReasons({ declined }: TestOutcomes): string[] {
  return Array.from(declined.reason, (code) => declineReasons[code])
}

describe('market orders', () => {
  const bars = pricesOf([100, 101, 99, 100], [102, 104, 101, 103], [105, 106, 104, 105], [107, 108, 100, 101])

  it('fill at the open after the bar that decided, and leave at the open after the exit', () => {
    const trade = onlyTrade(simulate(bars, [buy(), { symbol: 0, time: 2, exit_long: 1 }], { capital: 10_200 }))
    expect(trade).toMatchObject({ entry_at: 1, entry_price: 102, exit_at: 3, exit_price: 107, exit: 'signal', bars_held: 2 })
    expect(trade).toMatchObject({ quantity: 100, gross_profit: 500, costs: 0, net_profit: 500, signal_at: 0 })
    // low 101 and high 106 while held; the range of the exit bar is not counted
    expect(trade).toMatchObject({ maximum_adverse_excursion: -100, maximum_favorable_excursion: 500 })
  })

  it('buy whole shares, rounded down so that cost and commission fit the cash', () => {
    const trade = onlyTrade(simulate(bars, [buy()], { capital: 1000, commission_rate: 0.01 }))
    expect(trade.quantity).toBe(9) // 9 × 102 × 1.01 = 927.18, ten would cost 1030.20
    expect(trade.costs).toBeCloseTo(9 * 102 * 0.01 + 9 * 101 * 0.01, 9)
  })

  it('close at the last close at the end of the data', () => {
    expect(onlyTrade(simulate(bars, [buy()]))).toMatchObject({ exit_at: 3, exit_price: 101, exit: 'end_of_data', bars_held: 3 })
  })

  it('pay slippage, but never beyond the range of the bar', () => {
    expect(onlyTrade(simulate(bars, [buy()], { slippage_bps: 100 })).entry_price).toBeCloseTo(103.02, 9)
    expect(onlyTrade(simulate(bars, [buy()], { slippage_bps: 1000 })).entry_price).toBe(104)
  })

  it('turn a position round on one bar', () => {
    const turn = { symbol: 0, time: 1, entry: -1, exit_long: 1 }
    const trades = tradeRows(simulate(bars, [buy(), turn], { allow_short: true, capital: 10_200 }))
    expect(trades).toMatchObject([
      { side: 0, exit_at: 2, exit_price: 105 },
      { side: 1, entry_at: 2, entry_price: 105, exit: 'end_of_data', exit_price: 101 },
    ])
  })
})

describe('short positions', () => {
  it('gain when the price falls, with the proceeds as collateral', () => {
    const bars = pricesOf([100, 101, 99, 100], [100, 102, 98, 99], [90, 91, 89, 90])
    const outcomes = simulate(bars, [sell()], { allow_short: true, capital: 1000 })
    expect(onlyTrade(outcomes)).toMatchObject({ side: 1, quantity: 10, gross_profit: 100, maximum_adverse_excursion: -20 })
    expect(Array.from(outcomes.equity.equity)).toEqual([1010, 1100])
    expect(Array.from(outcomes.equity.cash)).toEqual([2000, 1100])
  })

  it('are declined unless they are allowed', () => {
    const outcomes = simulate(pricesOf([1, 1, 1, 1], [1, 1, 1, 1]), [sell()])
    expect(outcomes.trades.length).toBe(0)
    expect(declinedReasons(outcomes)).toEqual(['shorts not allowed'])
  })
})

describe('stops and targets', () => {
  const signal = buy({ stop_price: 95, target_price: 110 })
  const after = (...rows: [number, number, number, number][]) => {
    return onlyTrade(simulate(pricesOf([100, 100, 100, 100], [100, 104, 97, 102], ...rows), [signal], { capital: 10_000 }))
  }

  it('fill at their prices inside the bar', () => {
    expect(after([101, 103, 94, 96])).toMatchObject({ exit_price: 95, exit: 'stop', exit_at: 2, bars_held: 2 })
    expect(after([101, 112, 99, 111])).toMatchObject({ exit_price: 110, exit: 'target' })
  })

  it('fill at the open when the open lies beyond them', () => {
    expect(after([90, 103, 89, 96])).toMatchObject({ exit_price: 90, exit: 'stop', bars_held: 1 })
    expect(after([115, 116, 114, 115])).toMatchObject({ exit_price: 115, exit: 'target' })
  })

  it('count the stop first when the bar reaches both', () => {
    expect(after([101, 120, 90, 100])).toMatchObject({ exit_price: 95, exit: 'stop' })
  })

  it('can be hit in the bar of the entry', () => {
    const trade = onlyTrade(simulate(pricesOf([100, 100, 100, 100], [100, 104, 94, 96], [96, 97, 95, 96]), [signal]))
    expect(trade).toMatchObject({ entry_at: 1, exit_at: 1, exit_price: 95, bars_held: 1 })
  })

  it('are touched exactly at their price', () => {
    expect(after([101, 103, 95, 96])).toMatchObject({ exit_price: 95, exit: 'stop' })
    expect(after([101, 110, 96, 109])).toMatchObject({ exit_price: 110, exit: 'target' })
  })

  it('mirror for short positions', () => {
    const bars = pricesOf([100, 100, 100, 100], [100, 104, 97, 102], [101, 120, 80, 100])
    const trade = onlyTrade(simulate(bars, [sell({ stop_price: 105, target_price: 90 })], { allow_short: true }))
    expect(trade).toMatchObject({ exit_price: 105, exit: 'stop', r_multiple: -1 })
  })

  it('size the position so that the stop costs the risk fraction of equity', () => {
    const trade = after([101, 103, 94, 96])
    expect(trade).toMatchObject({ quantity: 20, net_profit: -100, r_multiple: -1, stop_price: 95, target_price: 110 })
  })

  it('are declined on the wrong side of the fill', () => {
    const gap = pricesOf([100, 100, 100, 100], [94, 94, 94, 94])
    expect(declinedReasons(simulate(gap, [signal]))).toEqual(['stop on the wrong side'])
    const leap = pricesOf([100, 100, 100, 100], [111, 111, 111, 111])
    expect(declinedReasons(simulate(leap, [signal]))).toEqual(['target on the wrong side'])
  })
})

describe('trailing stops', () => {
  it('move with the market from the close of their bar, never back', () => {
    const bars = pricesOf([100, 100, 100, 100], [100, 101, 99, 100], [106, 107, 105, 106], [105, 106, 104, 105], [104, 104, 101, 102])
    const trails = [99, 104, 90].map((trail_price, index) => ({ symbol: 0, time: index + 1, trail_price }))
    const trade = onlyTrade(simulate(bars, [buy({ stop_price: 95 }), ...trails]))
    expect(trade).toMatchObject({ exit_at: 3, exit_price: 104, exit: 'trailing_stop', stop_price: 95 })
  })
})

describe('limit and stop entries', () => {
  const limit = buy({ order_type: 1, limit_price: 98, valid_bars: 2 })
  const stop = buy({ order_type: 2, stop_entry_price: 103 })

  it('fill at their price, or at an open beyond it', () => {
    expect(onlyTrade(simulate(pricesOf([100, 100, 100, 100], [100, 101, 97, 99]), [limit]))).toMatchObject({ entry_price: 98 })
    expect(onlyTrade(simulate(pricesOf([100, 100, 100, 100], [96, 101, 95, 99]), [limit]))).toMatchObject({ entry_price: 96 })
    expect(onlyTrade(simulate(pricesOf([100, 100, 100, 100], [100, 104, 99, 103]), [stop]))).toMatchObject({ entry_price: 103 })
    expect(onlyTrade(simulate(pricesOf([100, 100, 100, 100], [105, 106, 104, 105]), [stop]))).toMatchObject({ entry_price: 105 })
  })

  it('wait as long as they are valid', () => {
    const quiet: [number, number, number, number] = [100, 101, 99, 100]
    const low: [number, number, number, number] = [99, 100, 97, 98]
    expect(onlyTrade(simulate(pricesOf(quiet, quiet, low), [limit]))).toMatchObject({ entry_at: 2, entry_price: 98 })
    expect(declinedReasons(simulate(pricesOf(quiet, quiet, quiet, low), [limit]))).toEqual(['not reached'])
    expect(declinedReasons(simulate(pricesOf(quiet, quiet), [stop]))).toEqual(['end of data'])
  })

  it('do not count a target in the bar of an entry inside it, but count a stop', () => {
    const both = { ...limit, stop_price: 96, target_price: 101 }
    const target = simulate(pricesOf([100, 100, 100, 100], [100, 102, 97, 99], [99, 99, 98, 98]), [both])
    expect(onlyTrade(target)).toMatchObject({ exit: 'end_of_data' })
    const stopped = simulate(pricesOf([100, 100, 100, 100], [100, 102, 95, 99], [99, 99, 98, 98]), [both])
    expect(onlyTrade(stopped)).toMatchObject({ exit: 'stop', exit_price: 96, exit_at: 1 })
  })

  it('give way to a later signal', () => {
    const later = buy({ time: 1 })
    const outcomes = simulate(pricesOf([100, 100, 100, 100], [100, 100, 100, 100], [101, 101, 101, 101]), [limit, later])
    expect(declinedReasons(outcomes)).toEqual(['order withdrawn'])
    expect(onlyTrade(outcomes)).toMatchObject({ entry_at: 2 })
  })
})

describe('a shared account', () => {
  const flat = (symbol: number, ...closes: number[]) => {
    return closes.map((price, time) => ({ symbol, time, open: price, high: price, low: price, close: price }))
  }

  it('gives its cash to the best score first, ties to the first symbol', () => {
    const bars = [...flat(0, 10, 10, 11), ...flat(1, 10, 10, 12), ...flat(2, 10, 10, 13)]
    const signals = [0.1, 0.9, 0.9].map((score, symbol) => ({ symbol, time: 0, entry: 1, score }))
    const outcomes = simulate(bars, signals, { accounts: 'shared', capital: 100, fraction: 0.5 })
    expect(tradeRows(outcomes).map(({ symbol, net_profit }) => [symbol, net_profit])).toEqual([[1, 10], [2, 15]])
    expect(declinedReasons(outcomes)).toEqual(['not enough cash'])
    expect(Array.from(outcomes.equity.equity)).toEqual([100, 100, 125])
  })

  it('holds no more positions than allowed', () => {
    const bars = [...flat(0, 10, 10, 11), ...flat(1, 10, 10, 12)]
    const outcomes = simulate(bars, [0, 1].map((symbol) => ({ symbol, time: 0, entry: 1 })), {
      ...{ accounts: 'shared', capital: 100, fraction: 0.1, max_positions: 1 },
    })
    expect(tradeRows(outcomes).map(({ symbol }) => symbol)).toEqual([0])
    expect(declinedReasons(outcomes)).toEqual(['too many positions'])
  })

  it('keeps the value of a symbol without a bar, and closes it at its own last bar', () => {
    const bars = [...flat(0, 10, 10, 11), ...flat(1, 10, 10, 12, 13, 14)]
    const outcomes = simulate(bars, [{ symbol: 0, time: 0, entry: 1 }], { accounts: 'shared', capital: 100 })
    expect(onlyTrade(outcomes)).toMatchObject({ exit_at: 2, exit_price: 11, exit: 'end_of_data' })
    expect(Array.from(outcomes.equity.equity)).toEqual([100, 100, 110, 110, 110])
  })
})

it('declines a second entry while a position is open, and one that no bar follows', () => {
  const bars = pricesOf([10, 10, 10, 10], [10, 10, 10, 10], [10, 10, 10, 10])
  expect(declinedReasons(simulate(bars, [buy(), buy({ time: 1 })]))).toEqual(['position open'])
  expect(declinedReasons(simulate(bars, [buy({ time: 2 })]))).toEqual(['end of data'])
})

it('names the reason of the strategy that made it leave', () => {
  const bars = pricesOf([10, 10, 10, 10], [10, 10, 10, 10], [10, 10, 10, 10])
  expect(onlyTrade(simulate(bars, [buy({ reason: 3 }), { symbol: 0, time: 1, exit_long: 1, reason: 4 }]))).toMatchObject({
    ...{ entry_reason: 3, exit: 'reason 4' },
  })
})
