import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { BacktestSpec } from '../../src/backtest/config.js'
import { pieceLoader } from '../../src/backtest/piece.js'
import { doBatch } from '../../src/backtest/separate.js'
import { beginWork } from '../../src/backtest/work.js'
import { openDatabase } from '../../src/database/database.js'
import { cacheRoom, type CacheRoom } from './kept-geometry-room.js'
import { testStore } from './store.js'

let room: CacheRoom
beforeAll(async () => {
  room = cacheRoom(await testStore(6))
})
afterAll(() => room.store.remove())
beforeEach(() => room.clear())

const symbols = (from: number, to: number) => room.store.symbols.slice(from, to)
const strategy = (name: string, select: string) => room.store.file(name, `-- A test.\nselect symbol, bar_at, ${select}`)

/** Runs twice; expects that the second run reads what the first has left, and that both are as without a cache. */
async function expectRead(spec: BacktestSpec, relations: readonly string[]): Promise<void> {
  const computed = await room.computed(spec)
  expect(await room.run(spec)).toEqual({ results: computed, cached: [], warnings: [] })
  expect(await room.run(spec)).toEqual({ results: computed, cached: relations, warnings: [] })
}

describe('geometry that is computed, written and read', () => {
  const accounts: [name: string, rules: BacktestSpec['rules']][] = [
    ['separate accounts', { commission_rate: 0.0005, allow_short: true }],
    ['a shared account', { accounts: 'shared', max_positions: 3, fraction: 0.3, allow_short: true }],
  ]
  const strategies = [
    ...[['multi_timeframe', 'context'], ['termination_fade', 'context'], ['congestion_breakout', 'context']],
    ...[['pldot_cross', 'sides'], ['envelope_fade', 'geometry'], ['pldot_refresh', 'geometry']],
  ]
  // in turns: what a strategy reads does not depend on the accounts
  const cases = [...strategies.map(([name, relation], index) => [name, relation, ...accounts[index % 2]] as const), ['multi_timeframe', 'context', ...accounts[1]] as const]

  it.each(cases)('gives the same results with %s, which reads %s, and %s', async (name, relation, _kind, rules) => {
    const spec = { strategy: name, rules }
    const computed = await room.computed(spec)
    expect(await room.run({ ...spec, batchBars: 900 }, { threads: 3 })).toEqual({ results: computed, cached: [], warnings: [] })
    expect(room.manifest().files.length).toBeGreaterThan(2)
    expect(await room.run({ ...spec, batchBars: 1300 }, { threads: 1 })).toEqual({ results: computed, cached: [relation], warnings: [] })
    expect((computed as Record<string, unknown[]>).signals).not.toEqual([])
  })

  it('is read, and not computed once more', async () => {
    const spec = { strategy: 'pldot_cross' }
    const { results } = await room.run(spec)
    await room.tamper('side', '-side')
    const changed = await room.run(spec)
    expect(changed.cached).toEqual(['sides'])
    expect(changed.results).not.toEqual(results)
  })

  it('holds each symbol once when a batch is computed again', async () => {
    const [database, spec] = [await openDatabase({ threads: 2 }), { strategy: 'pldot_cross', runId: 'again' }]
    const work = await beginWork(database, { folder: room.store.folder, isSample: true }, spec, { now: new Date(), use: { reads: true, leastBars: 1 } })
    const load = pieceLoader(work)
    let failures = 0
    const failing: typeof load = async (batch) => {
      const piece = await load(batch)
      if (failures++ === 0) throw new Error('IO Error: a disk that comes back')
      return piece
    }
    const { attempts } = await doBatch(work, 0, { load: failing })
    expect([attempts, await work.source.cache.finish(room.store.symbols)]).toEqual([2, null])
    await work.source.cache.close()
    database.close()
    expect(room.manifest().files.flatMap((file) => file.symbols)).toEqual(room.store.symbols)
    expect(await room.run({ strategy: 'pldot_cross' })).toMatchObject({ cached: ['sides'], results: await room.computed({ strategy: 'pldot_cross' }) })
  })
})

