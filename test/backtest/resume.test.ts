import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { BacktestSpec } from '../../src/backtest/config.js'
import { pieceLoader, type Loader } from '../../src/backtest/piece.js'
import type { Progress } from '../../src/backtest/progress.js'
import type { PlannedSymbol } from '../../src/backtest/plan.js'
import { resumeBacktest, runBacktest } from '../../src/backtest/run.js'
import { doBatch } from '../../src/backtest/separate.js'
import { doSignalBatch } from '../../src/backtest/shared.js'
import { beginWork, continueWork } from '../../src/backtest/work.js'
import { openDatabase, type Database } from '../../src/database/database.js'
import type { RunRecord } from '../../src/report/record.js'
import { deadPid } from '../store/dead-pid.js'
import { resultsOf } from './run-results.js'
import { testStore, type TestStore } from './store.js'

let room: TestStore
beforeAll(async () => {
  room = await testStore(9)
})
afterAll(() => room.remove())

const now = () => new Date('2026-07-01T12:00:00Z')
const quiet = { now, observe: () => undefined }
const cases: [name: string, rules: BacktestSpec['rules']][] = [
  ['separate accounts', { commission_rate: 0.0005, allow_short: true }],
  ['a shared account', { accounts: 'shared', max_positions: 3, fraction: 0.3 }],
]

async function run(id: string, rules: BacktestSpec['rules'], stopAfter = Infinity, more: BacktestSpec = {}): Promise<void> {
  const database = await openDatabase({ threads: 2 })
  // asked for once before there is a run
  let parts = -1
  const spec = { strategy: 'pldot_cross', batchBars: 900, rules, runId: id, ...more }
  const context = { ...quiet, isStopped: () => ++parts > stopAfter }
  await runBacktest(database, store(), spec, context).finally(() => database.close())
}

async function resume(id: string): Promise<void> {
  const database = await openDatabase({ threads: 2 })
  await resumeBacktest(database, store(), id, quiet).finally(() => database.close())
}

const store = () => ({ folder: room.folder, isSample: true })
const folderOf = (id: string) => join(room.folder, 'runs', id)
const recordOf = (id: string) => JSON.parse(readFileSync(join(folderOf(id), 'run.json'), 'utf8')) as RunRecord

/** What a run needs until it is complete, and half of a file. */
const left = ['computed', 'progress.json', 'run.lock', 'report.md.tmp']

describe.each(cases)('a run with %s', (name, rules) => {
  const key = name.replaceAll(' ', '-')
  let unbroken: unknown
  beforeAll(async () => {
    await run(`${key}-whole`, rules)
    unbroken = await resultsOf(room, `${key}-whole`)
  })

  it.each([0, 1, 3])('that is interrupted after %i parts goes on to the same result, to the last bit', async (parts) => {
    const id = `${key}-${parts}`
    await expect(run(id, rules, parts)).rejects.toThrow(`interrupted; what is done is kept: dgas backtest --resume ${id}`)
    expect(recordOf(id).status).toBe('interrupted')
    await resume(id)
    expect(await resultsOf(room, id)).toEqual(unbroken)
  })

  it('is the same when other processes have done its batches, in any order', async () => {
    const id = `${key}-spread`
    const database = await openDatabase({ threads: 2 })
    const begun = await beginWork(database, store(), { strategy: 'pldot_cross', batchBars: 900, rules, runId: id }, { now: now() })
    const batches = [...begun.plan.batches.keys()]
    expect(batches.length).toBeGreaterThan(2)
    database.close()
    for (const batch of batches.toReversed()) {
      const worker = await openDatabase({ threads: 1 })
      const work = await continueWork(worker, store(), id)
      const done = await (rules?.accounts === 'shared' ? doSignalBatch(work, batch) : doBatch(work, batch))
      expect([done.batch, done.failed]).toEqual([batch, []])
      worker.close()
    }
    await resume(id)
    expect(await resultsOf(room, id)).toEqual(unbroken)
  })

  it('does a batch again of which a power cut took a file, and clears what was not finished', async () => {
    const id = `${key}-torn`
    await expect(run(id, rules, 2)).rejects.toThrow('interrupted')
    const relation = rules?.accounts === 'shared' ? 'computed' : 'trades'
    truncateSync(join(folderOf(id), relation, '00000.parquet'), 100)
    writeFileSync(join(folderOf(id), relation, '00001.parquet.0000.tmp'), 'half')
    await resume(id)
    expect(await resultsOf(room, id)).toEqual(unbroken)
    expect(readdirSync(folderOf(id), { recursive: true, encoding: 'utf8' }).filter((path) => /tmp|lock|progress/.test(path))).toEqual([])
  })

  it('that is complete is only read', async () => {
    const before = readFileSync(join(folderOf(`${key}-whole`), 'run.json'), 'utf8')
    const { code, out } = await room.dgas('backtest', '--resume', `${key}-whole`)
    expect([code, out.trimEnd().split('\n').at(-1)]).toEqual([0, `${key}-whole`])
    expect(readFileSync(join(folderOf(`${key}-whole`), 'run.json'), 'utf8')).toBe(before)
  })

  it.each([
    ['dead', deadPid, []],
    ['living', () => process.ppid, left],
  ])('that is complete is rid of what its process, if %s, would delete at its very end', async (state, pid, kept) => {
    const id = `${key}-complete-${state}`
    await run(id, rules)
    mkdirSync(join(folderOf(id), 'computed'), { recursive: true })
    for (const name of left.slice(1)) writeFileSync(join(folderOf(id), name), '{}')
    writeFileSync(join(folderOf(id), 'run.lock'), JSON.stringify({ pid: pid(), host: hostname(), since: 'now', token: 'x' }))
    await resume(id)
    expect(left.filter((name) => existsSync(join(folderOf(id), name)))).toEqual(kept)
    expect(await resultsOf(room, id)).toEqual(unbroken)
  })
})

