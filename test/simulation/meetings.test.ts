import { describe, expect, it } from 'vitest'
import { declineReasons } from '../../src/rows.js'
import type { Spec } from '../../src/simulation/rules.js'
import { pricesOf, simulate, tradeRows, type TestBar, type TestOutcomes, type TestSignal } from './market.js'

type Prices = [open: number, high: number, low: number, close: number]

const flat: Prices = [100, 100, 100, 100]
const buy = (more: Partial<TestSignal> = {}): TestSignal => ({ symbol: 0, time: 0, entry: 1, ...more })
const sell = (more: Partial<TestSignal> = {}): TestSignal => buy({ entry: -1, ...more })

/** What trades tell in a word: quantity, bar and price of the exit, and why. */
function exits(outcomes: TestOutcomes): unknown[] {
  return tradeRows(outcomes).map(({ quantity, exit_at, exit_price, exit }) => [quantity, exit_at, exit_price, exit])
}

function declined({ declined: rows }: TestOutcomes): unknown[] {
  return Array.from(rows.reason, (code) => declineReasons[code])
}

/** Simulates bars after two flat ones, in the second of which ten shares are bought at 100. */
function held(signal: TestSignal, bars: Prices[], spec: Spec = {}, more: TestSignal[] = []): TestOutcomes {
  return simulate(pricesOf(flat, flat, ...bars), [signal, ...more], { capital: 1000, sizing: 'fraction', ...spec })
}

