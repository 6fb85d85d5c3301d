import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Spec } from '../../src/simulation/rules.js'
import { simulate, tradeRows, type FinerTestBar, type TestBar, type TestOutcomes, type TestSignal } from './market.js'
import { randomCase, type Chance, type RandomCase } from './random-case.js'

const runs = 400

/** Cases of which fast-check draws every choice, so that it can look for a smaller one that fails as well. */
const cases = fc.gen().map((draw): RandomCase => {
  const whole = (min: number, max: number) => draw(fc.integer, { min, max })
  const next = () => whole(0, 999_999) / 1_000_000
  const chance: Chance = { next, whole, happens: (probability) => next() < probability, pick: (values) => values[whole(0, values.length - 1)] }
  return randomCase(chance)
})

function holds(property: (random: RandomCase) => void): void {
  fc.assert(fc.property(cases, property), { numRuns: runs, seed: 20_260_126, interruptAfterTimeLimit: 20_000 })
}

const run = ({ bars, signals, spec }: RandomCase, change: Spec = {}) => simulate(bars, signals, { ...spec, ...change })

describe('in every simulation', () => {
  it('start capital, closed trades and open profit make up the equity at every close', () => {
    holds(({ bars, signals, spec }) => {
      // costs are known of whole trades only, and the price of an entry in parts only when it is complete
      const free = { ...spec, ...noCosts, participation: null, actions: 'ignore' as const }
      const outcomes = simulate(bars, signals, free)
      const closes = closesOf(bars)
      const trades = tradeRows(outcomes)
      outcomes.equity.equity.forEach((equity, row) => {
        const [account, at] = [outcomes.equity.account[row], outcomes.equity.bar_at[row]]
        const own = trades.filter((trade) => trade.account === account && trade.entry_at <= at)
        const profits = own.map((trade) => (trade.exit_at <= at ? trade.net_profit : openProfit(trade, closes(trade.symbol, at))))
        expect(profits.reduce((sum, profit) => sum + profit, free.capital! + outcomes.equity.interest[row])).toBeCloseTo(equity, 6)
      })
    })
  })

  it('separate accounts come to the same in steps of any size', () => {
    holds(({ bars, signals, spec }) => {
      const separate = { ...spec, accounts: 'separate' as const }
      const whole = simulate(bars, signals, separate)
      for (const size of [1, 3, bars.length - 1, bars.length + 1]) expect(simulate(bars, signals, separate, Math.max(1, size))).toEqual(whole)
    })
  })

  it('no fill lies outside the range of its bar', () => {
    holds((random) => {
      for (const trade of tradeRows(run(random, { slippage_beyond_bar: false, participation: null, actions: 'ignore' }))) {
        for (const side of ['entry', 'exit']) {
          const bar = random.bars.find(({ symbol, time }) => symbol === trade.symbol && time === trade[`${side}_at`])!
          expect(trade[`${side}_price`]).toBeGreaterThanOrEqual(bar.low)
          expect(trade[`${side}_price`]).toBeLessThanOrEqual(bar.high)
        }
      }
    })
  })

  it('no fill happens at or before the bar that decided', () => {
    holds((random) => {
      for (const trade of tradeRows(run(random))) {
        expect(trade.entry_at).toBeGreaterThan(trade.signal_at)
        expect(trade.exit_at).toBeGreaterThanOrEqual(trade.entry_at)
        if (trade.exit === 'signal' || trade.exit.startsWith('reason')) {
          const decided = random.signals.some((signal) => signal.symbol === trade.symbol && signal.time < trade.exit_at
            && (trade.side === 0 ? signal.exit_long : signal.exit_short) === 1)
          expect(decided).toBe(true)
        }
      }
    })
  })

  it('costs are never negative', () => {
    holds((random) => {
      for (const { costs } of tradeRows(run(random))) expect(costs).toBeGreaterThanOrEqual(0)
    })
  })

  it('every entry becomes a position or is declined, and none does both', () => {
    holds((random) => {
      const outcomes = run(random)
      const taken = new Set(tradeRows(outcomes).map(({ symbol, signal_at }) => `${symbol} ${signal_at}`))
      const declined = Array.from(outcomes.declined.symbol, (symbol, row) => `${symbol} ${outcomes.declined.bar_at[row]}`)
      const entries = random.signals.filter(({ entry }) => entry !== 0).map(({ symbol, time }) => `${symbol} ${time}`)
      expect([...taken, ...declined].sort()).toEqual(entries.sort())
    })
  })
})

