import { describe, expect, it } from 'vitest'
import { priceParts } from '../../src/charts/plotted.js'
import { priceChart } from '../../src/charts/price.js'
import type { Candle } from '../../src/charts/price-rows.js'
import type { TradeLevel, TradeMarker } from '../../src/charts/price-trades.js'
import { toSvg } from '../../src/charts/render.js'
import { textWidth } from '../../src/charts/text-width.js'
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

  it('hides no extreme of 100,000 bars, and marks trades on the candles that hold them', () => {
    const many = marketBars(100_000)
    const planted = many.map((bar, at) => {
      if (at === 31_234) return { ...bar, high: 9999 }
      if (at === 77_777) return { ...bar, low: 0.01 }
      return at === 50_001 ? { ...bar, volume: 1e12, envelope_top: 8888 } : bar
    })
    const trade = { ...trades[0], entry_at: many[31_234].bar_at, exit_at: many[77_777].bar_at }
    const spec = priceChart({ symbol: 'TEST', timeframe: '30m', bars: planted, trades: [trade], run: testRun, parts: priceParts })
    const rows = dataset<Candle>(spec, 'candles')
    const size = rows[0].bars
    expect(rows.length).toBeLessThanOrEqual(1200)
    expect(rows.reduce((sum, row) => sum + row.bars, 0)).toBe(100_000)
    expect(rows[Math.floor(31_234 / size)].high).toBe(9999)
    expect(rows[Math.floor(77_777 / size)].low).toBe(0.01)
    expect(rows[Math.floor(50_001 / size)]).toMatchObject({ envelope_top: 8888 })
    expect(rows[Math.floor(50_001 / size)].volume).toBeGreaterThanOrEqual(1e12)
    const markers = dataset<TradeMarker>(spec, 'markers')
    expect(markers.map(({ i }) => i)).toEqual([31_234, 77_777].map((at) => Math.floor(at / size)))
    expect(titles(spec).subtitle.join(' ')).toContain(`100,000 bars drawn as ${rows.length.toLocaleString('en')} candles of ${size}`)
    expect(JSON.stringify(spec)).not.toMatch(/NaN|Infinity/)
  })

  it('draws a single bar, whose direction alone is in the legend', async () => {
    const svg = await toSvg(priceChart({ symbol: 'TEST', timeframe: '30m', bars: bars.slice(10, 11) }))
    expect(svg).not.toMatch(/NaN|undefined|Infinity/)
    expect(svg.match(/(?:rising|falling) bar(?=<)/g)).toEqual([bars[10].close < bars[10].open ? 'falling bar' : 'rising bar'])
  })

  it('keeps the names of stops and targets within the picture beside a legend of many parts', async () => {
    const parted = bars.slice(0, 60).map((bar) => ({
      ...bar,
      plotted: {
        ...{ higher_pldot_next: bar.close, higher_envelope_top_next: bar.high, higher_envelope_bottom_next: bar.low },
        ...{ dotted_line: bar.low, first_block_level: bar.high, block_level: bar.close, market_direction: 1 },
        market_state: ['trend', 'congestion_entrance', 'congestion_action', 'congestion_exit', 'reversal'][Number(bar.bar_at) / 1_800_000 % 5],
      },
    }))
    const [trade] = trades
    const svg = await toSvg(priceChart({
      symbol: 'TEST', timeframe: '30m', bars: parted, trades: [{ ...trade, target_price: trade.entry_price * 1.001 }], run: testRun, parts: priceParts, higher: '1d',
    }))
    const places = textPlaces(svg)
    for (const name of ['stop', 'target', 'long entry', 'exit', 'reversal', 'block level']) {
      expect(places.get(name)! + textWidth(name, 12.5), name).toBeLessThan(1200)
    }
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

/** Where each text of a picture begins, in pixels from its left side. */
function textPlaces(svg: string): Map<string, number> {
  const stack = [0]
  const found = new Map<string, number>()
  for (const [tag, attributes, content] of svg.matchAll(/<\/?(?:g|text)([^>]*)>([^<]*)/g)) {
    const x = stack.at(-1)! + Number(/translate\(([-\d.]+)/.exec(attributes)?.[1] ?? 0)
    if (tag.startsWith('<g')) stack.push(x)
    else if (tag.startsWith('</g')) stack.pop()
    else if (tag.startsWith('<text')) found.set(content, x)
  }
  return found
}