describe('a run that computes no geometry', () => {
  const spec = { strategy: 'pldot_cross', rules: { allow_short: true } }

  /** How many threads the database of a run has of `threads`, which somebody has `chosen` or not. */
  async function threadsOf(threads: number, isChosen: boolean): Promise<unknown> {
    const database = await openDatabase(isChosen ? { threads } : {})
    if (!isChosen) await database.run(`set threads = ${threads}`)
    const work = await beginWork(database, { folder: room.store.folder, isSample: true }, spec, { now: new Date(), use: { reads: true, leastBars: 1 } })
    const found = await work.output.database.value(`select current_setting('threads')`)
    await work.source.cache.close()
    work.output.database.close()
    database.close()
    return found
  }

  it('leaves a core to the simulation, unless threads were chosen', async () => {
    expect(await threadsOf(3, false)).toBe(3)
    await room.run(spec)
    expect([await threadsOf(3, false), await threadsOf(1, false), await threadsOf(3, true)]).toEqual([2, 1, 3])
  })
})

describe('an entry', () => {
  it('serves other parameters, ranges and symbols', async () => {
    const spec = { strategy: 'envelope_fade', batchBars: 1500 }
    await room.run(spec)
    const others: BacktestSpec[] = [
      { parameters: { stop_widths: '0.3' } },
      { from: '2026-01-20' },
      { to: '2026-01-28' },
      { symbols: [room.store.symbols[1], room.store.symbols[4]] },
      { from: '2026-01-14', to: '2026-02-03', symbols: symbols(2, 5), rules: { accounts: 'shared', fraction: 0.3 } },
    ]
    for (const other of others) {
      const all = { ...spec, ...other }
      expect(await room.run(all)).toEqual({ results: await room.computed(all), cached: ['geometry'], warnings: [] })
    }
  })

  it('that ends before a run does is computed anew', async () => {
    const until = (to: string) => ({ strategy: 'pldot_refresh', to })
    await room.run(until('2026-01-28'))
    expect(await room.run(until('2026-02-06'))).toEqual({ results: await room.computed(until('2026-02-06')), cached: [], warnings: [] })
    expect(room.manifest().to).toBe('2026-02-06')
    for (const to of ['2026-02-06', '2026-01-28']) expect((await room.run(until(to))).cached).toEqual(['geometry'])
    expect((await room.run({ strategy: 'pldot_refresh' })).cached).toEqual([])
  })

  it('that ends before a run does keeps what was asked for', async () => {
    const [fade, refresh] = [{ strategy: 'envelope_fade', to: '2026-01-28' }, { strategy: 'pldot_refresh' }]
    for (const spec of [fade, refresh]) expect((await room.run(spec)).cached).toEqual([])
    for (const spec of [fade, refresh]) expect(await room.run(spec)).toEqual({ results: await room.computed(spec), cached: ['geometry'], warnings: [] })
  })

  it('of weeks does not serve a run that ends within one', async () => {
    const weekly = strategy('weekly.sql', `1 as entry, low as stop_price, close / 1000 as score from lagged_bars where timeframe = $timeframe`)
    const spec = { strategy: weekly, timeframe: '1w' }
    await room.run(spec)
    for (const to of ['2026-02-03', '2026-01-28']) await expectRead({ ...spec, to }, ['lagged_bars'])
    await expectRead(spec, ['lagged_bars'])
  })

  it('of days serves a run that ends within a week', async () => {
    const spec = { strategy: 'congestion_breakout', timeframe: '1d', higher: ['1w'] }
    await room.run(spec)
    const until = { ...spec, to: '2026-02-04' }
    expect(await room.run(until)).toEqual({ results: await room.computed(until), cached: ['context'], warnings: [] })
  })

  it('gets the columns that another strategy asks for besides its own', async () => {
    const fade = { strategy: 'congestion_breakout' }
    await room.run(fade)
    const { asked } = room.manifest()
    const other = strategy('second.sql', `if(close > second_higher_pldot_next, 1, 0) as entry, alignment_score as score from context`)
    await expectRead({ strategy: other }, ['context'])
    expect(room.manifest().asked).toEqual([...new Set([...asked, 'alignment_score', 'bar_at', 'close', 'second_higher_pldot_next', 'symbol'])].sort())
    expect(await room.run(fade)).toEqual({ results: await room.computed(fade), cached: ['context'], warnings: [] })
  })

  it('shows a strategy no columns but its own', async () => {
    const natural = strategy('natural.sql', `1 as entry from geometry natural join states where close > open`)
    await room.run({ strategy: strategy('more.sql', `1 as entry from geometry where refresh = 1 and push_bars > 0`) })
    expect((await room.run({ strategy: natural })).results).toEqual(await room.computed({ strategy: natural }))
  })

  it('takes further symbols beside those that it has', async () => {
    const spec = (from: number, to: number) => ({ strategy: 'pldot_cross', symbols: symbols(from, to) })
    await room.run(spec(0, 2))
    await room.run(spec(3, 6))
    expect(room.manifest().files.map((file) => file.symbols)).toEqual([symbols(0, 2), symbols(3, 6)])
    for (const [from, to] of [[0, 2], [3, 6], [4, 5]]) expect((await room.run(spec(from, to))).cached).toEqual(['sides'])
    const apart = { ...spec(0, 0), symbols: [...symbols(0, 2), ...symbols(3, 6)] }
    expect(await room.run(apart)).toEqual({ results: await room.computed(apart), cached: ['sides'], warnings: [] })
    await expectRead(spec(0, 6), ['sides'])
    expect(room.manifest().files.map((file) => file.symbols)).toEqual([symbols(0, 6)])
  })

  it('stands for what a strategy reads, not for what it mentions', async () => {
    const file = room.store.file('mentions.sql', `-- Knows areas and states.
      with moves as (select symbol, bar_at, close > pldot as sides from dots)
      select symbol, bar_at, if(sides, 1, 0) as entry from moves -- from geometry`)
    await room.run({ strategy: file })
    expect(room.entries()).toEqual([expect.stringMatching(/^dots-/), expect.stringMatching(/^moves-/)])
  })
})

