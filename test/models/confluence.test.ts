import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { TestBar } from './bars.js'
import { contextRows, modelRows, type ContextRow } from './context.js'
import { levelNames, naiveZones, type Zone } from './naive-zones.js'
import { randomBars, randomSymbols } from './random-bars.js'
import { hasRealBars, openRealGeometry } from './real-bars.js'

const names = [...new Set([...levelNames('support'), ...levelNames('resistance')])]
const frames = { timeframe: '30m', higher_timeframe: '1d', second_higher_timeframe: '1w' }
const columns = ['close', 'mean_range', 'trade_direction', ...['', 'higher_', 'second_higher_'].flatMap((prefix) => names.map((name) => prefix + name))]

/** The zones around a close of 100, with a mean range of 2: levels confirm one another over up to 0.1. */
async function zones(...levels: ContextRow[]): Promise<ContextRow[]> {
  const rows = levels.map((row) => ({ close: 100, mean_range: 2, ...frames, ...row }))
  return modelRows(['focus_levels', 'anchors', 'confluence'], 'strengths', [...columns, ...Object.keys(frames)], rows)
}

function zoneOf(row: ContextRow, role: string): Zone | null {
  const [low, high, level, weight] = ['low', 'high', 'level', 'weight'].map((name) => row[`${role}_zone_${name}`] as number | null)
  const timeframes = row[`${role}_zone_timeframes`] as string
  return low === null ? null : { low, high: high!, level: level!, weight: weight!, timeframes }
}

function expectZones(row: ContextRow): void {
  const naive = naiveZones(row)
  for (const role of ['support', 'resistance'] as const) {
    const [found, expected] = [zoneOf(row, role), naive[role]]
    const where = `${role} of ${JSON.stringify(row, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value))}`
    expect(found === null, where).toBe(expected === null)
    expect(row[`${role}_zone_timeframes`], `timeframes of ${where}`).toBe(expected?.timeframes ?? null)
    for (const part of ['low', 'high', 'level', 'weight'] as const) {
      if (found !== null) expect(found[part], `${part} of ${where}`).toBeCloseTo(expected![part], 6)
    }
  }
  if (row.higher_pldot_next !== null) expect(row.confluence_count).toBe(naive.count)
  const side = row.trade_direction === 1 ? 'support' : row.trade_direction === -1 ? 'resistance' : null
  for (const part of ['low', 'high', 'weight']) {
    expect(row[`zone_${part}`], `${part} of the zone in the trade's direction`).toBe(side === null ? null : row[`${side}_zone_${part}`])
  }
}