describe('in one bar', () => {
  it('a first target and a stop meet: the stop counts, but the first target at the open goes before', () => {
    const signal = buy({ stop_price: 95, first_target_price: 104 })
    expect(exits(held(signal, [[100, 105, 94, 100], flat]))).toEqual([[10, 2, 95, 'stop']])
    expect(exits(held(signal, [[105, 106, 94, 100], flat]))).toEqual([[5, 2, 105, 'first_target'], [5, 2, 95, 'stop']])
    expect(exits(held(signal, [[100, 105, 94, 100], flat], { intrabar: 'optimistic' }))).toEqual([
      [5, 2, 104, 'first_target'],
      [5, 2, 95, 'stop'],
    ])
  })

  it('both targets are reached, or the open lies beyond both', () => {
    const signal = buy({ first_target_price: 104, target_price: 108 })
    expect(exits(held(signal, [[100, 109, 99, 100]]))).toEqual([[5, 2, 104, 'first_target'], [5, 2, 108, 'target']])
    expect(exits(held(signal, [[110, 111, 109, 110]]))).toEqual([[10, 2, 110, 'target']])
    expect(exits(held(signal, [[105, 109, 105, 108]]))).toEqual([[5, 2, 105, 'first_target'], [5, 2, 108, 'target']])
  })

  it('a first target leaves nothing of a single share', () => {
    const outcomes = held(buy({ first_target_price: 104 }), [[100, 105, 99, 100], flat], { capital: 100 })
    expect(exits(outcomes)).toEqual([[1, 3, 100, 'end_of_data']])
  })

  it('a stop goes before the end of the session', () => {
    const bars = pricesOf(flat, flat, [100, 100, 90, 99]).map((bar) => ({ ...bar, session: 0 }))
    const both = simulate(bars, [buy({ stop_price: 95 })], { exit_session_end: true, sizing: 'fraction', capital: 1000 })
    expect(exits(both)).toEqual([[10, 2, 95, 'stop']])
  })

  it('the end of the session goes before the end of the data', () => {
    const bars = pricesOf(flat, flat, [100, 103, 99, 102]).map((bar) => ({ ...bar, session: 0 }))
    const outcomes = simulate(bars, [buy()], { capital: 1000, exit_session_end: true, slippage_range: 0.5 })
    expect(exits(outcomes)).toEqual([[10, 2, 100, 'session_end']])
  })

  it('a time stop and a signal decide at the same close: the time stop is the reason', () => {
    const leave = { symbol: 0, time: 1, exit_long: 1 }
    expect(exits(held(buy(), [flat, flat], { time_stop_bars: 1 }, [leave]))).toEqual([[10, 2, 100, 'time_stop']])
    expect(exits(held(buy({ time_stop_bars: 2 }), [flat, flat], { time_stop_bars: 1 }))).toEqual([[10, 3, 100, 'time_stop']])
  })

  it('two trailing rules move the stop: the nearer one counts', () => {
    const trail = { symbol: 0, time: 1, trail_price: 97 }
    const bars: Prices[] = [[100, 100, 96, 97]]
    expect(exits(held(buy(), bars, { trail_pct: 5 }, [trail]))).toEqual([[10, 2, 97, 'trailing_stop']])
    expect(exits(held(buy(), bars, { trail_pct: 2 }, [trail]))).toEqual([[10, 2, 98, 'trailing_stop']])
  })

  it('a limit at the exact high sells, a limit at the exact low buys', () => {
    const short = simulate(pricesOf(flat, [100, 104, 99, 100], flat), [sell({ order_type: 1, limit_price: 104 })], { allow_short: true })
    expect(tradeRows(short)[0]).toMatchObject({ side: 1, entry_at: 1, entry_price: 104 })
    const long = simulate(pricesOf(flat, [100, 101, 97, 100], flat), [buy({ order_type: 1, limit_price: 97 })])
    expect(tradeRows(long)[0]).toMatchObject({ side: 0, entry_at: 1, entry_price: 97 })
  })

  it('both of two orders that cancel each other are reached: the nearer to the open counts', () => {
    const pair = buy({ order_type: 2, stop_entry_price: 105, other_entry_price: 98 })
    const spec: Spec = { allow_short: true, capital: 1000 }
    const near = simulate(pricesOf(flat, [100, 106, 97, 100], flat), [pair], spec)
    expect(tradeRows(near).map(({ side, entry_price }) => [side, entry_price])).toEqual([[1, 98]])
    const same = simulate(pricesOf(flat, [100, 106, 94, 100], flat), [{ ...pair, other_entry_price: 95 }], spec)
    expect(tradeRows(same).map(({ side, entry_price }) => [side, entry_price])).toEqual([[0, 105]])
    const gap = simulate(pricesOf(flat, [90, 106, 90, 100], flat), [pair], spec)
    expect(tradeRows(gap).map(({ side, entry_price }) => [side, entry_price])).toEqual([[1, 90]])
    const barred = simulate(pricesOf(flat, [90, 91, 89, 90], flat), [pair], { capital: 1000 })
    expect([tradeRows(barred).length, declined(barred)]).toEqual([0, ['end of data']])
  })

  it('limits to both sides fade a range', () => {
    const pair = buy({ order_type: 1, limit_price: 95, other_entry_price: 105, other_target_price: 100 })
    const outcomes = simulate(pricesOf(flat, [104, 106, 103, 104], [101, 101, 99, 100]), [pair], { allow_short: true, capital: 1000 })
    expect(tradeRows(outcomes)[0]).toMatchObject({ side: 1, entry_price: 105, exit: 'target', exit_price: 100 })
  })
})

