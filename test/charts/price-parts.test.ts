import { describe, expect, it } from 'vitest'
import type { PlacedLabel } from '../../src/charts/next-labels.js'
import { placedLabels } from '../../src/charts/next-labels.js'
import { priceParts } from '../../src/charts/plotted.js'
import { priceChart } from '../../src/charts/price.js'
import type { PriceChart } from '../../src/charts/price.js'
import type { PriceBar } from '../../src/charts/price-rows.js'
import { priceStrips } from '../../src/charts/strips.js'
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
    const spec = drawn({ parts: ['block', 'states', 'higher'], higher: '1d' }, () => ({ ...step, block_level: 240 }))
    expect(titles(spec).text).toBe('A 30m: price with block level and the 1d PLdot and envelope')
    expect(titles(spec).subtitle[1]).toBe('nothing to draw of market states')
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
      'nearby support 3.000', 'further resistance 8.000 to 9.000',
    ])
  })

  it('draw the levels of a bar on the bar for which it projected them', () => {
    const levels = { one_one_high_next: 9, one_one_low_next: 7, main_channel_next: 8, red_bird_next: 6 }
    const spec = drawn({ parts: ['one_ones', 'main_channel', 'red_bird'] }, (i) => (i === 4 ? levels : {}))
    expect(dataset(spec, 'one_ones')).toEqual([{ start: 4.5, price: 9 }, { start: 4.5, price: 7 }])
    expect(dataset(spec, 'main_channel')).toEqual([{ start: 4.5, price: 8 }])
    expect(dataset(spec, 'red_bird')).toEqual([{ start: 4.5, price: 6 }])
  })

  it('draw the PLdot, the envelope and the block zone for the bar after the last, and leave room for it', () => {
    const next = { pldot_next: 240, envelope_top_next: 242, envelope_bottom_next: 239, block_zone_low: 236, block_zone_high: 238 }
    const spec = drawn({ parts: ['dot', 'envelope', 'block_zone'] }, (i) => (i === 39 ? next : {}))
    expect(dataset(spec, 'next_dot')).toEqual([{ i: 40, price: 240 }])
    expect(dataset(spec, 'next_envelope')).toEqual([{ start: 39.5, end: 40.5, top: 242, bottom: 239 }])
    expect(dataset(spec, 'block_zones')).toEqual([{ start: 39.5, end: 40.5, low: 236, high: 238 }])
    expect(endOf(spec)).toBeGreaterThanOrEqual(40.5)
    expect(endOf(drawn({ parts: ['dot'] }))).toBe(40)
  })

  it('say why touched lines are not drawn on merged candles', () => {
    const bars = marketBars(3000).map((bar) => ({ ...bar, plotted: { termination_lines: 'line_5_9_up', line_5_9_up: 240 } }))
    const spec = priceChart({ symbol: 'A', timeframe: '30m', bars, parts: ['touches'] })
    expect(titles(spec).subtitle[1]).toBe('nothing to draw of touched lines; touched lines need a candle for each bar: fewer bars or more width')
  })

  it('write small prices with the decimals that they need', () => {
    expect(texts(drawn({ parts: ['lines', 'zones'] }, () => ({ line_5_9_up: 0.000103, nearby_support_low: 0.00012, nearby_support_high: 0.00013 })))).toEqual([
      '5-9 up 0.000103', 'nearby support 0.000120 to 0.000130',
    ])
  })

  it('are named in lines that the picture has room for', () => {
    const parts = ['dot', 'envelope', 'block', 'block_zone', 'zones', 'confluence', 'runs', 'states'] as const
    const spec = drawn({ parts, options: { width: 420, height: 300 } })
    expect(titles(spec).text).toBe('A 30m: price')
    expect(titles(spec).subtitle).toEqual([
      'with PLdot and envelope', '2026-01-26 to 2026-01-29 · 40 bars',
      'nothing to draw of block level, block zone,', 'zones, confluence zones, runs and market', 'states',
    ])
  })

  it('make a picture higher when their strips would be squeezed, unless its height is chosen', () => {
    const states = (parts: PriceChart['parts'], height?: number) => {
      return drawn({ parts, options: { height } }, () => ({ side: 1, run: 1, push: 1, alignment_score: 0.5, signal_strength: 0.5 })) as { height: number }
    }
    expect(states(['runs']).height).toBe(700)
    expect(states(['runs', 'patterns', 'alignment', 'strength']).height).toBeGreaterThan(900)
    expect(states(['runs', 'patterns', 'alignment', 'strength'], 500).height).toBe(500)
  })

  it('name the extensions of lines with their prices', () => {
    const extensions = { line_5_9_up_extension: 230, line_5_2_down_extension: 250, line_5_2_up_extension: null }
    expect(texts(drawn({ parts: ['extensions'] }, () => extensions))).toEqual(['5-9 up extension 230.00', '5-2 down extension 250.00'])
  })

  it('draw a touched line on the bar that touched it, at the price of the bar before', () => {
    const touched = { termination_lines: 'line_5_9_up, line_6_1_down_closed, line_6_1_down' }
    const spec = drawn({ parts: ['touches'] }, (i) => ({ line_5_9_up: i, line_6_1_down: -i, ...(i === 5 ? touched : { termination_lines: '' }) }))
    expect(dataset(spec, 'touches')).toEqual([
      { line: 'line_5_9_up', role: 'touched support', price: 4, start: 4.5, end: 5.5 },
      { line: 'line_6_1_down', role: 'touched resistance', price: -4, start: 4.5, end: 5.5 },
    ])
  })

  it('leave out confluence zones far from the prices', () => {
    const bars = marketBars(40)
    const [low, high] = [Math.min(...bars.map((bar) => bar.low)), Math.max(...bars.map((bar) => bar.high))]
    const half = (high - low) / 2
    const zones = {
      support_zone_low: low - half - 2, support_zone_high: low - half - 1, support_zone_weight: 2.5,
      resistance_zone_low: high + half - 1, resistance_zone_high: high + half, resistance_zone_weight: 4.5,
    }
    expect(dataset(drawn({ parts: ['confluence'] }, (i) => (i === 9 ? zones : {})), 'confluence')).toEqual([
      { zone: 'confluence resistance', start: 9.5, low: high + half - 1, high: high + half, weight: 4.5 },
    ])
  })

  it('tell runs from closes that only lie beside the dot', () => {
    const sides = [null, 0, 1, 1, 1, 1, -1]
    const spec = drawn({ parts: ['runs'] }, (i) => ({ side: sides.at(i) ?? null, run: i === 4 || i === 5 ? 1 : 0 }))
    expect(dataset(spec, 'runs')).toEqual([
      { state: 'no run yet', low: -1, high: 1, start: 0.5, end: 1.5 },
      { state: 'no run yet', low: 0, high: 1, start: 1.5, end: 3.5 },
      { state: 'run', low: 0, high: 1, start: 3.5, end: 5.5 },
      { state: 'no run yet', low: -1, high: 0, start: 5.5, end: 6.5 },
    ])
  })

  it('draw states of every kind in the direction of their own', () => {
    const states = {
      bar_state: 'trend_run', direction: -1, run_grade: 'aborting', run: 1, dot_momentum: 'equidistant', pldot_slope: -0.2,
      recommended_action: 'wait', risk_level: 'high', trade_direction: 1,
    }
    const spec = drawn({ parts: ['bar_states', 'grades', 'momentum', 'actions', 'risk'] }, (i) => (i === 7 ? states : {}))
    const place = { start: 6.5, end: 7.5 }
    expect(dataset(spec, 'bar_states')).toEqual([{ state: 'trend run', low: -1, high: 0, ...place }])
    expect(dataset(spec, 'grades')).toEqual([{ state: 'aborting', low: 0, high: 1, ...place }])
    expect(dataset(spec, 'momentum')).toEqual([{ state: 'equidistant', low: -1, high: 0, ...place }])
    expect(dataset(spec, 'actions')).toEqual([{ state: 'wait', low: 0, high: 1, ...place }])
    expect(dataset(spec, 'risk')).toEqual([{ state: 'high', low: 0, high: 1, ...place }])
  })

  it('mark patterns in the rows of their kinds, with their strengths', () => {
    const plotted = { push: -1, push_bars: 4, exhaust: 1, c_wave: -3, oscillation_bars: 4, refresh: 0, refresh_bars: 2 }
    const spec = drawn({ parts: ['patterns'], patterns: ['push', 'exhaust', 'c-wave', 'oscillation'] }, (i) => (i === 6 ? plotted : { oscillation_bars: 3 }))
    const marks = dataset<{ i: number; kind: string; row: number; way: string; strength: number | null }>(spec, 'patterns')
    expect(marks.map(({ i, kind, row, way, strength }) => [i, kind, row, way, strength])).toEqual([
      [6, 'push', 3.5, 'bearish pattern', 4],
      [6, 'exhaust', 2.5, 'bullish pattern', null],
      [6, 'c-wave', 1.5, 'bearish pattern', 3],
      [6, 'oscillation', 0.5, 'pattern without direction', 4],
    ])
    expect(dataset(drawn({ parts: ['patterns'], patterns: ['refresh'] }, () => plotted), 'patterns')).toEqual([])
  })

  it('mark pushes and touches hollow where the dot loses momentum, and no other pattern', async () => {
    const plotted = { push: 1, is_losing_push: true, refresh: 1, termination_touch: -1, termination_count: 2, momentum_fade: true }
    const parts = { parts: ['patterns'], patterns: ['push', 'refresh', 'touch'] } as const
    const spec = drawn(parts, (i) => (i === 6 ? plotted : { push: 1, is_losing_push: false, termination_touch: 1, momentum_fade: null }))
    const marks = dataset<{ i: number; kind: string; isLosing: boolean }>(spec, 'patterns')
    expect(marks.filter(({ isLosing }) => isLosing).map(({ i, kind }) => [i, kind])).toEqual([[6, 'push'], [6, 'touch']])
    expect(marks.length).toBeGreaterThan(3)
    // the hole of the legend's square, and of the two marks
    const svg = await toSvg(spec)
    expect(svg).toMatch(/losing momentum</)
    const holes = /fill="#ffffff"[^>]*aria-roledescription="point"|aria-roledescription="point"[^>]*fill="#ffffff"/g
    expect(svg.match(holes)).toHaveLength(2)
    expect(await toSvg(drawn(parts, () => ({ ...plotted, is_losing_push: false, momentum_fade: false })))).not.toMatch(/losing momentum/)
  })

  it('draw scores over the bars on which trade is permitted', () => {
    const spec = drawn({ parts: ['alignment', 'strength'] }, (i) => (i < 38 ? {} : {
      alignment_score: 0.7, higher_strength: 0.4, signal_strength: null, is_trade_permitted: i === 39,
    }))
    const scores = (part: string) => dataset<{ i: number; name: string; score: number }>(spec, part).map(({ i, name, score }) => [i, name, score])
    expect(scores('alignment')).toEqual([[38, 'alignment score', 0.7], [39, 'alignment score', 0.7]])
    expect(scores('strength')).toEqual([[38, 'higher strength', 0.4], [39, 'higher strength', 0.4]])
    expect(dataset(spec, 'alignment_permitted')).toEqual([{ floor: 0, ceiling: 1, start: 38.5, end: 39.5 }])
  })

  it('draw nothing, and no legend, of what a young symbol does not have yet', async () => {
    const spec = drawn({ parts: priceParts }, () => ({}))
    const { datasets = {} } = spec as { datasets?: Record<string, unknown[]> }
    expect(Object.entries(datasets).filter(([, rows]) => rows.length > 0).map(([name]) => name)).toEqual(['candles'])
    expect(await toSvg(spec)).not.toMatch(/NaN|undefined|>(?:support line|area|confines|trend|market state|patterns)</)
    expect(titles(spec).text).toBe('A 30m: price with PLdot and envelope')
    expect(titles(spec).subtitle[1]).toBe('nothing to draw of 23 parts of the geometry')
  })
})