describe('choices that change the geometry', () => {
  it('have entries of their own', async () => {
    const placed = strategy('placed.sql', '1 as entry, run as score, envelope_top as target_price, run = -1 as exit_long from geometry')
    const above = strategy('above.sql', '1 as entry, higher_close as stop_price from context')
    const specs: BacktestSpec[] = [
      ...[{}, { displacement: 0 as const }, { envelopeMethod: 'range' as const }, { timeframe: '1h' }].map((spec) => ({ strategy: placed, ...spec })),
      ...[{}, { higher: ['1w'] }].map((spec) => ({ strategy: above, ...spec })),
    ]
    for (const spec of specs) expect((await room.run(spec)).cached).toEqual([])
    expect(room.entries()).toHaveLength(6)
    const results = new Set<string>()
    for (const spec of specs) {
      const read = await room.run(spec)
      expect(read).toEqual({ results: await room.computed(spec), cached: spec.strategy === above ? ['context'] : ['geometry'], warnings: [] })
      results.add(JSON.stringify(read.results))
    }
    expect(results.size).toBe(6)
  })
})

describe('a cache', () => {
  it('is neither read nor written with --no-cache', async () => {
    const run = (...more: string[]) => room.store.backtest('--strategy', 'pldot_cross', ...more)
    await run('--no-cache')
    expect(room.entries()).toEqual([])
    await room.run({ strategy: 'pldot_cross' })
    await room.tamper('side', '-side')
    const [computed, read] = [await run('--no-cache'), await run()]
    const record = (id: string) => JSON.parse(readFileSync(join(room.store.folder, 'runs', id, 'run.json'), 'utf8')) as Record<string, unknown>
    expect(record(computed)).toMatchObject({ cached: [], configuration: { cache: false } })
    expect(record(read)).toMatchObject({ cached: ['sides'], configuration: { cache: true } })
    // the choice is no part of what a run is named by
    const hash = (id: string) => id.split('-')[2]
    expect(hash(computed)).toBe(hash(read))
  })

  it('may be deleted at any time', async () => {
    const spec = { strategy: 'pldot_cross', batchBars: 900 }
    const onBatch = () => rmSync(room.folder, { recursive: true, force: true })
    for (const batchBars of [900, 100_000]) {
      const { results, warnings } = await room.run({ ...spec, batchBars }, { onBatch })
      expect([results, warnings]).toEqual([await room.computed(spec), [expect.stringMatching(/^the geometry was not kept for other runs: [^\n]+$/)]])
    }
    await expectRead(spec, ['sides'])
  })
})
