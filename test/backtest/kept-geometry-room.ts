import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { BacktestSpec } from '../../src/backtest/config.js'
import { noCache } from '../../src/backtest/geometry-use.js'
import { resumeBacktest, runBacktest, type RunContext, type RunResult } from '../../src/backtest/run.js'
import { openDatabase, type Database } from '../../src/database/database.js'
import { literal } from '../../src/database/quote.js'
import { contentOf, type CachedColumns } from '../../src/store/geometry-files.js'
import { resultsOf } from './run-results.js'
import type { TestStore } from './store.js'

/** What came of a run. */
export interface CachedRun {
  results: Record<string, unknown>
  /** The relations that it read from the cache. */
  cached: readonly string[]
  warnings: readonly string[]
}

/** How a run goes on; all fields optional. */
export interface Circumstances extends Partial<RunContext> {
  threads?: number
}

/** A store in which runs leave the geometry for each other, however few bars they have. */
export interface CacheRoom {
  store: TestStore
  folder: string
  run: (spec: BacktestSpec, more?: Circumstances) => Promise<CachedRun>
  /** Returns the message with which a run fails, which may be one without a cache, or what came of it. */
  attempt: (spec: BacktestSpec, more?: Circumstances) => Promise<CachedRun | string>
  /** Goes on with a run. */
  resume: (id: string) => Promise<CachedRun>
  /** The results of a run without a cache. */
  computed: (spec: BacktestSpec) => Promise<CachedRun['results']>
  /** The names of the folders in the cache. */
  entries: () => string[]
  manifest: (entry?: string) => CachedColumns
  /** Changes what a manifest says. */
  change: (of: (manifest: CachedColumns) => void, entry?: string) => void
  /** The path of the first file of an entry. */
  file: (entry?: string) => string
  /** Replaces a column of the first file of an entry, as if it had been computed so. */
  tamper: (column: string, sql: string) => Promise<void>
  clear: () => void
}

const always = { reads: true, leastBars: 1 }

/** Returns the room of a store. */
export function cacheRoom(store: TestStore): CacheRoom {
  const folder = join(store.folder, 'cache')
  let count = 0
  const entries = () => (existsSync(folder) ? readdirSync(folder).sort() : [])
  const manifestFile = (entry = entries()[0]) => join(folder, entry, 'manifest.json')
  const manifest = (entry?: string) => JSON.parse(readFileSync(manifestFile(entry), 'utf8')) as CachedColumns
  const change = (of: (manifest: CachedColumns) => void, entry?: string) => {
    const changed = manifest(entry)
    of(changed)
    writeFileSync(manifestFile(entry), JSON.stringify(changed))
  }
  const file = (entry = entries()[0]) => join(folder, entry, manifest(entry).files[0].file)
  const outcome = async (more: Circumstances, work: (database: Database, context: RunContext) => Promise<RunResult>): Promise<CachedRun> => {
    const database = await openDatabase({ threads: more.threads ?? 2 })
    const warnings: string[] = []
    const context = { now: () => new Date(), observe: () => undefined, warn: (text: string) => void warnings.push(text), cache: always, ...more }
    try {
      const { id, record } = await work(database, context)
      return { results: await resultsOf(store, id), cached: record.cached!, warnings }
    } finally {
      database.close()
    }
  }
  const at = { folder: store.folder, isSample: true }
  const run = (spec: BacktestSpec, more: Circumstances = {}) => {
    return outcome(more, (database, context) => runBacktest(database, at, { runId: `run-${count++}`, ...spec }, context))
  }
  return {
    ...{ store, folder, run, entries, manifest, change, file },
    attempt: (spec, more) => run(spec, more).catch((error: unknown) => (error as Error).message),
    resume: (id) => outcome({}, (database, context) => resumeBacktest(database, at, id, context)),
    computed: async (spec) => (await run(spec, { cache: noCache })).results,
    async tamper(column, sql) {
      const database = await openDatabase({ threads: 1 })
      await database.run(`create table rows as from read_parquet(${literal(file())})`)
      await database.run(`copy (select * replace (${sql} as ${column}) from rows) to ${literal(file())} (format parquet)`)
      database.close()
      change(({ files }) => void Object.assign(files[0], contentOf(file())))
    },
    clear: () => rmSync(folder, { recursive: true, force: true }),
  }
}