describe('a zone', () => {
  it('is a level of the higher timeframe that a level of its own confirms, on the same side of the close', async () => {
    const [row] = await zones({ pldot_next: 98, higher_envelope_bottom_next: 98.06, higher_pldot_next: 103 })
    expect(zoneOf(row, 'support')).toEqual({ low: 98, high: 98.06, level: expect.closeTo(98.03, 9) as number, weight: 2.5, timeframes: '30m, 1d' })
    expect(zoneOf(row, 'resistance')).toBeNull()
    expect(row.confluence_count).toBe(1)
  })

  it('needs levels at most a twentieth of the mean range apart, or 0.05 % of the close', async () => {
    const found = await zones(
      { pldot_next: 98, higher_pldot_next: 98.1 },
      { pldot_next: 98, higher_pldot_next: 98.11 },
      { pldot_next: 98, higher_pldot_next: 98.05, mean_range: 0.01 },
      { pldot_next: 98, higher_pldot_next: 98.06, mean_range: 0.01 },
    )
    expect(found.map((row) => row.confluence_count)).toEqual([1, 0, 1, 0])
  })

  it('weighs 1.5 for the first, 2 for the second higher timeframe and 1 for each level of its own', async () => {
    const [first, second, both, apart] = await zones(
      { pldot_next: 102, one_one_high_next: 102.05, line_5_9_down: 102.08, higher_pldot_next: 102 },
      { pldot_next: 102, second_higher_pldot_next: 102 },
      { pldot_next: 102, higher_block_level: 102.02, second_higher_pldot_next: 102.04, higher_pldot_next: 90 },
      { pldot_next: 102, envelope_top_next: 104, higher_pldot_next: 102, second_higher_pldot_next: 104 },
    )
    expect([first, second, both, apart].map((row) => row.resistance_zone_weight)).toEqual([4.5, 3, 4.5, 2.5])
    expect(zoneOf(both, 'resistance')).toMatchObject({ low: 102, high: 102.04 })
    expect(both.resistance_zone_level).toBeCloseTo(102.02, 9)
    expect(apart.confluence_count).toBe(2)
  })

  it('names the timeframes whose levels it has, from its own up', async () => {
    const rows = await zones(
      { pldot_next: 102, higher_pldot_next: 102 },
      { pldot_next: 102, second_higher_pldot_next: 102 },
      { pldot_next: 98, higher_pldot_next: 98.05, second_higher_pldot_next: 97.96 },
      { pldot_next: 98, higher_pldot_next: 98, second_higher_pldot_next: 97.8 },
      { pldot_next: 98, higher_pldot_next: 102 },
    )
    const found = rows.map(({ support_zone_timeframes: support, resistance_zone_timeframes: resistance }) => [support, resistance])
    expect(found).toEqual([[null, '30m, 1d'], [null, '30m, 1w'], ['30m, 1d, 1w', null], ['30m, 1d', null], [null, null]])
  })

  it('is the one nearest to the close of each side', async () => {
    const [row] = await zones({
      pldot_next: 99, envelope_bottom_next: 97, envelope_top_next: 103, one_one_high_next: 101,
      higher_pldot_next: 99, higher_envelope_bottom_next: 97, higher_envelope_top_next: 103, higher_one_one_high_next: 101,
    })
    expect([row.support_zone_level, row.resistance_zone_level, row.confluence_count]).toEqual([99, 101, 4])
  })

  it('takes up lines for support only and down lines for resistance only', async () => {
    const [row] = await zones({ line_5_9_down: 98, higher_pldot_next: 98, line_5_9_up: 102, higher_block_level: 102 })
    expect([zoneOf(row, 'support'), zoneOf(row, 'resistance'), row.confluence_count]).toEqual([null, null, 0])
  })

  it('is not made of levels at the close', async () => {
    const [row] = await zones({ pldot_next: 100, higher_pldot_next: 100 })
    expect([zoneOf(row, 'support'), zoneOf(row, 'resistance')]).toEqual([null, null])
  })

  it('can be of every level and line', async () => {
    const below = levelNames('support').filter((name) => name !== 'one_one_high_next')
    const above = levelNames('resistance').filter((name) => name !== 'one_one_low_next')
    const found = await zones(
      ...below.map((name) => ({ [name]: 98, higher_pldot_next: 98 })), ...below.map((name) => ({ pldot_next: 98, [`higher_${name}`]: 98 })),
      ...above.map((name) => ({ [name]: 102, higher_pldot_next: 102 })),
      ...above.map((name) => ({ pldot_next: 102, [`second_higher_${name}`]: 102 })),
    )
    const sum = found.map((row) => [row.support_zone_level, row.resistance_zone_level].filter((level) => level !== null))
    expect(sum).toEqual([...Array<number[]>(2 * below.length).fill([98]), ...Array<number[]>(2 * above.length).fill([102])])
  })
})

/** Levels on ticks around a close, so that ties with it, with each other and with the reach are common. */
const randomLevels = fc.tuple(
  fc.integer({ min: 1, max: 30 }),
  fc.array(fc.option(fc.integer({ min: -40, max: 40 })), { minLength: columns.length, maxLength: columns.length }),
).map(([range, ticks]) => {
  const levels = Object.fromEntries(columns.map((name, index) => [name, withoutPair(name, ticks[index])]))
  return { ...levels, close: 100, mean_range: range / 10 }
})

/** Some lines never exist beside another one: of each such pair only the first is made up. */
function withoutPair(name: string, ticks: number | null): number | null {
  const isSecond = /line_5_3_(up|down)$|line_6_7_|line_5_9_.*_closed|one_one/.test(name)
  return ticks === null || isSecond ? null : 100 + ticks / 50
}

describe("the zone in the trade's direction", () => {
  it('is support for a long trade, resistance for a short one, and none without a direction', async () => {
    const both = { pldot_next: 98, higher_pldot_next: 98.05, envelope_top_next: 101, second_higher_envelope_top_next: 101.05 }
    const rows = await zones({ ...both, trade_direction: 1 }, { ...both, trade_direction: -1 }, { ...both, trade_direction: 0 }, both)
    const found = rows.map(({ zone_low, zone_high, zone_weight }) => [zone_low, zone_high, zone_weight])
    expect(found).toEqual([[98, 98.05, 2.5], [101, 101.05, 3], [null, null, null], [null, null, null]])
  })
})

