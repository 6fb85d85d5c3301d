import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { drawdownsOf, rankedDrawdowns, ulcerIndex } from '../../src/metrics/drawdowns.js'
import { buyAndHold, type HeldChanges } from '../../src/metrics/holding.js'
import { dailyReturns, periodReturns } from '../../src/metrics/returns.js'
import type { BarColumns } from '../../src/rows.js'

const day = (text: string) => Date.parse(`${text}T00:00:00Z`) / 86_400_000
const curve = fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 60 })

describe('returns of months and years', () => {
  const dates = ['2025-12-30', '2025-12-31', '2026-01-02', '2026-01-30', '2026-03-02'].map(day)
  const equity = [110, 120, 90, 150, 75]

  it('go from the last close of a period to that of the next', () => {
    expect(periodReturns(dates, equity, 100, 'month')).toEqual([
      { start: day('2025-12-01'), return_pct: expect.closeTo(20, 9) as number },
      { start: day('2026-01-01'), return_pct: expect.closeTo(25, 9) as number },
      { start: day('2026-03-01'), return_pct: expect.closeTo(-50, 9) as number },
    ])
    expect(periodReturns(dates, equity, 100, 'year').map(({ return_pct }) => return_pct)).toEqual([
      expect.closeTo(20, 9), expect.closeTo(-37.5, 9),
    ])
  })

  it.each(['month', 'year'] as const)('of each %s compound to the return of the whole curve', (period) => {
    fc.assert(fc.property(curve, fc.integer({ min: 1, max: 40 }), (values, step) => {
      const periods = periodReturns(values.map((_, i) => i * step), values, 5, period)
      const growth = periods.reduce((product, { return_pct }) => product * (1 + return_pct / 100), 1)
      expect(growth).toBeCloseTo(values.at(-1)! / 5, 9)
    }))
  })

  it('of days are not defined once nothing is left', () => {
    expect(Array.from(dailyReturns([50, 0, 10], 100))).toEqual([-0.5, -1, NaN])
  })
})

describe('drawdowns', () => {
  it('go from a peak by the bottom to the recovery', () => {
    // peaks 100 (before the first session), 120, 130; the last is not reached again
    const equity = [90, 100, 120, 60, 90, 60, 130, 130, 117]
    const dates = equity.map((_, i) => i * 2)
    expect(drawdownsOf(dates, equity, 100)).toEqual([
      { start: 0, bottom: 0, recovery: 2, depth_pct: expect.closeTo(10, 9) as number, length_days: 2 },
      { start: 4, bottom: 6, recovery: 12, depth_pct: 50, length_days: 8 },
      { start: 14, bottom: 16, recovery: NaN, depth_pct: expect.closeTo(10, 9) as number, length_days: 2 },
    ])
    expect(rankedDrawdowns(drawdownsOf(dates, equity, 100)).map(({ start }) => start)).toEqual([4, 0, 14])
    expect(ulcerIndex([100, 90, 80], 100)).toBeCloseTo(Math.sqrt((0 + 100 + 400) / 3), 9)
  })

  it('part the curve: each session is at the peak so far or in exactly one drawdown', () => {
    fc.assert(fc.property(curve, (values) => {
      const falls = drawdownsOf(values.map((_, i) => i), values, 6)
      let peak = 6
      for (const [date, value] of values.entries()) {
        const isFirst = (start: number) => start === 0 && Math.max(6, values[0]) > values[0] && date === 0
        const inside = falls.filter(({ start, recovery }) => (date > start || isFirst(start)) && !(date >= recovery))
        expect(inside.length).toBe(value < peak ? 1 : 0)
        if (value < peak) expect((1 - value / peak) * 100).toBeLessThanOrEqual(inside[0].depth_pct)
        peak = Math.max(peak, value)
      }
    }))
  })
})

describe('symbols bought and held', () => {
  /** Bars of [symbol, session, open, close]. */
  const barsOf = (rows: readonly [number, number, number, number][]) => ({
    length: rows.length,
    ...{ symbol: Int32Array.from(rows, ([symbol]) => symbol), session_date: Int32Array.from(rows, ([, session]) => session) },
    ...{ open: Float64Array.from(rows, (row) => row[2]), close: Float64Array.from(rows, (row) => row[3]) },
  }) as unknown as BarColumns

  it('begin with 1 each, at the open of their first bar', () => {
    const holding = buyAndHold(2)
    holding.add(barsOf([[0, 1, 10, 11], [0, 1, 11, 12], [0, 2, 12, 15]]))
    holding.add(barsOf([[1, 2, 4, 4], [1, 2, 4, 2], [1, 3, 2, 8]]))
    const { start, dates, values } = holding.curve(2)
    expect([start, Array.from(dates)]).toEqual([2, [1, 2, 3]])
    expect(Array.from(values)).toEqual([expect.closeTo(2.2, 9), expect.closeTo(2, 9), expect.closeTo(3.5, 9)])
  })

  it('get the splits and dividends that bars tell of, but those before they were bought', () => {
    const holding = buyAndHold(1)
    const actions = { split: Float64Array.of(3, 1, 2), dividend: Float64Array.of(9, 0, 1) }
    holding.add({ ...barsOf([[0, 1, 10, 10], [0, 2, 11, 11], [0, 3, 5, 6]]), actions })
    // 0.1 shares get 0.1 and become 0.2, at 6
    expect(Array.from(holding.curve(1).values)).toEqual([expect.closeTo(1, 9), expect.closeTo(1.1, 9), expect.closeTo(1.3, 9)])
  })

  it('are the same to the last bit in whatever parts the bars come', () => {
    const row = fc.tuple(fc.nat(1), fc.nat(3), fc.integer({ min: 1, max: 99 }), fc.integer({ min: 1, max: 99 }))
    fc.assert(fc.property(fc.array(row, { minLength: 1 }), fc.nat(), (rows, at) => {
      const sorted = rows.toSorted((a, b) => a[1] - b[1])
      const [whole, parts] = [buyAndHold(2), buyAndHold(2)]
      whole.add(barsOf(sorted))
      parts.add(barsOf(sorted.slice(0, at % rows.length)))
      parts.add(barsOf(sorted.slice(at % rows.length)))
      expect(parts.curve(2)).toEqual(whole.curve(2))
    }))
  })

  it('are the same to the last bit in whatever order the symbols come, here or elsewhere', () => {
    const price = fc.integer({ min: 1, max: 99 })
    fc.assert(fc.property(fc.array(fc.tuple(fc.nat(3), price, price), { minLength: 1 }), (rows) => {
      const of = (symbol: number) => barsOf(rows.map(([session, open, close]) => [symbol, session, open, close * (symbol + 1)]))
      const [forwards, backwards, first] = [buyAndHold(3), buyAndHold(3), buyAndHold(3)]
      for (const symbol of [0, 1, 2]) forwards.add(of(symbol))
      for (const symbol of [2, 1]) backwards.add(of(symbol))
      first.add(of(0))
      backwards.addChanges(JSON.parse(JSON.stringify(first.changes())) as HeldChanges)
      expect(backwards.curve(3)).toEqual(forwards.curve(3))
    }))
  })
})