describe('a run cannot go on', () => {
  const begun = async (id: string, more: BacktestSpec = {}) => {
    await expect(run(id, {}, 1, more)).rejects.toThrow('interrupted')
    return { id, file: join(folderOf(id), 'run.json') }
  }
  const change = (file: string, of: (record: RunRecord) => void) => {
    const record = JSON.parse(readFileSync(file, 'utf8')) as RunRecord
    of(record)
    writeFileSync(file, JSON.stringify(record))
  }

  it('with another strategy', async () => {
    const file = room.file('mine.sql', `-- Long always.\nselect symbol, bar_at, 1 as entry from bars where timeframe = $timeframe`)
    const { id } = await begun('strategy', { strategy: file })
    writeFileSync(file, `${readFileSync(file, 'utf8')} and close > 1`)
    await expect(resume(id)).rejects.toThrow(`${file}: the strategy has changed since the run strategy began`)
  })

  it('without its strategy file it can', async () => {
    const file = room.file('gone.sql', `-- Long always.\nselect symbol, bar_at, 1 as entry from bars where timeframe = $timeframe`)
    const { id } = await begun('gone', { strategy: file })
    rmSync(file)
    await resume(id)
    expect(recordOf(id).status).toBe('completed')
  })

  it('with other data', async () => {
    const { id, file } = await begun('data')
    change(file, (record) => (record.data_fingerprint = 'other'))
    await expect(resume(id)).rejects.toThrow('the data have changed since the run data began; expected a new run')
  })

  it('with another version', async () => {
    const { id, file } = await begun('version')
    change(file, (record) => (record.versions.dgas = '0.0.1'))
    await expect(resume(id)).rejects.toThrow('the run version began with dgas 0.0.1, and this is')
  })

  it('with other models, which are files of the package', async () => {
    const { id, file } = await begun('models')
    expect(recordOf(id).versions.models).toMatch(/^[0-9a-f]{64}$/)
    change(file, (record) => (record.versions.models = '0'.repeat(64)))
    await expect(resume(id)).rejects.toThrow('the models in sql/ are not those that the run models began with; expected the same ones, or a new run')
  })

  it('while a living process carries it out', async () => {
    const { id } = await begun('locked')
    const owner = { pid: process.ppid, host: hostname(), since: 'now', token: 'x' }
    writeFileSync(join(folderOf(id), 'run.lock'), JSON.stringify(owner))
    await expect(resume(id)).rejects.toThrow(`the run locked is being carried out by process ${process.ppid}`)
  })

  it('with choices of its own', async () => {
    const { code, err } = await room.dgas('backtest', '--resume', 'latest', '--portfolio')
    expect([code, err]).toEqual([2, expect.stringContaining('--resume: --portfolio cannot be chosen again')])
  })
})

