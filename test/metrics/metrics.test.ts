import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { seriesMetrics, seriesReasons } from '../../src/metrics/series.js'
import { addSums, addTrade, noTrades, tradeMetrics, tradeReasons } from '../../src/metrics/trades.js'
import { sessionCloses, totalEquity } from '../../src/metrics/total-equity.js'
import type { EquityColumn, NumberRows, TradeColumn } from '../../src/rows.js'

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

  it('are missing with a reason where they are not defined', () => {
    const still = seriesMetrics([0, 1], [100, 100], 100)
    expect(still).toMatchObject({ return_pct: 0, sharpe_ratio: NaN, sortino_ratio: NaN, maximum_drawdown_days: 0 })
    expect(seriesReasons(still)).toEqual({ sharpe_ratio: 'the equity does not move', sortino_ratio: 'no day with a loss' })
    expect(seriesReasons(seriesMetrics([0], [99], 100))).toHaveProperty('annual_return_pct')
    expect(seriesReasons(metrics)).toEqual({})
  })
})

describe('metrics of trades', () => {
  const trades = tradesOf([10, -4, 0, 6])

  it('agree with a calculation by hand', () => {
    const sums = [0, 1, 2, 3].reduce((all, row) => addTrade(all, trades, row), noTrades)
    expect(tradeMetrics(sums)).toEqual({ trades: 4, net_profit: 12, costs: 4, win_rate_pct: 50, profit_factor: 4 })
    expect(sums.bars_held).toBe(8)
  })

  it('are missing with a reason where they are not defined', () => {
    expect(tradeReasons(tradeMetrics(noTrades))).toEqual({ win_rate_pct: 'no trades', profit_factor: 'no trades' })
    const won = tradeMetrics(addTrade(noTrades, trades, 0))
    expect(won.profit_factor).toBeNaN()
    expect(tradeReasons(won)).toEqual({ profit_factor: 'no trade lost' })
  })

  it('add up over parts', () => {
    fc.assert(fc.property(fc.array(fc.integer({ min: -50, max: 50 })), fc.nat(), (profits, cut) => {
      const all = tradesOf(profits)
      const rows = profits.map((_, row) => row)
      const sumOf = (part: number[]) => part.reduce((sums, row) => addTrade(sums, all, row), noTrades)
      const at = cut % (profits.length + 1)
      expect(addSums(sumOf(rows.slice(0, at)), sumOf(rows.slice(at)))).toEqual(sumOf(rows))
    }))
  })
})

describe('the sum of accounts', () => {
  it('keeps the last equity of an account without a row', () => {
    const total = totalEquity(3, 100)
    total.add(equityOf([[0, 1, 110], [0, 2, 120], [0, 4, 90]]))
    total.add(equityOf([[1, 2, 105], [1, 3, 100]]))
    expect(Array.from(total.curve().dates)).toEqual([1, 2, 3, 4])
    expect(Array.from(total.curve().equity)).toEqual([310, 325, 320, 290])
  })

  it('takes the last row of each session', () => {
    const { dates, equity } = sessionCloses(equityOf([[0, 1, 110], [0, 1, 120], [0, 4, 90]]))
    expect([Array.from(dates), Array.from(equity)]).toEqual([[1, 4], [120, 90]])
  })
})

function tradesOf(profits: readonly number[]): NumberRows<TradeColumn> {
  const ones = profits.map(() => 1)
  const columns = { net_profit: Float64Array.from(profits), costs: Float64Array.from(ones), bars_held: Float64Array.from(ones, () => 2) }
  return { length: profits.length, ...columns } as unknown as NumberRows<TradeColumn>
}

function equityOf(rows: readonly [account: number, session: number, equity: number][]): NumberRows<EquityColumn> {
  const column = (index: 0 | 1 | 2) => Float64Array.from(rows, (row) => row[index])
  const columns = { account: column(0), session_date: column(1), equity: column(2) }
  return { length: rows.length, ...columns } as unknown as NumberRows<EquityColumn>
}
