import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { chooseFrames } from '../../src/analysis/frames.js'
import { parseMoment } from '../../src/analysis/moment.js'
import { createSnapshot } from '../../src/analysis/snapshot.js'
import type { ContextRow } from '../../src/analysis/facts.js'
import { optionOf } from '../../src/bounds.js'
import { openDatabase } from '../../src/database/database.js'
import { geometry, parameterOf, usualGeometry, type GeometrySpec } from '../../src/models/parameters.js'
import { testStore, type TestStore } from '../backtest/store.js'

let store: TestStore
/** The row of `context` of each symbol at its last bar. */
let last: ContextRow[]
const latest = `
  select * from context where timeframe = '30m'
  qualify row_number() over (partition by symbol order by bar_at desc) = 1
  order by symbol`
beforeAll(async () => {
  store = await testStore(16, '2026-01-02', '2026-04-17')
  last = await store.rows(latest) as ContextRow[]
}, 60_000)
afterAll(() => store.remove())

async function scanned(...argv: string[]): Promise<ContextRow[]> {
  const { code, out, err } = await store.dgas('scan', ...argv, '--json')
  if (code !== 0) throw new Error(err)
  return JSON.parse(out) as ContextRow[]
}

describe('the last bars of a universe', () => {
  it.each([
    ['all series cut', 60, null],
    ['so short a tail that many series are computed in full', 24, 'some'],
    ['all bars', null, null],
  ])('are those of context: %s', async (_name, tail, lengthened) => {
    const database = await openDatabase({ threads: 2 })
    const place = { folder: store.folder, isSample: true }
    const frames = chooseFrames(place, undefined, undefined)
    const all = { frames, symbols: null, moment: parseMoment(undefined), geometry: usualGeometry, columnsRead: null }
    await createSnapshot(database, place, { ...all, tail, kept: { focus: 3, higher: 4 }, hasNext: false })
    const kept = await database.rows<ContextRow>(`
      select * from context
      qualify row_number() over (partition by symbol order by bar_at desc) = 1 order by symbol`)
    const plain = kept.map((row) => Object.fromEntries(Object.entries(row).filter(([name]) => !/(_at|_date)$/.test(name))))
    expect(plain).toEqual(last.map((row) => Object.fromEntries(Object.keys(plain[0]).map((name) => [name, row[name]]))))
    expect(Object.keys(kept[0]).sort()).toEqual(Object.keys(last[0]).sort())
    if (tail !== null) {
      const cut = await database.value(`select count(*) from recent.series where tail_from > timestamp '-infinity' and bars > ${tail}`)
      expect(Number(cut)).toBeGreaterThan(lengthened === null ? 15 : 0)
      const long = Number(await database.value('select count(*) from recent.uncertain'))
      if (lengthened === null) expect(long).toBe(0)
      else expect(long).toBeGreaterThan(0)
    }
    database.close()
  }, 30_000)

  it.each<[string, GeometrySpec]>([
    ['closes against the dot that includes them', { displacement: 0 }],
    ['three dots', { envelopeMethod: 'pldot_stdev' }],
    ['true ranges of more bars than would be computed otherwise', { envelopeMethod: 'atr', atrBars: 70 }],
  ])('are those of context for a geometry of %s', async (_name, spec) => {
    const database = await openDatabase({ threads: 2 })
    const place = { folder: store.folder, isSample: true }
    const bars = { frames: chooseFrames(place, undefined, undefined), symbols: null, moment: parseMoment(undefined), columnsRead: null }
    await createSnapshot(database, place, { ...bars, geometry: geometry(spec), tail: 48, kept: { focus: 3, higher: 4 }, hasNext: false })
    const kept = await database.rows<ContextRow>(latest)
    const options = Object.entries(spec).flatMap(([name, value]) => [optionOf(parameterOf(name)), String(value)])
    const { out } = await store.dgas('query', latest, '--format', 'json', ...options)
    const expected = JSON.parse(out) as ContextRow[]
    const facts = (rows: ContextRow[]) => rows.map((row) => Object.entries(row).filter(([name]) => !/(_at|_date)$/.test(name)).sort())
    expect(facts(kept)).toEqual(facts(expected))
    const cut = await database.value(`select count(*) from recent.series where tail_from > timestamp '-infinity' and bars > 120`)
    expect(Number(cut)).toBeGreaterThan(8)
    database.close()
  }, 60_000)
})

