import { describe, expect, it } from 'vitest'
import { barsOf, evenBars, geometryRows, openGeometry, type TestBar, type Value } from './bars.js'
import { addCopies, differencesOf } from './copies.js'
import { constantBars, flatBars, gapBars, risenBars, scaledGolden } from './edge-bars.js'

async function lastRow(bars: readonly TestBar[]): Promise<Record<string, Value>> {
  return (await geometryRows(bars)).at(-1)!
}

/** The columns of the last bar that are not null, apart from the bar itself and what tells events from none. */
async function known(closes: number[]): Promise<string[]> {
  const row = await lastRow(evenBars(closes))
  const given = ['symbol', 'timeframe', 'bar_at', 'closed_at', 'session_date', 'open', 'high', 'low', 'close', 'volume']
  const names = Object.keys(row).filter((name) => row[name] !== null && row[name] !== false && !given.includes(name))
  return names.filter((name) => !/^line_|^area_|^(nearby|further|previous)_/.test(name))
}

describe('a symbol with few bars', () => {
  const widths = ['minimum_zone_width', 'oversized_zone_width']
  const first = ['typical_price', 'mean_range', 'one_one_high_next', 'one_one_low_next', ...widths]

  it('has one-ones from one bar', async () => {
    expect(await known([10])).toEqual(first)
    expect(Object.keys(await lastRow(evenBars([10]))).filter((name) => name.startsWith('line_'))).toHaveLength(26)
  })

  it('has two-bar lines from two, but neither dot nor zones', async () => {
    const row = await lastRow(evenBars([10, 11]))
    expect(await known([10, 11])).toEqual([...first.slice(0, 2), 'red_bird_next', ...first.slice(2)])
    expect(row).toMatchObject({ line_5_9_up: 2 * 10.5 - 10.5, line_5_2_down: 2 * 11.5 - 10.5, line_6_1_up: null })
    expect(row).toMatchObject({ area_next: null, further_resistance_low: null, nearby_support_low: null })
  })

  it('has a dot, an envelope and zones from three, but no side of the close', async () => {
    // the close, 12, lies on the top of area 5, 2·11.5-11
    const row = await lastRow(evenBars([10, 11, 12]))
    expect(row).toMatchObject({ pldot_next: 11, envelope_top_next: 11.5, area_next: 6, further_resistance_low: 13.5 })
    expect(row).toMatchObject({ pldot: null, side: null, refresh: null, envelope_position: null, push: null })
  })

  it('has pushes from five, but no run and no state', async () => {
    const row = await lastRow(evenBars([10, 11, 12, 11, 12]))
    expect(row).toMatchObject({ push: 1, push_bars: 1, refresh: 0, side: 1 })
    expect(row).toMatchObject({ oscillation_bars: null })
    expect(row).toMatchObject({ run: null, exhaust: null, c_wave: null, envelope_exhaust: null })
    expect(row).toMatchObject({ bar_state: null, market_state: null, bars_in_state: null, state_confidence: null })
  })
})

describe('prices that never change', () => {
  it('have no side, no pattern and no position in an envelope without width', async () => {
    const row = await lastRow(constantBars)
    expect(row).toMatchObject({ pldot_next: 10, side: 0, run: 0, bar_state: null, market_state: null })
    expect(row).toMatchObject({ envelope_top_next: 10, envelope_bottom_next: 10, envelope_position: null })
    expect(row).toMatchObject({ push: 0, push_bars: 0, refresh: 0, refresh_bars: 1, exhaust: 0, c_wave: 0 })
    expect(row).toMatchObject({ envelope_exhaust: 0, oscillation_bars: 0, dot_momentum: 'equidistant', mean_range: 0 })
  })

  it('touch as many up lines as down lines, and lie on every area, without resistance above', async () => {
    const row = await lastRow(constantBars)
    // 5-9, 6-5 and 6-6 up and down, all at 10
    expect(row).toMatchObject({ termination_touch: 0, termination_count: 6, termination_approach: 0 })
    expect(row).toMatchObject({ area_next: 7, nearby_support_low: 10, nearby_support_high: 10 })
    expect(row).toMatchObject({ nearby_resistance_low: null, further_support_low: null, further_resistance_low: null })
  })
})

describe('an envelope without width', () => {
  it('has no position, but closes beyond it count', async () => {
    const rows = await geometryRows(flatBars)
    expect(rows.map((row) => row.envelope_position)).toEqual(Array(12).fill(null))
    // dots 10, 10.33, 11 under the closes 11, 12, 11: two closes above, then one on the envelope
    expect(rows.slice(3, 6).map((row) => row.side)).toEqual([1, 1, 0])
    expect(rows[5]).toMatchObject({ envelope_exhaust: -1, envelope_exhaust_bars: 2, oscillation_bars: 0 })
  })

  it('has none that binary numbers make up, by any method', async () => {
    // each dot is the mean of the same three prices, which are added up in another order
    const turning = barsOf(Array.from({ length: 24 }, (_, bar) => [10.54, 13.55, 12.05][bar % 3]).map((price) => [price, price, price] as const))
    const rows = await geometryRows(turning, { envelope_method: 'pldot_stdev' })
    const widths = rows.map(({ envelope_top: top, envelope_bottom: bottom }) => (top as number) - (bottom as number))
    expect(Math.max(...widths.slice(8))).toBeGreaterThan(0)
    expect(rows.map((row) => row.envelope_position)).toEqual(Array(24).fill(null))
    expect(rows.at(-1)).toMatchObject({ oscillation_bars: 0, c_wave: 0 })
  })

  it.each(['pldot_stdev', 'range', 'atr'])('has no position by the method %s', async (method) => {
    const rows = await geometryRows(constantBars, { envelope_method: method, atr_bars: 3 })
    expect(rows.at(-1)).toMatchObject({ envelope_top: 10, envelope_bottom: 10, envelope_position: null, oscillation_bars: 0 })
  })

  it('is none where the method is a share of the dot', async () => {
    const rows = await geometryRows(constantBars, { envelope_method: 'percent' })
    expect(rows.at(-1)).toMatchObject({ envelope_top: 10.1, envelope_bottom: 9.9, side: 0 })
    expect(rows.at(-1)!.envelope_position as number).toBeCloseTo(0.5, 12)
  })
})