describe('strips of a price chart', () => {
  const strip = (height: number) => ({ title: '', height, legend: [], datasets: {}, layers: () => [] })

  it('leave the prices all of the view where there are none', () => {
    expect(priceStrips([], false)).toEqual({ price: { top: 0, bottom: 1 }, overlays: [], volume: null })
  })

  it.each([[[0.1], true], [[0.1], false], [[0.3, 0.1, 0.2], true], [Array<number>(10).fill(0.22), true]])('of heights %j lie one below the other', (heights, hasVolume) => {
    const { price, overlays, volume } = priceStrips(heights.map(strip), hasVolume)
    const all = [price, ...overlays, ...(volume === null ? [] : [volume])]
    expect(all[0].top).toBe(0)
    expect(all[all.length - 1].bottom).toBeCloseTo(1, 9)
    for (const [at, { top, bottom }] of all.entries()) {
      expect(bottom).toBeGreaterThan(top)
      if (at > 0) expect(top).toBeGreaterThan(all[at - 1].bottom)
    }
    expect(price.bottom).toBeGreaterThan(0.2)
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

/** Where the axis of bars ends. */
function endOf(spec: ReturnType<typeof drawn>): number {
  return Number(/"scale":\{"domain":\[-1,([\d.]+)\]/.exec(JSON.stringify(spec))![1])
}

function texts(spec: ReturnType<typeof drawn>): string[] {
  return dataset<PlacedLabel>(spec, 'labels').map(({ text }) => text)
}
