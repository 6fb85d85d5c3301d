import { describe, expect, it } from 'vitest'
import { priceChart } from '../../src/charts/price.js'
import type { Candle } from '../../src/charts/price-rows.js'
import type { TradeLevel, TradeMarker } from '../../src/charts/price-trades.js'
import { dataset, titles } from './specs.js'
import { marketBars, marketTrades, testRun } from './market.js'

const bars = marketBars(260)
const trades = marketTrades(bars)

describe('price chart', () => {
  it('shows every bar once, with its PLdot and envelope, side by side', () => {
    const rows = dataset<Candle>(drawn(), 'candles')
    const columns = ['open', 'high', 'low', 'close', 'volume', 'pldot', 'envelope_top', 'envelope_bottom'] as const
    expect(rows.map(({ i }) => i)).toEqual(bars.map((_, at) => at))
    expect(rows.map(({ at }) => at)).toEqual(bars.map(({ bar_at }) => bar_at))
    for (const column of columns) expect(rows.map((row) => row[column])).toEqual(bars.map((bar) => bar[column]))
  })

  it('merges bars that would be thinner than a pixel without losing an extreme or volume', () => {
    const many = marketBars(3000)
    const rows = dataset<Candle>(priceChart({ symbol: 'TEST', timeframe: '30m', bars: many }), 'candles')
    expect(rows.length).toBeLessThan(1200)
    expect(rows.reduce((sum, row) => sum + row.bars, 0)).toBe(3000)
    expect(rows.reduce((sum, row) => sum + row.volume!, 0)).toBe(many.reduce((sum, bar) => sum + bar.volume!, 0))
    expect(Math.max(...rows.map(({ high }) => high))).toBe(Math.max(...many.map(({ high }) => high)))
    expect(rows.at(-1)!.close).toBe(many.at(-1)!.close)
  })

  it('marks each trade at the bars and prices of its entry and exit, coloured by its profit', () => {
    const markers = dataset<TradeMarker>(drawn(), 'markers')
    const placeOf = (at: unknown) => bars.findIndex(({ bar_at }) => bar_at === at)
    const expected = trades.flatMap((trade) => {
      const outcome = trade.net_profit > 0 ? 'winning trade' : 'losing trade'
      return [
        { i: placeOf(trade.entry_at), price: trade.entry_price, kind: `${trade.side} entry`, outcome },
        { i: placeOf(trade.exit_at), price: trade.exit_price, kind: 'exit', outcome },
      ]
    })
    expect(markers).toEqual(expected)
    expect(new Set(markers.map(({ kind }) => kind))).toEqual(new Set(['long entry', 'short entry', 'exit']))
    expect(new Set(markers.map(({ outcome }) => outcome)).size).toBe(2)
  })

  it('places a trade that was filled within a bar on that bar, and none outside the bars', () => {
    const [trade] = trades
    const within = { ...trade, entry_at: Number(bars[5].bar_at) + 60_000, exit_at: Number(bars[9].bar_at) + 60_000 }
    const before = { ...trade, entry_at: Number(bars[0].bar_at) - 1, exit_at: bars[2].bar_at }
    const end = Number(bars.at(-1)!.closed_at)
    const after = { ...trade, entry_at: end + 1, exit_at: end + 2 }
    const markers = dataset<TradeMarker>(drawn([within, before, after]), 'markers')
    expect(markers.map(({ i, kind }) => [i, kind])).toEqual([[5, 'long entry'], [9, 'exit'], [2, 'exit']])
  })

  it('leaves out stops and targets that would press the candles flat', () => {
    const [trade] = trades
    const far = { ...trade, stop_price: trade.entry_price * 0.1, target_price: trade.entry_price * 1.001 }
    expect(dataset<TradeLevel>(drawn([far]), 'levels').map(({ level, price }) => [level, price])).toEqual([
      ['target', far.target_price],
    ])
  })

  it('says what it shows', () => {
    expect(titles(drawn())).toEqual({
      text: 'TEST 30m: price with PLdot and envelope',
      subtitle: [
        '2026-01-26 to 2026-02-20 · 260 bars',
        `pldot_cross · run 20260126-143000-abcdef12 · ${trades.length} trades, ` +
          `${trades.filter(({ net_profit }) => net_profit > 0).length} won`,
      ],
    })
    expect(titles(drawn([])).subtitle[1]).toContain('no trade in this range')
    expect(titles(priceChart({ symbol: 'TEST', timeframe: '30m', bars })).subtitle).toHaveLength(1)
  })

  it('refuses to draw nothing', () => {
    expect(() => priceChart({ symbol: 'TEST', timeframe: '30m', bars: [] })).toThrow('there is no bar to draw')
  })
})

function drawn(shown = trades) {
  return priceChart({ symbol: 'TEST', timeframe: '30m', bars, trades: shown, run: testRun })
}