describe('ties', () => {
  it('of the close with the dot are no side, and end a run', async () => {
    // dots 10, 11.33, 12.67 … : the last close is the mean of the three before it, (12 + 13 + 14) / 3
    const rows = await geometryRows(evenBars([9, 10, 11, 12, 13, 14, 13]))
    expect(rows.slice(3).map((row) => row.side)).toEqual([1, 1, 1, 0])
    expect(rows.slice(5).map((row) => row.run)).toEqual([1, 0])
  })

  it('that binary numbers miss are ties', async () => {
    // 0.1 + 0.2 + 0.3 is 0.6000000000000001, and a third of it is above 0.2
    const rows = await geometryRows(barsOf([0.1, 0.2, 0.3, 0.2].map((price) => [price, price, price] as const)))
    expect(rows[3]).toMatchObject({ side: 0, refresh: 0 })
  })

  it('of a high with the high before make no line of the highs', async () => {
    const row = await lastRow(barsOf([[11, 9, 10], [11, 9.5, 10]]))
    expect(row).toMatchObject({ line_5_1_up: null, line_5_2_down: null, line_5_3_down: null, line_5_1_down: null })
    // the low line is 2·9.5-9 = 10, on the close: 5-3
    expect(row).toMatchObject({ line_5_3_up: 10 })
  })

  it('of the close with the top of the envelope belong to the area above', async () => {
    // the next envelope is 10.33 ± 0.5, its top 10.8333: the close of the third bar
    const row = await lastRow(evenBars([10, 10.25, 11]))
    expect(row).toMatchObject({ area_next: 5 })
    // closes 10, 10.25 and x with (20.25 + x) / 3 + 0.5 = x
    const tie = await lastRow(evenBars([10, 10.25, 10.875]))
    expect(tie).toMatchObject({ close: 10.875, envelope_top_next: 10.875, area_next: 5, nearby_support_high: 10.875 })
  })

  it('with a dot that stands still count as the larger change in a run', async () => {
    expect(await lastRow(risenBars)).toMatchObject({ run: 1, pldot_slope: 0, dot_momentum: 'accelerating', exhaust: 0 })
  })
})

describe('gaps', () => {
  it('between prices leave closed lines', async () => {
    const rows = await geometryRows(gapBars)
    // from 10 (9.5 to 10.5) up to 12 (11.5 to 12.5): 2·10-10.5 = 9.5 and 2·10-9.5 = 10.5
    expect(rows[2]).toMatchObject({ line_5_9_up_closed: 9.5, line_5_3_up_closed: 10.5, line_5_1_down_closed: null })
    // from 12 (11.5 to 12.5) down to 9 (8.5 to 9.5): 2·12-11.5 = 12.5 and 2·12-12.5 = 11.5
    expect(rows[4]).toMatchObject({ line_5_9_down_closed: 12.5, line_5_3_down_closed: 11.5, line_5_1_up_closed: null })
    // no gap: no closed line
    expect(rows[3]).toMatchObject({ line_5_9_up_closed: null, line_5_3_up_closed: null, line_5_3_down_closed: null })
  })

  it('of one bar in time join the bars around them', async () => {
    const closes = [10, 11, 12, 11, 12.5, 13, 14, 13.5, 14.5]
    const database = await openGeometry(evenBars(closes))
    await database.run(`delete from test_bars where session_date = date '2020-01-06'`)
    const rows = await database.rows<Record<string, Value>>('select * from geometry order by bar_at')
    database.close()
    const without = await geometryRows(evenBars(closes.filter((_, index) => index !== 5)))
    expect(rows).toHaveLength(8)
    expect(rows.map((row) => [row.pldot_next, row.run, row.push_bars, row.refresh_bars, row.nearby_support_low]))
      .toEqual(without.map((row) => [row.pldot_next, row.run, row.push_bars, row.refresh_bars, row.nearby_support_low]))
  })
})

describe.each([1e-6, 1e4])('prices %d times those of the worked example', (factor) => {
  it('have the same geometry, scaled', async () => {
    const scaled = { name: 'scaled', factor, shift: '0' }
    const database = await openGeometry(scaledGolden(1))
    await addCopies(database, [scaled])
    expect(await differencesOf(database, scaled)).toEqual([])
    database.close()
  })
})
