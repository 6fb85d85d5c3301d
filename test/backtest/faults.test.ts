import { spawnSync } from 'node:child_process'
import { chmodSync, closeSync, cpSync, mkdirSync, mkdtempSync, openSync, readFileSync, renameSync, rmSync, truncateSync, writeFileSync, writeSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { resumeBacktest, runBacktest } from '../../src/backtest/run.js'
import { beginWork } from '../../src/backtest/work.js'
import { openDatabase } from '../../src/database/database.js'
import type { RunRecord } from '../../src/report/record.js'
import { barFiles } from '../../src/store/layout.js'
import { run } from '../cli/run.js'
import { deadPid } from '../store/dead-pid.js'
import { resultsOf } from './run-results.js'
import { testStore, type TestStore } from './store.js'

let store: TestStore
beforeAll(async () => {
  store = await testStore(12)
})
afterAll(() => store.remove())

const recordOf = (id: string) => JSON.parse(readFileSync(join(store.folder, 'runs', id, 'run.json'), 'utf8')) as RunRecord
const outcomes = (id: string) => store.rows(`select symbol, outcome, reason from symbols where run_id = '${id}' and outcome <> 'completed'`)

/** A strategy that fails for some symbols when their rows are computed. */
function failing(name: string, condition: string): string {
  return store.file(name, `-- Long always, but for some symbols.
select symbol, bar_at, if(${condition}, error('a mistake in ' || symbol), 1) as entry
from bars where timeframe = $timeframe`)
}

describe.each([['separate accounts', []], ['a shared account', ['--portfolio', '--fraction', '0.1']]])('with %s', (name, rules) => {
  const key = name.replaceAll(' ', '-')

  it('a symbol that fails is found and recorded, and the rest is as without it', async () => {
    const [bad, worse] = [store.symbols[3], store.symbols[8]]
    const strategy = failing('some.sql', `symbol in ('${bad}', '${worse}')`)
    const { code, err } = await store.dgas('backtest', '--strategy', strategy, '--min-success', '0.8', '--run-id', `${key}-some`, ...rules)
    expect([code, err]).toEqual([0, expect.stringContaining(`warning: ${bad} failed: ${strategy}: a mistake in ${bad}\n`)])
    expect(await outcomes(`${key}-some`)).toEqual([bad, worse].map((symbol) => {
      return { symbol, outcome: 'failed', reason: `${strategy}: a mistake in ${symbol}` }
    }))
    const { failed, symbols } = recordOf(`${key}-some`)
    expect([symbols, failed.map(({ symbol }) => symbol), failed[0].stack]).toEqual([10, [bad, worse], expect.stringContaining('    at ')])
    const [batch] = await store.rows(`select attempts, failures, symbols from batches where run_id = '${key}-some'`)
    expect(batch).toMatchObject({ symbols: 10 })
    expect(batch.failures).toBeGreaterThan(2)

    const others = store.symbols.filter((symbol) => symbol !== bad && symbol !== worse)
    await store.backtest(...others, '--strategy', strategy, '--run-id', `${key}-others`, ...rules)
    const { symbols: some, record: _some, ...rows } = await resultsOf(store, `${key}-some`)
    const { symbols: alone, record: _alone, ...expected } = await resultsOf(store, `${key}-others`)
    expect(rows).toEqual(expected)
    expect((some as { outcome: string }[]).filter(({ outcome }) => outcome === 'completed')).toEqual(alone)
  })

  it('too few symbols that complete are an exit code of 1, and the run is there', async () => {
    const strategy = failing('one.sql', `symbol = '${store.symbols[0]}'`)
    const { code, err } = await store.dgas('backtest', '--strategy', strategy, '--run-id', `${key}-few`, ...rules)
    expect([code, err]).toEqual([1, expect.stringContaining('only 11 of 12 symbols completed; expected at least 12 (--min-success)')])
    expect(recordOf(`${key}-few`).status).toBe('completed')
  })

  it('a mistake that all symbols have in common ends the run after a few of them', async () => {
    const strategy = failing('all.sql', 'true')
    const { code, err } = await store.dgas('backtest', '--strategy', strategy, '--run-id', `${key}-all`, ...rules)
    expect([code, err]).toEqual([1, `dgas: ${strategy}: a mistake in ${store.symbols[4]}\n`])
    expect(recordOf(`${key}-all`)).toMatchObject({ status: 'failed', reason: expect.stringContaining('a mistake in') as string })
  })

  it('a mistake in the SQL ends the run at once, with its place', async () => {
    const strategy = store.file('wrong.sql', '-- Wrong.\nselect symbol, bar_at, clse as entry from bars where timeframe = $timeframe')
    const { code, err } = await store.dgas('backtest', '--strategy', strategy, ...rules)
    expect([code, err]).toEqual([1, expect.stringContaining('line 2:')])
    expect(err).toMatch(/did you mean close.*\n(.*\n)*\s+\^/)
  })

  it('a row that no simulation could take ends the run at once', async () => {
    const strategy = store.file('twice.sql', '-- Twice.\nselect symbol, bar_at, 2 as entry from bars where timeframe = $timeframe')
    const { code, err } = await store.dgas('backtest', '--strategy', strategy, ...rules)
    expect([code, err]).toEqual([1, expect.stringContaining('an unknown value of entry for')])
  })
})

describe('a store that is damaged', () => {
  let room: TestStore
  beforeAll(async () => {
    // several groups of rows a month
    room = await testStore(170, '2026-01-02', '2026-02-13')
  })
  afterAll(() => room.remove())

  it.each([
    ['high', 'separate accounts', []],
    // no signal needs it
    ['open', 'a shared account', ['--portfolio', '--fraction', '0.02']],
  ])('in the column %s costs the symbols that cannot be read, with %s', async (column, _name, rules) => {
    const [lost] = await damaged(room, column, async (file) => {
      const { code, err } = await room.dgas('backtest', '--strategy', 'pldot_cross', '--batch-bars', '20000', ...rules)
      expect([code, err]).toEqual([1, expect.stringContaining('symbols completed; expected at least 162 (--min-success)')])
      expect(err).toContain(`failed: ${file}: the stored bars cannot be read: `)
      return room.rows(`
        select count(*) as symbols, count(*) filter (outcome = 'failed') as failed
        from symbols where run_id = (select max_by(run_id, run_id) from runs)`)
    })
    expect(lost.symbols).toBe(170)
    expect(lost.failed).toBeGreaterThan(20)
    expect(lost.failed).toBeLessThan(120)
  })

  it('in a column that the plan needs names the file', async () => {
    await damaged(room, 'symbol', async (file) => {
      const { code, err } = await room.dgas('backtest', '--strategy', 'pldot_cross')
      expect([code, err]).toEqual([1, expect.stringContaining(`dgas: ${file}: the stored bars cannot be read: `)])
    })
  })

  it('that lacks a partition says which', async () => {
    const [file] = barFiles({ folder: room.folder, isSample: true }, '30m')
    renameSync(file, `${file}.away`)
    const { code, err } = await room.dgas('backtest', '--strategy', 'pldot_cross')
    renameSync(`${file}.away`, file)
    expect([code, err]).toEqual([1, expect.stringMatching(new RegExp(`^dgas: ${file}: this file of the store is gone; expected`))])
  })

  it('of which a file is cut short says which', async () => {
    const [, file] = barFiles({ folder: room.folder, isSample: true }, '30m')
    const whole = readFileSync(file)
    truncateSync(file, whole.length - 100)
    const { code, err } = await room.dgas('backtest', '--strategy', 'pldot_cross')
    writeFileSync(file, whole)
    expect([code, err]).toEqual([1, expect.stringContaining(`dgas: ${file}: the stored bars cannot be read: `)])
  })

  it('of which a file goes while a run reads it says which, and the run goes on when it is back', async () => {
    const [file] = barFiles({ folder: room.folder, isSample: true }, '30m')
    const [database, another] = [await openDatabase(), await openDatabase()]
    const spec = { strategy: 'pldot_cross', batchBars: 20_000, runId: 'gone' }
    const context = { now: () => new Date(), observe: () => undefined }
    const away = { ...context, onBatch: () => renameSync(file, `${file}.away`) }
    const run = runBacktest(database, { folder: room.folder, isSample: true }, spec, { ...away, onBatch: once(away.onBatch) })
    await expect(run).rejects.toThrow(`${file}: this file of the store is gone`)
    renameSync(`${file}.away`, file)
    expect(await resumeBacktest(another, { folder: room.folder, isSample: true }, 'gone', context)).toMatchObject({ record: { symbols: 170 } })
    database.close()
    another.close()
  })
})

function once(work: () => void): () => void {
  let isDone = false
  return () => {
    if (!isDone) work()
    isDone = true
  }
}

/** Overwrites a column of one group of rows while `work` goes on, and puts it back. */
async function damaged<T>(room: TestStore, column: string, work: (file: string) => Promise<T>): Promise<T> {
  const [file] = barFiles({ folder: room.folder, isSample: true }, '30m')
  const database = await openDatabase()
  const [place] = await database.rows<{ at: number; bytes: number }>(`
    select coalesce(dictionary_page_offset, data_page_offset) as at, total_compressed_size as bytes
    from parquet_metadata('${file}') where path_in_schema = '${column}' and row_group_id = 1`)
  database.close()
  const before = readFileSync(file).subarray(place.at, place.at + place.bytes)
  write(file, place.at, Buffer.alloc(place.bytes, 0xa5))
  return work(file).finally(() => write(file, place.at, before))
}

function write(file: string, at: number, bytes: Buffer): void {
  const descriptor = openSync(file, 'r+')
  writeSync(descriptor, bytes, 0, bytes.length, at)
  closeSync(descriptor)
}

describe('a disk', () => {
  const isRoot = process.getuid?.() === 0
  const canMount = isRoot && tryMount()

  it.skipIf(!canMount)('that is full ends the run in plain words; with room it goes on', async () => {
    await store.backtest('--strategy', 'pldot_cross', '--batch-bars', '2000', '--run-id', 'roomy')
    const runs = join(store.folder, 'runs')
    renameSync(runs, `${runs}.away`)
    mkdirSync(runs)
    mount('size=1m', runs)
    try {
      writeFilling(join(runs, 'filling'), 1024 * 1024 - 100 * 1024)
      const { code, err } = await store.dgas('backtest', '--strategy', 'pldot_cross', '--batch-bars', '2000', '--run-id', 'full')
      expect([code, err]).toEqual([1, expect.stringMatching(/^dgas: .*the disk is full\n$/)])
      spawnSync('rm', [join(runs, 'filling')])
      const resumed = await store.dgas('backtest', '--resume', 'full')
      expect([resumed.code, resumed.err]).toEqual([0, ''])
      const { status } = recordOf('full')
      expect(status).toBe('completed')
    } finally {
      spawnSync('umount', [runs])
      renameSync(`${runs}.away`, runs)
    }
  })

  it.skipIf(!canMount)('that is only read shows a complete run, and says that what a killed process has left in it stays', async () => {
    await store.backtest('--strategy', 'pldot_cross', '--run-id', 'shown')
    const folder = join(store.folder, 'runs/shown')
    writeFileSync(join(folder, 'run.lock'), JSON.stringify({ pid: deadPid(), host: hostname(), since: 'then', token: 'x' }))
    onlyRead(folder)
    try {
      const { code, out, err } = await store.dgas('backtest', '--resume', 'shown')
      expect([code, out.trimEnd().split('\n').at(-1)]).toEqual([0, 'shown'])
      expect(err).toMatch(/^warning: what a killed process has left in .*shown stays there: .*read-only/m)
    } finally {
      spawnSync('umount', [folder])
    }
  })

  it.skipIf(!canMount)('that is only read says so whatever it is that could not be begun', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'dgas-read-'))
    cpSync(join(store.folder, 'bars'), join(folder, 'store/bars'), { recursive: true })
    onlyRead(folder)
    try {
      const at = (place: string) => ['--store', join(folder, place)]
      const bars = store.file('bars.csv', 'symbol,date,open,high,low,close\nA,2026-01-26,10,12,9,11\n')
      for (const argv of [['backtest', ...at('store')], ['import', bars, '--timeframe', '1d', ...at('store')], ['import', bars, '--timeframe', '1d', ...at('a/b')]]) {
        const { code, err } = await run(argv)
        expect([code, err], argv.join(' ')).toEqual([1, expect.stringMatching(/^dgas: .*: the disk is read-only\n$/)])
      }
      expect((await run(['query', 'select count(*) from bars', ...at('store')])).code).toBe(0)
    } finally {
      spawnSync('umount', [folder])
      rmSync(folder, { recursive: true })
    }
  })

  it.skipIf(isRoot)('that may not be written says so', async () => {
    chmodSync(join(store.folder, 'runs'), 0o500)
    const { code, err } = await store.dgas('backtest', '--strategy', 'pldot_cross')
    chmodSync(join(store.folder, 'runs'), 0o700)
    expect([code, err]).toEqual([1, expect.stringContaining('permission denied')])
  })

  function tryMount(): boolean {
    const folder = join('/tmp', `dgas-mount-${process.pid}`)
    mkdirSync(folder)
    const isDone = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', folder]).status === 0
    if (isDone) spawnSync('umount', [folder])
    spawnSync('rmdir', [folder])
    return isDone
  }

  function mount(options: string, folder: string): void {
    if (spawnSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', folder]).status !== 0) throw new Error('the mount failed')
  }

  function onlyRead(folder: string): void {
    for (const options of ['bind', 'remount,bind,ro']) {
      if (spawnSync('mount', ['-o', options, folder, folder]).status !== 0) throw new Error('the mount failed')
    }
  }

  function writeFilling(file: string, bytes: number): void {
    const descriptor = openSync(file, 'w')
    writeSync(descriptor, Buffer.alloc(bytes, 1))
    closeSync(descriptor)
  }
})