describe('the relation batches', () => {
  it('has a row for each batch, with its times and the process that did it', async () => {
    await run('told', {}, Infinity)
    const rows = await room.rows(`
      select batch, symbols, bars, attempts, failures, is_degraded, worker, elapsed_ms > 0 as is_timed
      from batches where run_id = 'told' order by batch`)
    expect(rows.length).toBeGreaterThan(2)
    expect(rows.map(({ batch }) => batch)).toEqual([...rows.keys()])
    expect(rows[0]).toMatchObject({ attempts: 1, failures: 0, is_degraded: false, is_timed: true })
    expect(rows[0].worker).toMatch(new RegExp(`:${process.pid}$`))
    expect(rows.reduce((sum, { symbols }) => sum + Number(symbols), 0)).toBe(9)
    expect(rows.reduce((sum, { bars }) => sum + Number(bars), 0)).toBe(recordOf('told').bars)
  })
})

describe('the time of a resumed run', () => {
  it('is that of all its parts, also when the clock goes back, and the result is the same', async () => {
    await run('steady', {})
    await expect(run('back', {}, 2)).rejects.toThrow('interrupted')
    const file = join(folderOf('back'), 'progress.json')
    writeFileSync(file, JSON.stringify({ ...JSON.parse(readFileSync(file, 'utf8')) as object, elapsedMs: 3_600_000 }))
    const database = await openDatabase({ threads: 2 })
    let clock = Date.parse('2026-06-01T00:00:00Z')
    const elapsed: number[] = []
    const context = { now: () => new Date((clock -= 60_000)), observe: ({ elapsedMs }: Progress) => void elapsed.push(elapsedMs) }
    await resumeBacktest(database, store(), 'back', context).finally(() => database.close())
    expect(elapsed).toEqual(elapsed.toSorted((a, b) => a - b))
    expect(recordOf('back').seconds).toBeGreaterThan(3600)
    expect(recordOf('back').seconds).toBeLessThan(3700)
    expect(await resultsOf(room, 'back')).toEqual(await resultsOf(room, 'steady'))
  })
})

describe('a batch that was too much for the memory', () => {
  it('lets later batches begin with what worked, to the same result', async () => {
    const [database, spec] = [await openDatabase({ threads: 2 }), { strategy: 'pldot_cross', batchBars: 1500 }]
    await run('enough', undefined, Infinity, spec)
    const work = await beginWork(database, store(), { ...spec, runId: 'scarce' }, { now: now() })
    const one = pieceLoader(work)
    const load: Loader = (symbols) => (symbols.length > 2 ? Promise.reject(new Error('Out of Memory Error: too much')) : one(symbols))
    const options = { load, portion: { mostBars: Infinity } }
    const attempts = []
    for (const batch of work.plan.batches.keys()) attempts.push(await doBatch(work, batch, options))
    expect(attempts.map(({ attempts, failures, symbols }) => [attempts, failures, symbols])).toEqual([[3, 1, 3], [2, 0, 3], [2, 0, 3]])
    await resume('scarce')
    expect(await resultsOf(room, 'scarce')).toEqual(await resultsOf(room, 'enough'))
    database.close()
  })
})

it('rows that cannot be written for want of memory are written while nothing is loaded', async () => {
  const database = await openDatabase({ threads: 2 })
  const work = await beginWork(database, store(), { strategy: 'pldot_cross', runId: 'crowded' }, { now: now() })
  let [failures, isLoading] = [0, true]
  const { output } = work
  const crowded = new Proxy(output.database, {
    get: (real, name: keyof Database) => {
      const own = (real[name] as (...all: unknown[]) => unknown).bind(real)
      if (name !== 'run' || !isLoading) return own
      return () => (failures++, Promise.reject(new Error('Out of Memory Error: no room')))
    },
  })
  const one = pieceLoader(work)
  const meanwhile: Loader['meanwhile'] = (write) => one.meanwhile!(() => {
    isLoading = false
    return write()
  })
  const load: Loader = Object.assign((symbols: readonly PlannedSymbol[]) => one(symbols), { meanwhile })
  await doBatch({ ...work, output: { ...output, database: crowded } }, 0, { load })
  expect(failures).toBe(1)
  await resume('crowded')
  expect(recordOf('crowded').symbols).toBe(9)
  database.close()
})

describe('little memory', () => {
  it.each(cases)('changes nothing with %s, and leaves nothing behind', async (name, rules) => {
    const key = name.replaceAll(' ', '-')
    const results = []
    for (const memory of [undefined, '150MB']) {
      const database = await openDatabase({ threads: 2, memory })
      const id = `${key}-memory-${memory ?? 'all'}`
      await runBacktest(database, store(), { strategy: 'multi_timeframe', rules, runId: id }, quiet).finally(() => database.close())
      expect(readdirSync(folderOf(id)).filter((path) => path.startsWith('spill'))).toEqual([])
      results.push(await resultsOf(room, id))
    }
    expect(results[1]).toEqual(results[0])
  })
})