describe('zones found by looking at every pair of levels', () => {
  it('are those of the model, for levels made up', async () => {
    await fc.assert(fc.asyncProperty(fc.array(randomLevels, { minLength: 40, maxLength: 40 }), async (levels) => {
      const rows = await zones(...levels)
      for (const [index, row] of rows.entries()) expectZones({ ...levels[index], ...row })
    }), { numRuns: 5 })
  })

  it.each([['1w', '1mo'], ['1w']])('are those of the model, for bars below %s', async (...higher: string[]) => {
    let found = 0
    await fc.assert(fc.asyncProperty(randomSymbols(3, { minLength: 250, maxLength: 300 }), async (symbols) => {
      for (const row of await contextRows(symbols.flat(), higher)) {
        expectZones(row)
        found += row.support_zone_level === null ? 0 : 1
      }
    }), { numRuns: 1 })
    expect(found).toBeGreaterThan(20)
  }, 120_000)
})

describe.skipIf(!hasRealBars)('zones of real bars', () => {
  it.each([
    { file: 'sp500_30m_2026', timeframe: '30m', higher: ['1d', '1w'], symbols: `'AAPL', 'BKNG', 'F'` },
    { file: 'sp500_1d_2013_2018', timeframe: '1d', higher: ['1w', '1mo'], symbols: `'AAPL', 'F'` },
  ])('are those found by looking at every pair of levels, in $file', async ({ symbols, ...spec }) => {
    const database = await openRealGeometry({ ...spec, condition: `symbol in (${symbols})` })
    const zone = ['support', 'resistance'].flatMap((role) => ['low', 'high', 'level', 'weight', 'timeframes'].map((part) => `${role}_zone_${part}`))
    const chosen = ['zone_low', 'zone_high', 'zone_weight', 'confluence_count']
    const rows = await database.rows<ContextRow>(`select ${[...columns, ...Object.keys(frames), ...zone, ...chosen].join(', ')} from context`)
    database.close()
    for (const row of rows) expectZones(row)
    expect(rows.filter((row) => row.support_zone_low !== null).length).toBeGreaterThan(500)
  }, 60_000)
})

describe('prices turned upside down', () => {
  it('have support where there was resistance, and the opposite actions', async () => {
    const samples = fc.sample(randomBars('A', { minLength: 200, maxLength: 250 }), { numRuns: 200, seed: 1 })
    // so low that reach, by the mean range, does not depend on the price
    const bars = samples.find((some) => some.every(({ high, low }) => low > 96.5 && high < 103.5))!.map((bar) => moved(bar, 1, -96))
    const both = await contextRows([...bars, ...bars.map((bar) => ({ ...moved(bar, -1, 8), symbol: 'turned' }))], ['1w', '1mo'])
    const [rows, turned] = ['A', 'turned'].map((symbol) => both.filter((row) => row.symbol === symbol))
    expect(turned).toHaveLength(rows.length)
    const opposite: Record<string, string> = { long: 'short', short: 'long' }
    for (const [index, row] of rows.entries()) {
      const other = turned[index]
      expect(other.resistance_zone_weight).toBe(row.support_zone_weight)
      expect(other.resistance_zone_timeframes).toBe(row.support_zone_timeframes)
      expect(other.confluence_count).toBe(row.confluence_count)
      if (row.support_zone_low !== null) expect(other.resistance_zone_high).toBeCloseTo(8 - (row.support_zone_low as number), 6)
      // whether a slope is flat depends on the price
      if (row.state_confidence !== other.state_confidence || row.higher_state_confidence !== other.higher_state_confidence) continue
      const action = row.recommended_action as string | null
      expect(other.recommended_action).toBe(action === null ? null : opposite[action] ?? action)
      expect(other.risk_level).toBe(row.risk_level)
    }
    expect(rows.some((row) => row.recommended_action === 'long' || row.recommended_action === 'short')).toBe(true)
    expect(rows.some((row) => row.support_zone_weight !== null)).toBe(true)
  })
})

function moved({ symbol, high, low, close }: TestBar, factor: 1 | -1, shift: number): TestBar {
  const [top, bottom] = factor === 1 ? [high, low] : [-low, -high]
  const ticks = (price: number) => Math.round((price + shift) * 100) / 100
  return { symbol, high: ticks(top), low: ticks(bottom), close: ticks(close * factor) }
}