describe('finer bars', () => {
  const inside = (prices: Prices, ...parts: Prices[]): TestBar[] => {
    const finer = parts.map(([open, high, low, close]) => ({ open, high, low, close, volume: 100 }))
    return pricesOf(flat, prices, flat).map((bar) => (bar.time === 1 ? { ...bar, finer } : bar))
  }
  const spec: Spec = { intrabar: 'finer', capital: 1000, sizing: 'fraction' }

  it('tell a target after an entry inside the bar, and a stop before it', () => {
    const limit = buy({ order_type: 1, limit_price: 98, stop_price: 90, target_price: 103 })
    const before = inside([100, 104, 97, 99], [100, 104, 100, 101], [101, 101, 97, 99])
    expect(exits(simulate(before, [limit], spec))).toEqual([[10, 2, 100, 'end_of_data']])
    const after = inside([100, 104, 97, 99], [100, 100, 97, 99], [99, 104, 98, 99])
    expect(exits(simulate(after, [limit], spec))).toEqual([[10, 1, 103, 'target']])
    const stop = buy({ order_type: 2, stop_entry_price: 103, stop_price: 98 })
    const low = inside([100, 104, 97, 103], [100, 101, 97, 99], [99, 104, 99, 103])
    expect(exits(simulate(low, [stop], spec))).toEqual([[9, 2, 100, 'end_of_data']])
    expect(exits(simulate(low, [stop], { ...spec, intrabar: 'pessimistic' }))).toEqual([[9, 1, 98, 'stop']])
  })

  it('fill at their open when it lies beyond a stop', () => {
    const gap = inside([100, 106, 92, 100], [100, 104, 99, 104], [93, 106, 92, 100])
    expect(exits(simulate(gap, [buy({ stop_price: 95, target_price: 105 })], spec))).toEqual([[10, 1, 93, 'stop']])
  })

  it('are not believed when they do not make up the bar', () => {
    const other = inside([100, 106, 94, 100], [100, 107, 100, 104], [104, 104, 94, 100])
    expect(exits(simulate(other, [buy({ stop_price: 95, target_price: 105 })], spec))).toEqual([[10, 1, 95, 'stop']])
  })
})

describe('the first and the last bar', () => {
  it('decide and end what can be', () => {
    const outcomes = simulate(pricesOf(flat, flat), [buy(), buy({ time: 1 })], { capital: 1000 })
    expect(exits(outcomes)).toEqual([[10, 1, 100, 'end_of_data']])
    expect(declined(outcomes)).toEqual(['end of data'])
  })

  it('can be the same', () => {
    const outcomes = simulate(pricesOf(flat), [buy()], { capital: 1000 })
    expect([exits(outcomes), declined(outcomes)]).toEqual([[], ['end of data']])
  })

  it('ends a position in a bar without volume too', () => {
    const bars = pricesOf(flat, flat, flat).map((bar) => ({ ...bar, volume: bar.time === 2 ? 0 : 100 }))
    expect(exits(simulate(bars, [buy()], { capital: 1000, require_volume: true }))).toEqual([[10, 2, 100, 'end_of_data']])
  })
})

describe('a bar without volume', () => {
  const bars = (...volumes: number[]): TestBar[] => {
    return pricesOf(...volumes.map((): Prices => [100, 110, 90, 100])).map((bar) => ({ ...bar, volume: volumes[bar.time] }))
  }
  it('fills neither orders nor stops', () => {
    const limit = buy({ order_type: 1, limit_price: 95, stop_price: 85 })
    expect(tradeRows(simulate(bars(9, 0, 9, 9), [limit], { require_volume: true }))[0]).toMatchObject({ entry_at: 2 })
    const stop = simulate(bars(9, 9, 0, 9), [buy({ stop_price: 80 }), { symbol: 0, time: 1, trail_price: 95 }], { require_volume: true })
    expect(tradeRows(stop)[0]).toMatchObject({ exit_at: 3, exit_price: 95, exit: 'trailing_stop' })
  })

  it('holds an exit up, and the reversal behind it', () => {
    const turn = { symbol: 0, time: 1, entry: -1, exit_long: 1, valid_bars: 2 }
    const outcomes = simulate(bars(9, 9, 0, 9, 9), [buy(), turn], { require_volume: true, allow_short: true })
    expect(tradeRows(outcomes).map(({ side, entry_at, exit_at }) => [side, entry_at, exit_at])).toEqual([[0, 1, 3], [1, 3, 4]])
    const once = simulate(bars(9, 9, 0, 9, 9), [buy(), { ...turn, valid_bars: 1 }], { require_volume: true, allow_short: true })
    expect(declined(once)).toEqual(['position open'])
  })
})