describe('a simulation', () => {
  it('gives twice the result with prices and capital doubled', () => {
    holds(({ bars, signals, spec }) => {
      const doubled = simulate(bars.map(doubledBar), signals.map(doubledSignal), { ...spec, ...doubledMoney(spec) })
      sameTrades(simulate(bars, signals, spec), doubled, ({ net_profit, entry_price, ...same }) => {
        return { ...kept(same), net_profit: net_profit * 2, entry_price: entry_price * 2 }
      })
    })
  })

  it('makes of long short when prices are turned upside down', () => {
    holds(({ bars, signals, spec }) => {
      // with money enough, sizes follow from the stop alone, which keeps its distance
      const money: Spec = { ...noCosts, capital: 1e6, sizing: 'risk', risk_fraction: 1e-5 }
      const rich: Spec = { ...spec, ...money, allow_short: true, slippage_bps: 0, cash_rate: 0, trail_pct: null, actions: 'ignore' }
      const stopped = signals.filter(({ entry, stop_price }) => entry === 0 || stop_price !== undefined).map(withOtherStop)
      const turned = simulate(bars.map(turnedBar), stopped.map(turnedSignal), rich)
      sameTrades(simulate(bars, stopped, rich), turned, ({ net_profit, entry_price, side, ...same }) => {
        return { ...kept(same), net_profit, entry_price: top - entry_price, side: 1 - side }
      })
    })
  })

  it('does the same for one symbol in a shared account and in an account of its own', () => {
    holds(({ bars, signals, spec }) => {
      const own = <Row extends { symbol: number }>(rows: readonly Row[]) => rows.filter(({ symbol }) => symbol === 0)
      const separate = simulate(own(bars), own(signals), { ...spec, accounts: 'separate' })
      const shared = simulate(own(bars), own(signals), { ...spec, accounts: 'shared' })
      expect(shared.trades).toEqual(separate.trades)
      expect(shared.declined).toEqual(separate.declined)
    })
  })

  it('does not depend on the order of the symbols', () => {
    holds(({ bars, signals, spec }) => {
      const count = Math.max(...bars.map(({ symbol }) => symbol)) + 1
      // scores without ties: only these are ranked by the symbol
      const ranked = signals.map((signal, index) => ({ ...signal, score: (index * 7919) % 1009 }))
      const reversed = <Row extends { symbol: number }>(rows: readonly Row[]) => {
        return rows.map((row) => ({ ...row, symbol: count - 1 - row.symbol }))
      }
      // sectors are those of the symbols' numbers
      const equal = { ...spec, max_sector_positions: null }
      const other = simulate(reversed(bars), reversed(ranked), equal)
      sameTrades(simulate(bars, ranked, equal), other, ({ symbol, net_profit, entry_price, ...same }) => {
        return { ...kept(same), symbol: count - 1 - symbol, net_profit, entry_price }
      })
    })
  })
})

type Row = Record<string, number>

/** Columns that must be the same in both simulations that are compared. */
function kept({ symbol = NaN, side = NaN, quantity, entry_at, exit_at, exit_reason, bars_held }: Row): Row {
  return { symbol, side, quantity, entry_at, exit_at, exit_reason, bars_held }
}

function sameTrades(first: TestOutcomes, second: TestOutcomes, change: (row: Row) => Row): void {
  const expected = tradeRows(first).map((row) => change(row as Row))
  const names = Object.keys(expected[0] ?? {})
  const actual = tradeRows(second).map((row) => Object.fromEntries(names.map((name) => [name, (row as Row)[name]])))
  const order = (rows: Row[]) => [...rows].sort((a, b) => a.exit_at - b.exit_at || a.symbol - b.symbol || a.entry_at - b.entry_at)
  const [sorted, other] = [order(expected), order(actual)]
  expect(other).toHaveLength(sorted.length)
  sorted.forEach((row, index) => {
    for (const name of names) {
      if (!Number.isNaN(row[name])) expect(other[index][name]).toBeCloseTo(row[name], 6)
    }
  })
}

function closesOf(bars: readonly TestBar[]): (symbol: number, time: number) => number {
  return (symbol, time) => bars.findLast((bar) => bar.symbol === symbol && bar.time <= time)!.close
}

function openProfit({ side, quantity, entry_price }: Row, close: number): number {
  return (side === 0 ? quantity : -quantity) * (close - entry_price)
}

const noCosts: Spec = { commission_rate: 0, commission_per_share: 0, commission_per_trade: 0, commission_minimum: 0, borrow_rate: 0 }

function doubledMoney(spec: Spec): Spec {
  const names = ['capital', 'notional', 'commission_per_share', 'commission_per_trade', 'commission_minimum'] as const
  return Object.fromEntries(names.map((name) => [name, spec[name] === undefined ? undefined : spec[name]! * 2]))
}

/** An order to the other side has a stop too, or is none. */
function withOtherStop({ other_entry_price, other_stop_price, ...signal }: TestSignal): TestSignal {
  return other_entry_price === undefined || other_stop_price === undefined ? signal : { ...signal, other_entry_price, other_stop_price }
}

const priceNames = [
  ...(['limit_price', 'stop_entry_price', 'stop_price', 'target_price', 'first_target_price', 'trail_price'] as const),
  ...(['other_entry_price', 'other_stop_price', 'other_target_price'] as const),
]

function withPrices(signal: TestSignal, change: (price: number) => number): TestSignal {
  const prices = priceNames.flatMap((name) => (signal[name] === undefined ? [] : [[name, change(signal[name])]]))
  return { ...signal, ...(Object.fromEntries(prices) as Partial<TestSignal>) }
}

function doubledBar(bar: TestBar): TestBar {
  const doubled = <Bar extends FinerTestBar | TestBar>({ open, high, low, close, ...others }: Bar) => {
    return { ...others, open: open * 2, high: high * 2, low: low * 2, close: close * 2 } as Bar
  }
  return { ...doubled(bar), dividend: (bar.dividend ?? 0) * 2, finer: bar.finer?.map(doubled) }
}

function doubledSignal(signal: TestSignal): TestSignal {
  return withPrices(signal, (price) => price * 2)
}

/** Prices are turned round half of this. */
const top = 256

function turnedBar(bar: TestBar): TestBar {
  const turned = <Bar extends FinerTestBar | TestBar>({ open, high, low, close, ...others }: Bar) => {
    return { ...others, open: top - open, high: top - low, low: top - high, close: top - close } as Bar
  }
  return { ...turned(bar), finer: bar.finer?.map(turned) }
}

function turnedSignal({ entry = 0, exit_long = 0, exit_short = 0, ...signal }: TestSignal): TestSignal {
  return { ...withPrices(signal, (price) => top - price), entry: -entry, exit_long: exit_short, exit_short: exit_long }
}
