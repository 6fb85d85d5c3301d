import fc from 'fast-check'
import { basename } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Database } from '../../src/database/database.js'
import { literal } from '../../src/database/quote.js'
import { readSql, sqlFiles } from '../../src/models/model.js'
import { barsOf, materialise, openGeometry, type TestBar } from './bars.js'
import { edgeBars } from './edge-bars.js'
import { goldenBars } from './golden.js'
import { randomSymbols } from './random-bars.js'
import { hasRealBars, openRealGeometry, realFiles } from './real-bars.js'

const checks = sqlFiles('checks').map((path) => ({ name: basename(path, '.sql'), text: readSql(path) }))

/** Returns what the checks find on the rows for which a condition holds, each row with the name of its check. */
async function offences(database: Database, condition = 'true'): Promise<object[]> {
  const found: object[] = []
  for (const { name, text } of checks) {
    const rows = await database.rows(`from (${text}) where ${condition} limit 3`, { name })
    found.push(...rows.map((row) => ({ check: name, ...row })))
  }
  return found
}

async function openMaterialised(bars: readonly TestBar[]): Promise<Database> {
  const database = await openGeometry(bars)
  await materialise(database)
  return database
}

describe('the checks', () => {
  const cases: Record<string, readonly TestBar[]> = { 'the worked examples': goldenBars(), ...edgeBars }
  let database: Database
  beforeAll(async () => {
    const named = Object.entries(cases).map(([name, bars]) => bars.map((bar) => ({ ...bar, symbol: `${name}: ${bar.symbol}` })))
    database = await openMaterialised(named.flat())
  })
  afterAll(() => database.close())

  it.each(Object.keys(cases))('hold on %s', async (name) => {
    const ofCase = `starts_with(symbol, ${literal(`${name}: `)})`
    expect(await database.value(`select count(*) from geometry where ${ofCase}`)).toBe(cases[name].length)
    expect(await offences(database, ofCase)).toEqual([])
  })

  it('hold on random bars', async () => {
    await fc.assert(fc.asyncProperty(randomSymbols(24), async (symbols) => {
      const random = await openMaterialised(symbols.flat())
      expect(await offences(random)).toEqual([])
      random.close()
    }), { numRuns: 1 })
  })

  it.runIf(hasRealBars).each(realFiles)('hold on every bar of $file', async (spec) => {
    const database = await openRealGeometry(spec)
    await materialise(database)
    expect(await database.value('select count(distinct timeframe) from geometry')).toBe(1 + spec.coarser!.length)
    expect(await offences(database)).toEqual([])
    database.close()
  }, 300_000)
})

/** For each check a change of one bar that it must find. */
const mistakes: Record<string, string> = {
  areas: 'area_next = area_next + 1',
  congestions: `bar_state = 'action'`,
  dots: 'pldot_slope = pldot_slope + 0.01',
  envelopes: 'envelope_top_next = envelope_top_next + 0.01',
  geometry_keys: `bar_at = bar_at - interval 1 day`,
  line_partitions: 'line_6_1_up = null, line_6_5_down = null, line_6_7_down = null',
  lines_beside_close: 'line_6_1_up = close + 0.01',
  live_dot: 'pldot_next = pldot_next + 0.01',
  one_ones: 'one_one_high_next = close - 0.01',
  patterns: 'push_bars = push_bars + 1, push = 0',
  states: 'market_direction = -market_direction',
  terminations: 'termination_count = termination_count + 1',
  trend_runs: 'run = 0',
  warm_up: 'pldot = null',
  zones: 'nearby_support_high = close + 0.01',
}

describe('every check can fail:', () => {
  let database: Database
  beforeAll(async () => {
    // rising closes: every bar from the sixth on is one of an up run, with an empty congestion
    database = await openMaterialised(barsOf(Array.from({ length: 12 }, (_, bar) => [10.6 + bar, 9.5 + bar, 10.1 + bar] as const)))
    await database.run('create table sound as from geometry')
  })
  afterAll(() => database.close())

  it.each(checks)('$name', async ({ name, text }) => {
    await database.run('create or replace table geometry as from sound')
    expect(await database.rows(text)).toEqual([])
    await database.run(`update geometry set ${mistakes[name]} where session_date = date '2020-01-09'`)
    const found = await database.rows(`from (${text}) where bar_at between '2020-01-08' and '2020-01-10'`)
    expect(found).not.toEqual([])
  })

  it('has a mistake for each check', () => {
    expect(Object.keys(mistakes).sort()).toEqual(checks.map(({ name }) => name).sort())
  })
})