describe('partial fills', () => {
  const market = (volumes: number[], ...rows: Prices[]) => pricesOf(...rows).map((bar) => ({ ...bar, volume: volumes[bar.time] }))
  const spec: Spec = { participation: 0.1, capital: 1000, sizing: 'fraction' }

  it('of a stop go on at the next open, wherever it lies', () => {
    const bars = market([100, 100, 60, 100], flat, flat, [100, 100, 90, 92], [97, 98, 96, 97])
    expect(exits(simulate(bars, [buy({ stop_price: 95 })], spec))).toEqual([[6, 2, 95, 'stop'], [4, 3, 97, 'stop']])
  })

  it('of a target wait at its price', () => {
    const bars = market([100, 100, 60, 100, 100], flat, flat, [100, 106, 99, 100], flat, [104, 105, 103, 104])
    expect(exits(simulate(bars, [buy({ target_price: 105 })], spec))).toEqual([[6, 2, 105, 'target'], [4, 4, 105, 'target']])
  })

  it('of an entry make one position at the mean price, and end with its exit', () => {
    const bars = market([0, 40, 30, 200, 100], flat, flat, [102, 102, 102, 102], [98, 98, 90, 92], flat)
    const outcomes = simulate(bars, [buy({ stop_price: 95 })], spec)
    const [trade, ...others] = tradeRows(outcomes)
    expect(others).toEqual([])
    // 4 at 100, 3 at 102; then as many as the cash still buys at 98
    expect(trade).toMatchObject({ quantity: 9, exit_at: 3, exit_price: 95, entry_at: 1 })
    expect(trade.entry_price).toBeCloseTo((400 + 306 + 196) / 9, 9)
  })

  it('of an order that is valid for two bars end with the second', () => {
    const bars = market([0, 40, 30, 100, 100], flat, flat, flat, flat, flat)
    expect(exits(simulate(bars, [buy({ valid_bars: 2 })], spec))).toEqual([[7, 4, 100, 'end_of_data']])
  })

  it('share the volume of a bar between an exit and the reversal', () => {
    const bars = market([0, 100, 150, 30], flat, flat, flat, flat)
    const outcomes = simulate(bars, [buy(), { symbol: 0, time: 1, exit_long: 1, entry: -1 }], { ...spec, allow_short: true })
    expect(exits(outcomes)).toEqual([[10, 2, 100, 'signal'], [8, 3, 100, 'end_of_data']])
  })

  it('keep an order waiting while not one share can be had', () => {
    const bars = market([0, 5, 100], flat, flat, flat)
    expect(declined(simulate(bars, [buy()], spec))).toEqual(['no volume'])
    expect(exits(simulate(bars, [buy({ valid_bars: 2 })], spec))).toEqual([[10, 2, 100, 'end_of_data']])
  })
})

describe('a short', () => {
  it('whose price triples loses twice what it brought, when there is no margin call', () => {
    const outcomes = simulate(pricesOf(flat, flat, [300, 300, 300, 300], flat), [sell()], {
      ...{ allow_short: true, capital: 1000, maintenance_margin: 0 },
    })
    expect(Array.from(outcomes.equity.equity)).toEqual([1000, 1000])
    expect(tradeRows(outcomes)[0].maximum_adverse_excursion).toBe(-2000)
  })

  it('is closed by a margin call at a gap, beyond the equity', () => {
    const market = pricesOf(flat, flat, [150, 170, 150, 170], [250, 260, 240, 250], [250, 250, 250, 250])
    const outcomes = simulate(market, [sell(), buy({ time: 2 }), buy({ time: 3 })], { allow_short: true, capital: 1000 })
    expect(exits(outcomes)).toEqual([[10, 3, 250, 'margin_call']])
    expect(declined(outcomes)).toEqual(['margin call', 'margin call'])
    expect(outcomes.equity.equity.at(-1)).toBe(-500)
  })
})

it('a cooldown does not keep a signal from leaving, nor a target from being followed by an entry', () => {
  const market = pricesOf(flat, flat, [100, 106, 100, 105], flat, flat)
  const outcomes = simulate(market, [buy({ target_price: 105 }), buy({ time: 2 })], { cooldown_bars: 5, capital: 1000 })
  expect(tradeRows(outcomes).map(({ entry_at, exit }) => [entry_at, exit])).toEqual([[1, 'target'], [3, 'end_of_data']])
})
