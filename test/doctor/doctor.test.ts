import { existsSync, mkdirSync, readdirSync, readFileSync, truncateSync, unlinkSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { openDatabase } from '../../src/database/database.js'
import { literal } from '../../src/database/quote.js'
import type { Finding } from '../../src/doctor/finding.js'
import { disk, memory } from '../../src/doctor/machine.js'
import { barFiles } from '../../src/store/layout.js'
import { testStore, type TestStore } from '../backtest/store.js'
import { deadPid } from '../store/dead-pid.js'

let store: TestStore
beforeEach(async () => {
  store = await testStore(3, '2026-01-28', '2026-02-04')
  const { folder, remove } = store
  onTestFinished(remove)
  expect(existsSync(folder)).toBe(true)
})

/** Runs `dgas doctor --json`; findings that are ok are left out. */
async function doctor(...argv: string[]): Promise<{ code: number; wrong: Finding[]; repaired: string[] }> {
  const { code, out, err } = await store.dgas('doctor', '--json', ...argv)
  expect(err).not.toContain('internal error')
  const { findings, repaired } = JSON.parse(out) as { findings: Finding[]; repaired: string[] }
  return { code, wrong: findings.filter(({ status }) => status !== 'ok'), repaired }
}

async function checksNot(...argv: string[]): Promise<string[]> {
  return (await doctor(...argv)).wrong.map(({ status, check }) => `${status} ${check}`)
}

function january(): string {
  return barFiles({ folder: store.folder, isSample: true }, '30m')[0]
}

/** Replaces the file of January by the result of a query over it. */
async function rewrite(sql: (rows: string) => string): Promise<void> {
  const database = await openDatabase({ threads: 1 })
  await database.run(`create table rows as from read_parquet(${literal(january())}, hive_partitioning = false)`)
  await database.run(`copy (${sql('rows')}) to ${literal(january())} (format parquet)`)
  database.close()
}

function changeManifest(from: RegExp, to: string): void {
  const file = join(store.folder, 'bars/timeframe=30m/manifest.json')
  const text = readFileSync(file, 'utf8')
  expect(text).toMatch(from)
  writeFileSync(file, text.replace(from, to))
}

it('finds nothing wrong with a store as it was written, and says what it looked at', async () => {
  const id = await store.backtest('--strategy', 'pldot_cross')
  const { code, out } = await store.dgas('doctor')
  expect(code).toBe(0)
  expect(out).toMatch(/^ok +versions +dgas \d/m)
  expect(out).toMatch(/^ok +bars 30m +2 files with 234 bars of 3 symbols can be read$/m)
  expect(out).toMatch(/^ok +runs +1 run can be read$/m)
  expect(out).not.toMatch(/problem|warning/)
  expect(id).not.toBe('')
})

describe('a check of the bars fails when', () => {
  it.each<[string, (rows: string) => string, string[]]>([
    ['they are not sorted', (rows) => `from ${rows} order by bar_at, symbol`, ['order']],
    ['one is there twice', (rows) => `from ${rows} union all (from ${rows} limit 1) order by symbol, bar_at`, ['order', 'content', 'keys']],
    ['one is missing', (rows) => `from ${rows} offset 1`, ['content']],
    ['one was changed', (rows) => `select * replace (volume + (row_number() over () = 5)::int as volume) from ${rows}`, ['content']],
    ['a price lies outside low to high', (rows) => `select * replace (high + 1 as close) from ${rows}`, ['values', 'content']],
    ['a price is missing', (rows) => `select * replace (null::double as open) from ${rows}`, ['values', 'content']],
    ['a bar is of another month', (rows) => `select * replace (session_date - 31 as session_date) from ${rows}`, ['period', 'content']],
    ['a symbol is gone', (rows) => `select * replace ('NEW' as symbol) from ${rows} order by bar_at limit 1`, ['content', 'symbols']],
  ])('%s', async (_, sql, expected) => {
    await rewrite(sql)
    const wrong = (await checksNot()).filter((check) => !check.endsWith('keys') || expected.includes('keys'))
    expect(wrong).toEqual(expected.map((name) => `problem bars 30m: ${name}`))
    // nothing is sorted, left out or moved that can be read
    expect((await doctor('--repair')).code).toBe(1)
    expect(existsSync(january())).toBe(true)
  })

  it('the manifest names a symbol without bars', async () => {
    changeManifest(/"symbols": \[/, '"symbols": [ "NOBODY",')
    const { wrong } = await doctor()
    expect(wrong.map(({ found }) => found)).toEqual([expect.stringContaining('NOBODY has no bars')])
  })

  it('the manifest is damaged', async () => {
    changeManifest(/^\{/, '')
    expect(await checksNot()).toEqual(['problem bars 30m: manifest'])
  })

  it('there are none', async () => {
    store = await testStore(0)
    onTestFinished(store.remove)
    expect(await checksNot()).toEqual(['problem bars'])
  })
})

it('a file in the place of the shared geometry is named', async () => {
  writeFileSync(join(store.folder, 'cache'), '')
  expect((await doctor()).wrong).toMatchObject([{ check: 'folder of shared geometry', found: expect.stringContaining('cache is no folder') as string, remedy: 'move it away' }])
})

describe('a hole of more than 13 months', () => {
  const bars = async (timeframe: string, ...days: string[]) => {
    const lines = days.map((day) => `A,${day},10,12,9,11,5`)
    const file = store.file('a.csv', ['symbol,ts,open,high,low,close,volume', ...lines, ''].join('\n'))
    expect((await store.dgas('import', file, '--timeframe', timeframe)).code).toBe(0)
  }
  const holes = async () => (await doctor()).wrong.map(({ check, found }) => `${check}: ${found}`)
  beforeEach(async () => {
    store = await testStore(0)
    onTestFinished(store.remove)
  })

  it('is warned of, a shorter one not', async () => {
    await bars('1d', '2016-01-04', '2017-02-03', '2018-03-05')
    expect(await holes()).toEqual(['bars 1d: holes: 1 symbol without bars for more than 13 months, such as A from 2017-02-03 to 2018-03-05'])
  })

  it('is found between imported bars and those made of finer ones', async () => {
    await bars('1d', '2018-02-07')
    await bars('30m', '2026-01-26 14:30')
    expect(await holes()).toEqual([expect.stringMatching(/^bars 1d: .* A from 2018-02-07 to 2026-01-26, with those made of 30m bars$/)])
  })
})

describe('a file that cannot be read', () => {
  it.each<[string, () => Promise<void> | void]>([
    ['is cut off', () => truncateSync(january(), 2000)],
    ['is damaged within', () => writeFileSync(january(), readFileSync(january()).fill(7, 100, 900))],
    ['lacks a column', () => rewrite((rows) => `select * exclude (volume) from ${rows}`)],
    ['is missing', () => unlinkSync(january())],
  ])('and %s is set aside by --repair, so that the other bars can be read', async (_, damage) => {
    const wasThere = january()
    await damage()
    expect(await checksNot()).toEqual(['problem bars 30m: month=2026-01'])
    const isThere = existsSync(wasThere)
    const { code, wrong, repaired } = await doctor('--repair')
    expect([code, wrong, repaired.length]).toEqual([0, [], 1])
    const [aside] = readdirSync(join(store.folder, 'damaged'))
    const kept = readdirSync(join(store.folder, 'damaged', aside), { recursive: true, encoding: 'utf8' })
    expect(kept.filter((name) => name.endsWith('.parquet'))).toHaveLength(isThere ? 1 : 0)
    expect(kept).toContain('manifest-30m.json')
    expect(readFileSync(join(store.folder, 'damaged', aside, 'note.txt'), 'utf8')).toContain(repaired[0])
    expect(await store.rows('select min(month(bar_at)) as month, count(distinct symbol) as symbols from bars')).toEqual([
      { month: 2, symbols: 3 },
    ])
  })

  it('may be that of the instruments', async () => {
    writeFileSync(join(store.folder, 'instruments.parquet'), 'PAR1 no PAR1')
    expect(await checksNot()).toEqual(['problem instruments'])
    expect((await doctor('--repair')).code).toBe(0)
  })

  it('may be one of a run', async () => {
    const id = await store.backtest('--strategy', 'pldot_cross')
    const trades = join(store.folder, 'runs', id, 'trades/00000.parquet')
    truncateSync(trades, 500)
    expect(await checksNot()).toEqual([`problem run ${id}: trades`])
    expect((await doctor('--repair')).repaired).toEqual([expect.stringContaining(`set aside ${trades}`)])
    expect(existsSync(trades)).toBe(false)
  })
})

describe('what a crash left behind', () => {
  it('is found and removed by --repair', async () => {
    const bars = join(store.folder, 'bars/timeframe=30m')
    const left = [
      join(store.folder, `actions.parquet.${deadPid()}.tmp`),
      join(store.folder, 'write.lock.0b1c'),
      join(bars, 'month=2026-01/000009.parquet'),
      join(bars, 'month=2026-01/000009.parquet.tmp'),
      join(bars, `manifest.json.${deadPid()}.tmp`),
    ]
    for (const file of left) writeFileSync(file, 'half')
    mkdirSync(join(store.folder, 'imports/2026-07-01-bars.tmp/rows'), { recursive: true })
    const { code, wrong } = await doctor()
    expect([code, wrong.map(({ found }) => found)]).toEqual([0, [expect.stringContaining('6 files or folders of writers')]])
    const before = await store.rows('select count(*) as bars from bars')
    expect((await doctor('--repair')).wrong).toEqual([])
    for (const file of left) expect(existsSync(file), file).toBe(false)
    expect(await store.rows('select count(*) as bars from bars')).toEqual(before)
  })

  it('of geometry for other runs is removed, and what a living run is writing is not', async () => {
    const cache = join(store.folder, 'cache')
    const [left, living, entry] = [`sides-30m-0.${deadPid()}.tmp`, `sides-30m-0.${process.pid}.tmp`, 'sides-30m-0'].map((name) => join(cache, name))
    for (const folder of [left, living, entry]) {
      mkdirSync(folder, { recursive: true })
      writeFileSync(join(folder, '0.parquet'), 'half')
    }
    expect((await doctor()).wrong.map(({ found }) => found)).toEqual([expect.stringContaining(`1 file or folders of writers that were killed, 0 MB: ${left}`)])
    expect((await doctor('--repair')).wrong).toEqual([])
    expect([left, living, entry].map((folder) => existsSync(folder))).toEqual([false, true, true])
  })

  it('is no leftover while the writer lives', async () => {
    const lock = { pid: process.ppid, host: hostname(), since: '2026-07-01T12:00:00.000Z', token: 'theirs' }
    writeFileSync(join(store.folder, 'write.lock'), JSON.stringify(lock))
    const staged = join(store.folder, 'imports/2026-07-01-bars.tmp')
    mkdirSync(staged, { recursive: true })
    const { out } = await store.dgas('doctor')
    expect(out).toMatch(new RegExp(`^ok +lock of writers +held by process ${process.ppid}`, 'm'))
    expect(await doctor('--repair')).toEqual({ code: 0, wrong: [], repaired: [] })
    expect(existsSync(staged)).toBe(true)
  })

  it.each([
    ['names a dead owner', () => JSON.stringify({ pid: deadPid(), host: hostname(), since: 'then', token: 'x' }), 'warning'],
    ['says nothing', () => '', 'problem'],
  ])('may be a lock that %s', async (_, text, status) => {
    writeFileSync(join(store.folder, 'write.lock'), text())
    expect(await checksNot()).toEqual([`${status} lock of writers`])
    expect(await checksNot('--repair')).toEqual([])
    expect(existsSync(join(store.folder, 'write.lock'))).toBe(false)
  })

  it('may be the spill folder of a process that is gone, whatever became of its run', async () => {
    const id = await store.backtest('--strategy', 'pldot_cross')
    const [dead, living, elsewhere] = [`${hostname()}-${deadPid()}`, `${hostname()}-${process.ppid}`, `elsewhere-${deadPid()}`]
      .map((name) => join(store.folder, 'runs', id, `spill-${name}`))
    for (const folder of [dead, living, elsewhere]) {
      mkdirSync(folder)
      writeFileSync(join(folder, 'duckdb_temp_storage_DEFAULT-0.tmp'), '')
    }
    const found = (await doctor()).wrong.find(({ check }) => check === 'spill folders')
    expect(found).toMatchObject({ status: 'warning', found: `1 folder of processes that are gone, 0 MB: ${dead}` })
    expect((await doctor('--repair')).repaired).toContain(`removed ${dead}`)
    expect([dead, living, elsewhere].map((folder) => existsSync(folder) && readdirSync(folder).length)).toEqual([false, 1, 1])
    expect((await doctor()).wrong).toEqual([])
  })

  it('may be half a file of a run', async () => {
    const id = await store.backtest('--strategy', 'pldot_cross')
    const half = join(store.folder, 'runs', id, 'trades/00001.parquet.tmp')
    writeFileSync(half, 'half')
    expect(await checksNot()).toEqual([`warning run ${id}`])
    expect((await doctor('--repair')).wrong).toEqual([])
    expect(existsSync(half)).toBe(false)
  })

  it.each([
    ['dead', deadPid, ['computed', 'progress.json', 'run.lock']],
    ['living', () => process.ppid, []],
  ])('may be what the %s process of a complete run would delete at its very end', async (_, pid, removed) => {
    const id = await store.backtest('--strategy', 'pldot_cross')
    const folder = join(store.folder, 'runs', id)
    mkdirSync(join(folder, 'computed'))
    writeFileSync(join(folder, 'progress.json'), '{}')
    writeFileSync(join(folder, 'run.lock'), JSON.stringify({ pid: pid(), host: hostname(), since: 'then', token: 'x' }))
    expect(await checksNot()).toEqual(removed.length === 0 ? [] : [`warning run ${id}`])
    expect((await doctor('--repair')).repaired).toEqual(removed.map((name) => `removed ${join(folder, name)}`))
    expect(await checksNot()).toEqual([])
  })
})

describe('the records and lists of a store', () => {
  it.each<[string, string, string]>([
    ['runs/one/run.json', '{"run_id": ', 'problem run one'],
    ['runs/one/trades/note.txt', '', 'warning run one'],
    ['universes/mine.csv', 'symbol\nNOBODY\nNONE', 'problem universe mine'],
    ['universes/mine.csv', '', 'problem universe mine'],
    ['calendars/XWAR.json', '{"timezone": "Europe/Nowhere"}', 'problem calendar XWAR'],
  ])('%s: %j', async (name, text, expected) => {
    const file = join(store.folder, name)
    mkdirSync(join(file, '..'), { recursive: true })
    writeFileSync(file, text)
    expect(await checksNot()).toEqual([expected])
  })

  it('warn of symbols without bars', async () => {
    mkdirSync(join(store.folder, 'universes'))
    writeFileSync(join(store.folder, 'universes/mine.csv'), `symbol\n${store.symbols[0]}\nNOBODY`)
    const { code, wrong } = await doctor()
    expect([code, wrong.map(({ found }) => found)]).toEqual([0, ['2 symbols, of which 1 without bars: NOBODY']])
  })
})

describe('the machine', () => {
  it('has what its control group allows', () => {
    expect(memory(24e9, 0)).toMatchObject({ status: 'ok', found: '24.00 GB' })
    expect(memory(24e9, 2 ** 63)).toMatchObject({ status: 'ok', found: '24.00 GB' })
    expect(memory(24e9, 2e9).found).toBe('24.00 GB, of which the control group allows 2.00 GB')
    expect(memory(24e9, 500e6).status).toBe('warning')
  })

  it('should have free disk', () => {
    expect([disk('disk', '/', 1e11), disk('disk', '/', 1e9), disk('disk', '/', 1e8)].map(({ status }) => status)).toEqual([
      ...['ok', 'warning', 'problem'],
    ])
  })
})