describe('a failure that may pass', () => {
  it('is warned of and logged each time, and what it ended can be gone on with', async () => {
    const database = await openDatabase({ threads: 2 })
    const { run, output } = await beginWork(database, { folder: store.folder, isSample: true }, { strategy: 'pldot_cross', batchBars: 1500, runId: 'retried' }, { now: new Date() })
    output.database.close()
    database.close()
    const [place, log] = [join(run.folder, 'trades/00001.parquet'), store.file('retried.jsonl', '')]
    mkdirSync(join(place, 'in the way'), { recursive: true })
    const { code, err } = await store.dgas('backtest', '--resume', 'retried', '--log-file', log)
    expect(code).toBe(1)
    const events = readFileSync(log, 'utf8').trimEnd().split('\n').map((line) => JSON.parse(line) as Record<string, unknown>)
    const retries = events.filter(({ event }) => event === 'batch_retried')
    expect(retries).toMatchObject([1, 2].map((attempt) => {
      return { level: 'warning', run_id: 'retried', batch: 1, attempt, is_halved: false, reason: expect.stringContaining('00001.parquet') as string }
    }))
    expect(err.match(/^warning: attempt [12] at batch 1 \(\w+ to \w+\) failed and is made again: .*00001\.parquet/gm)).toHaveLength(2)
    rmSync(place, { recursive: true })
    expect(await store.dgas('backtest', '--resume', 'retried')).toMatchObject({ code: 0, err: '' })
    expect(recordOf('retried').symbols).toBe(12)
  })
})

describe('two at the same time', () => {
  it('runs of one store do not disturb each other', async () => {
    const run = (id: string) => store.backtest('--strategy', 'pldot_cross', '--batch-bars', '2000', '--run-id', id)
    await Promise.all([run('one'), run('other')])
    expect(await resultsOf(store, 'one')).toEqual(await resultsOf(store, 'other'))
  })
})
