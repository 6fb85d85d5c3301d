import { describe, expect, it } from 'vitest'
import type { PlacedLabel } from '../../src/charts/next-labels.js'
import { placedLabels } from '../../src/charts/next-labels.js'
import { priceParts } from '../../src/charts/plotted.js'
import { priceChart } from '../../src/charts/price.js'
import type { PriceChart } from '../../src/charts/price.js'
import type { PriceBar } from '../../src/charts/price-rows.js'
import { toSvg } from '../../src/charts/render.js'
import { dataset, titles } from './specs.js'
import { marketBars } from './market.js'

describe('parts of a price chart', () => {
  it('leave the chart as it is when none are chosen', () => {
    const bars = marketBars(40)
    const chosen = priceChart({ symbol: 'A', timeframe: '30m', bars, parts: ['dot', 'envelope'] })
    expect(chosen).toEqual(priceChart({ symbol: 'A', timeframe: '30m', bars }))
  })

  it('are named in the title, and PLdot and envelope only where they are drawn', async () => {
    const step = { higher_pldot_next: 240, higher_envelope_top_next: 241, higher_envelope_bottom_next: 239 }
    const spec = drawn({ parts: ['states', 'higher'], higher: '1d' }, () => step)
    expect(titles(spec).text).toBe('A 30m: price with market states and the 1d PLdot and envelope')
    const names = Array.from((await toSvg(spec)).matchAll(/>([\w ]+)<\/text>/g), ([, text]) => text)
    expect(names).toEqual(expect.arrayContaining(['rising bar', '1d PLdot', '1d envelope']))
    expect(names).not.toContain('PLdot')
    expect(names).not.toContain('envelope')
    expect(titles(drawn({ parts: [] })).text).toBe('A 30m: price')
  })

  it('show termination lines of the last bar at their prices, equal ones under one label', () => {
    const lines = { line_5_9_up: 230, line_5_2_up: 231, line_6_1_up: 231, line_5_2_down: null, line_5_9_down_closed: 250 }
    const spec = drawn({ parts: ['lines'] }, () => lines)
    expect(dataset<{ name: string }>(spec, 'lines').map(({ name }) => name)).toEqual([
      '5-2 up', '5-9 up', '6-1 up', '5-9 down closed',
    ])
    expect(texts(spec)).toEqual(['5-9 up 230.00', '5-2 up, 6-1 up 231.00', '5-9 down closed 250.00'])
    expect(texts(drawn({ parts: ['lines'], lines: ['5-2', '6-7'] }, () => lines))).toEqual(['5-2 up 231.00'])
  })

  it('draw a 5 line from the extreme of the bar before it through that of the last bar', () => {
    const bars = marketBars(40)
    const [before, last] = bars.slice(-2)
    const spec = drawn({ parts: ['lines'] }, () => ({ line_5_9_up: 2 * last.low - before.high, line_6_1_up: 1 }))
    const [guide, ...others] = dataset<{ start: number; first: number; end: number; price: number }>(spec, 'guides')
    expect(others).toEqual([])
    expect([guide.start, guide.end]).toEqual([38, 40])
    expect(guide.first).toBeCloseTo(before.high, 9)
    expect((guide.first + guide.price) / 2).toBeCloseTo(last.low, 9)
  })

  it('place the six areas on the bar after the one that projects them', () => {
    const levels = {
      area_1_bottom: 1, area_2_bottom: 2, envelope_bottom_next: 3, pldot_next: 4, envelope_top_next: 5, area_5_top: 6,
      area_6_top: 7,
    }
    const areas = dataset<object>(drawn({ parts: ['areas'] }, (i) => (i === 7 ? levels : {})), 'areas')
    expect(areas).toEqual([1, 2, 3, 4, 5, 6].map((area) => ({ area, start: 7.5, low: area, high: area + 1 })))
  })

  it('join bars with the same confines, block level or state, and no others', () => {
    const spec = drawn({ parts: ['confines', 'block', 'states'] }, (i) => ({
      dotted_line: i < 3 || i > 4 ? null : 10, first_block_level: 12, block_level: i < 3 ? null : i < 5 ? 12 : 13,
      market_state: i < 6 ? null : 'congestion_action', market_direction: i < 10 ? -1 : 1,
    }))
    expect(dataset(spec, 'confines')).toEqual([{ dotted: 10, block: 12, start: 2.5, end: 4.5 }])
    expect(dataset(spec, 'blocks')).toEqual([{ price: 12, start: 2.5, end: 4.5 }, { price: 13, start: 4.5, end: 39.5 }])
    expect(dataset(spec, 'states')).toEqual([
      { state: 'congestion action', low: -1, high: 0, start: 5.5, end: 9.5 },
      { state: 'congestion action', low: 0, high: 1, start: 9.5, end: 39.5 },
    ])
  })

  it('take the geometry of the last of the bars that a candle merges', () => {
    const bars = marketBars(3000).map((bar, i) => ({ ...bar, plotted: { block_level: i < 2999 ? 200 : 201 } }))
    const spec = priceChart({ symbol: 'A', timeframe: '30m', bars, parts: ['block'] })
    expect(dataset<{ price: number }>(spec, 'blocks').map(({ price }) => price)).toEqual([200, 201])
  })

  it('name zones with their prices', () => {
    const zones = { nearby_support_low: 3, nearby_support_high: 3, further_resistance_low: 8, further_resistance_high: 9 }
    expect(texts(drawn({ parts: ['zones'] }, () => zones))).toEqual([
      'nearby support 3.00', 'further resistance 8.00 to 9.00',
    ])
  })

  it('draw nothing, and no legend, of what a young symbol does not have yet', async () => {
    const spec = drawn({ parts: priceParts }, () => ({}))
    for (const name of ['lines', 'areas', 'confines', 'blocks', 'states', 'zones', 'steps']) expect(dataset(spec, name)).toEqual([])
    expect(await toSvg(spec)).not.toMatch(/NaN|undefined|>(?:support line|area|confines|trend)</)
  })
})

describe('labels of levels', () => {
  const at = (...prices: number[]) => {
    const labels = prices.map((price) => ({ price, text: 'x', hasPrice: false }))
    return placedLabels(labels, 2).map(({ label_price }) => label_price)
  }

  it('stay at their levels where there is room', () => {
    expect(at(5, 1, 9)).toEqual([1, 5, 9])
  })

  it('move apart evenly, and as little as can be', () => {
    expect(at(10, 10)).toEqual([9, 11])
    expect(at(10, 10, 10, 20)).toEqual([8, 10, 12, 20])
    expect(at(10, 10.5, 12)).toEqual([8.833333333333334, 10.833333333333334, 12.833333333333334])
  })
})

function drawn(choice: Partial<PriceChart>, plotted: (i: number) => NonNullable<PriceBar['plotted']> = () => ({})) {
  const bars = marketBars(40).map((bar, i) => ({ ...bar, plotted: plotted(i) }))
  return priceChart({ symbol: 'A', timeframe: '30m', bars, ...choice })
}

function texts(spec: ReturnType<typeof drawn>): string[] {
  return dataset<PlacedLabel>(spec, 'labels').map(({ text }) => text)
}