describe('dgas scan', () => {
  it('ranks all symbols by signal strength, with the facts of context', async () => {
    const rows = await scanned()
    expect(rows).toHaveLength(16)
    const strengths = rows.map(({ signal_strength }) => signal_strength as number)
    expect(strengths).toEqual([...strengths].sort((a, b) => b - a))
    for (const { zone_role: _role, zone_distance: _distance, ...facts } of rows) {
      expect(last.find(({ symbol }) => symbol === facts.symbol)).toMatchObject(facts)
    }
  })

  it('measures the way to the nearest zone in mean ranges', async () => {
    const rows = await scanned('--where', 'zone_distance is not null')
    expect(rows.length).toBeGreaterThan(3)
    for (const row of rows) {
      const { mean_range } = last.find(({ symbol }) => symbol === row.symbol)!
      const close = row.close as number
      const away = [
        row.support_zone_high === null ? Infinity : (close - (row.support_zone_high as number)),
        row.resistance_zone_low === null ? Infinity : ((row.resistance_zone_low as number) - close),
      ]
      expect(row.zone_distance).toBeCloseTo(Math.min(...away) / (mean_range as number), 9)
      expect(row.zone_role).toBe(away[0] <= away[1] ? 'support' : 'resistance')
    }
  })

  it('filters and orders by any column of context', async () => {
    const rows = await scanned('--where', 'higher_line_5_9_up < close and termination_count > 0', '--order-by', 'oscillation_bars desc, symbol', '--limit', '5')
    const expected = last.filter((row) => (row.higher_line_5_9_up as number) < (row.close as number) && (row.termination_count as number) > 0)
      .sort((a, b) => (b.oscillation_bars as number) - (a.oscillation_bars as number) || ((a.symbol as string) < (b.symbol as string) ? -1 : 1))
    expect(rows.map(({ symbol }) => symbol)).toEqual(expected.slice(0, 5).map(({ symbol }) => symbol))
    expect(rows.length).toBeGreaterThan(1)
  })

  it('takes symbols by name, in other timeframes and at other times', async () => {
    const symbols = store.symbols.slice(2, 5)
    const rows = await scanned(...symbols, '--timeframe', '1h', '--higher', '1d', '--at', '2026-03-04', '--order-by', 'symbol')
    expect(rows.map(({ symbol }) => symbol)).toEqual(symbols)
    expect(new Set(rows.map(({ bar_at }) => bar_at))).toEqual(new Set(['2026-03-04 20:30:00']))
    const { out } = await store.dgas('analyze', ...symbols, '--timeframe', '1h', '--higher', '1d', '--at', '2026-03-04', '--json')
    const analyses = JSON.parse(out) as ContextRow[]
    expect(rows.map(({ signal_strength }) => signal_strength)).toEqual(analyses.map(({ signal_strength }) => signal_strength))
  })

  it('prints a table of at most 100 columns with a summary, and CSV', async () => {
    const { out, err } = await store.dgas('scan', '--limit', '4')
    expect(out.split('\n')).toHaveLength(7)
    expect(Math.max(...out.split('\n').map((line) => line.length))).toBeLessThanOrEqual(100)
    expect(err).toMatch(/^16 symbols, 30m bars that closed at 2026-04-17 20:00 UTC\n\d+ long, \d+ short, /)
    const chosen = await store.dgas('scan', '--where', "recommended_action = 'long'", '--limit', '1')
    const longs = last.filter(({ recommended_action }) => recommended_action === 'long').length
    expect(longs).toBeGreaterThan(1)
    expect(chosen.err).toMatch(new RegExp(`^${longs} of 16 symbols, 30m bars that closed at 2026-04-17 20:00 UTC\\n${longs} long, 0 short, `))
    const csv = await store.dgas('scan', '--format', 'csv', '--limit', '2')
    expect(csv.out.trimEnd().split('\n')).toHaveLength(3)
  })
})

describe('the errors of dgas scan', () => {
  it.each([
    [['--where', 'signal_strenght > 1'], 1, /--where: .*"signal_strenght".*\(did you mean signal_strength\?\)\nline 1: .*\n\s+\^/],
    [['--where', 'higher_linee_5_9_up > 1'], 1, /did you mean higher_line_5_9_up\?/],
    [['--order-by', 'oscilation_bars'], 1, /--order-by: .*\(did you mean oscillation_bars\?\)\nline 1: .*\n\s+\^/],
    [['--where', 'close > )'], 1, /--where: syntax error/],
    [['--where', 'true; drop table scan'], 1, /--where/],
    [['--where', 'false) or (true'], 1, /--where: syntax error at or near "\)"\nline 1: false\) or \(true\n +\^/],
    [['--order-by', 'symbol,'], 1, /--order-by: syntax error at end of input\nline 1: symbol,\n {15}\^\n$/],
    [['--order-by', ''], 2, /--order-by: the order is empty\n$/],
    [['--order-by', 'symbol limit 3'], 1, /--order-by: syntax error at or near "limit"/],
    [['--order-by', 'symbol offset 3'], 1, /--order-by: syntax error at or near "offset"/],
    [['--universe', 'nowhere'], 2, /there is no universe "nowhere"/],
    [['--limit', 'many'], 2, /--limit: "many"/],
    [['--at', '2025-12-01'], 1, /no symbol has a 30m bar that had closed by the end of 2025-12-01/],
    [['NOPE'], 2, /the store has no bars of "NOPE"/],
  ])('%s', async (argv, code, message) => {
    const outcome = await store.dgas('scan', ...argv)
    expect(outcome.err).toMatch(message)
    expect(outcome.code).toBe(code)
    expect(outcome.out).toBe('')
  })
})
