import { join } from 'node:path'
import type { Database } from '../database/database.js'
import { identifier, literal } from '../database/quote.js'
import { viewSql } from '../models/bar-views.js'
import { namesRead, readModels } from '../models/model.js'
import { columnNames, namesIn, wordsIn } from '../models/prune.js'
import { cachedFolder, dropCached, dropOutdated, isIntact as isIntactFile, readCached, type CachedColumns, type CachedFile } from '../store/cached-columns.js'
import type { Store } from '../store/layout.js'
import { entryName, identityOf, storedBarCount, type CacheIdentity } from './cache-identity.js'
import { CacheWriter } from './cache-writer.js'
import type { BacktestConfig } from './config.js'
import { databaseKind } from './faults.js'
import type { SourceFiles } from './source-files.js'

/** What a run may do with the columns of the geometry that runs leave in the store for each other. */
export interface CacheUse {
  /** Whether it may read those that others have left. */
  reads: boolean
  /** Least number of stored bars of its symbols from which on it leaves its own; Infinity: never. */
  leastBars: number
}

/** Neither reads nor leaves anything. */
export const noCache: CacheUse = { reads: false, leastBars: Infinity }

/** The geometry of fewer bars is computed in half a second. */
export const usualCache: CacheUse = { reads: true, leastBars: 50_000 }

/** Returns a use that leaves nothing: of a run that is done in several parts, each has computed some symbols only. */
export function onlyReading(use: CacheUse): CacheUse {
  return { ...use, leastBars: Infinity }
}

/** Returns the use that a run has chosen. */
export function chosenCache({ cache }: BacktestConfig): CacheUse {
  return cache ? usualCache : noCache
}

/** Returns SQL that computes a relation, with the columns that `columnsRead` names. */
export type Compute = (relation: string, columnsRead: string) => Promise<string>

/** What a run does with a relation that its strategy reads. */
interface Entry {
  relation: string
  folder: string
  /** Its columns besides symbol, timeframe, bar_at and session_date. */
  columns: readonly string[]
  /** Words that may be names of columns, and those of them that this run and others have asked for. */
  names: readonly string[]
  asked: readonly string[]
  /** Those of this run, which sees no other columns: what others have asked for changes nothing for it. */
  own: readonly string[]
  /** What the store holds of these data, as far as this run can use it. */
  found: CachedColumns | null
  /** Returns SQL that computes it. */
  computed: () => Promise<string>
  /** What it does: reads it from the store, computes it table by table, which are written there, or only computes it. */
  mode: 'read' | 'write' | 'compute'
  writer: CacheWriter | null
}

/**
 * The columns of the geometry that a run reads from the store, where an earlier run has left them, or leaves there for later ones.
 * They depend on bars, parameters and models, and never on later sessions, so that those of one run serve every other strategy and
 * every range of dates. The strategy reads them by views of the schema `cached`.
 */
export class GeometryCache {
  readonly #database: Database
  readonly #store: Store
  readonly #config: BacktestConfig
  readonly #files: SourceFiles
  readonly #use: CacheUse
  #identity: CacheIdentity = { program: '', data: '' }
  #entries: Entry[] = []
  readonly #read = new Set<string>()
  readonly #intact = new Set<CachedFile>()

  constructor(database: Database, store: Store, config: BacktestConfig, files: SourceFiles, use: CacheUse) {
    this.#database = database
    this.#store = store
    this.#config = config
    this.#files = files
    this.#use = use
  }

  /**
   * Returns SQL that takes the place of some of the models `relations`, which the strategy `text` reads of `symbols`: of those that
   * are there, and of those that are to be left there.
   */
  async open(relations: readonly string[], text: string, symbols: readonly string[], compute: Compute): Promise<Map<string, string>> {
    const isWorthwhile = storedBarCount(this.#store, this.#config, symbols) >= this.#use.leastBars
    const models = readModels()
    // a word may be the name of a column, or stand in a comment
    const read = new Set(namesRead(text))
    const names = relations.filter((name) => name !== 'bars' && models.has(name) && read.has(name))
    if (names.length === 0 || !(this.#use.reads || isWorthwhile)) return new Map()
    this.#identity = await identityOf(this.#database, this.#store, this.#config, this.#files)
    await this.#database.run('create schema if not exists cached')
    for (const relation of names) {
      const entry = this.#entry(relation, text, compute)
      const reading = this.#use.reads && holds(entry, symbols) ? await this.#reading(entry) : null
      const made = reading ?? (isWorthwhile ? await this.#writing(entry) : null)
      if (made !== null) this.#entries.push(made)
    }
    return new Map(this.#entries.map(({ relation }) => [relation, `select * from ${viewName(relation)}`]))
  }

  /** Whether all of `symbols` are in what is read. */
  covers(symbols: readonly string[]): boolean {
    return this.#of('read').every(({ found }) => {
      const present = symbolsOf(found)
      return symbols.every((symbol) => present.has(symbol))
    })
  }

  /** Returns statements after which the relations hold consecutive symbols, whose bars satisfy `condition`. */
  async narrowed(symbols: readonly string[], condition: string): Promise<string[]> {
    for (const entry of this.#of('read')) if (!this.#isIntact(entry, symbols)) await this.#drop(entry)
    const statements = this.#of('read').map((entry) => this.#view(entry, filesSql(entry, symbols), condition))
    for (const { relation } of this.#of('read')) this.#read.add(relation)
    for (const entry of this.#of('write')) {
      await entry.writer!.room()
      const table = entry.writer!.table()
      const columns = ['symbol', 'bar_at', 'session_date', ...entry.columns].map(identifier).join(', ')
      statements.push(`create or replace table ${table} as select ${columns} from (\n${await entry.computed()}\n)`)
      statements.push(this.#view(entry, `select * from ${table}`))
    }
    return statements
  }

  /** Begins to write what the statements of `narrowed` have computed of these symbols. */
  write(symbols: readonly string[]): void {
    for (const { writer } of this.#of('write')) writer!.write(symbols)
  }

  /**
   * Takes a failure after the statements of `narrowed`. Returns whether the cache may be to blame for it: by files that cannot be read,
   * which are deleted then, or by tables for which memory was wanting. What was to be read from them, or to be written, is only
   * computed from now on.
   */
  async fails(error: unknown): Promise<boolean> {
    const kind = databaseKind(error)
    if (kind === 'INTERRUPT') return false
    const writing = this.#of('write')
    for (const entry of writing) {
      entry.writer!.stop()
      await this.#compute(entry)
    }
    if (kind === 'Out of Memory') return writing.length > 0
    if (kind === null) return false
    let isBroken = false
    for (const entry of this.#of('read')) {
      if (await this.#isReadable(entry)) continue
      isBroken = true
      await this.#drop(entry)
    }
    return isBroken
  }

  /** The relations of which columns were read from the store. */
  relationsRead(): string[] {
    return [...this.#read]
  }

  /**
   * Makes what was written part of the store, if all of `symbols` were and the data are still the same. Returns why it could not
   * be written, or null.
   */
  async finish(symbols: readonly string[]): Promise<string | null> {
    try {
      return await this.#finish(symbols)
    } catch (error) {
      return error instanceof Error ? error.message : String(error)
    }
  }

  async #finish(symbols: readonly string[]): Promise<string | null> {
    const entries = this.#of('write')
    const { to } = this.#config
    if (entries.length === 0 || !await this.#isSame()) return null
    for (const { writer, found, asked, names, columns } of entries) {
      const others = found?.to === to && found.asked.length === asked.length ? found.files : []
      const content = { ...this.#identity, to, names: [...names], asked: [...asked], columns: [...columns] }
      const fault = await writer!.finish(content, symbols, others)
      if (fault !== null) return fault
    }
    dropOutdated(this.#store, this.#config.timeframe.name, this.#identity)
    return null
  }

  /** Ends what is under way, and removes what has not become part of the store. */
  async close(): Promise<void> {
    for (const { writer } of this.#entries) await writer?.close()
    this.#entries = []
  }

  #entry(relation: string, text: string, compute: Compute): Entry {
    const folder = cachedFolder(this.#store, entryName(relation, this.#config))
    const present = this.#ofTheseData(readCached(folder))
    const found = present !== null && this.#reaches(present) ? present : null
    const names = present?.names ?? columnNames([...readModels().values()])
    const known = new Set(names)
    const own = wordsIn(text).filter((word) => [...namesIn(word)].some((name) => known.has(name)))
    // also of one that does not reach as far: else two runs that end elsewhere would replace it in turns
    const asked = [...new Set([...(present?.asked ?? []), ...own])].sort()
    const computed = () => compute(relation, asked.join(' '))
    return { relation, folder, columns: found?.columns ?? [], names, asked, own, found, computed, mode: 'compute', writer: null }
  }

  /** Makes the view of an entry that is there; null when it cannot be read, and is deleted. */
  async #reading(entry: Entry): Promise<Entry | null> {
    try {
      await this.#database.run(this.#view(entry, filesSql(entry, null)))
      return { ...entry, mode: 'read' }
    } catch (error) {
      if (databaseKind(error) !== 'INTERRUPT') dropCached(entry.folder, entry.found!)
      return null
    }
  }

  /** Makes the view of an entry that is to be left there, for the time being without rows; null when its types do not allow it. */
  async #writing(entry: Entry): Promise<Entry | null> {
    const { relation, folder, asked } = entry
    const sql = await entry.computed()
    const known = await this.#described(relation, sql)
    const columns = known.filter(({ name }) => asked.includes(name) && !always.includes(name))
    if (!columns.every(({ type }) => storable.test(type))) return null
    const types = [...always.map((name) => known.find((column) => column.name === name)!), ...columns]
    const list = types.filter(({ name }) => name !== 'timeframe').map(({ name, type }) => `${identifier(name)} ${type}`)
    const none = `cached.${identifier(`${relation}_none`)}`
    const writer = new CacheWriter(await this.#database.fork(), relation, folder)
    const computed = () => Promise.resolve(sql)
    const writing: Entry = { ...entry, columns: columns.map(({ name }) => name), computed, mode: 'write', writer }
    await this.#database.run(`create or replace table ${none} (${list.join(', ')}); ${this.#view(writing, `select * from ${none}`)}`)
    return writing
  }

  /** Returns the columns of a relation with their types. */
  async #described(relation: string, sql: string): Promise<{ name: string; type: string }[]> {
    const name = `${relation}_computed`
    await this.#database.run(viewSql('cached', name, sql))
    return this.#database.rows<{ name: string; type: string }>(`
      select column_name as name, data_type as type from duckdb_columns()
      where schema_name = 'cached' and table_name = ${literal(name)} order by column_index`)
  }

  /** What a folder holds, if that was computed here and now, of these data. */
  #ofTheseData(present: CachedColumns | null): CachedColumns | null {
    const { program, data } = this.#identity
    return present?.program === program && present.data === data ? present : null
  }

  /** Whether cached columns reach as far as the run does. */
  #reaches({ to: end }: CachedColumns): boolean {
    const { to, timeframe: { unit = 'day' } } = this.#config
    // a week that the run cuts short is another bar than the whole one
    if (unit !== 'day') return end === to
    return end === null || (to !== null && to <= end)
  }

  /** Whether the data are still those of which was computed. */
  async #isSame(): Promise<boolean> {
    try {
      return (await identityOf(this.#database, this.#store, this.#config, this.#files)).data === this.#identity.data
    } catch {
      return false
    }
  }

  async #compute(entry: Entry): Promise<void> {
    await this.#database.run(this.#view(entry, await entry.computed()))
    // not before: the view may still be that of the batch before
    entry.mode = 'compute'
  }

  /** Deletes what is there of an entry, which is only computed from now on. */
  async #drop(entry: Entry): Promise<void> {
    dropCached(entry.folder, entry.found!)
    await this.#compute(entry)
  }

  /** Whether the files that have any of the symbols are as they were written; each is looked at once. */
  #isIntact(entry: Entry, symbols: readonly string[]): boolean {
    const files = filesWith(entry, symbols).filter((file) => !this.#intact.has(file))
    const isIntact = files.every((file) => isIntactFile(entry.folder, file))
    if (isIntact) for (const file of files) this.#intact.add(file)
    return isIntact
  }

  async #isReadable(entry: Entry): Promise<boolean> {
    try {
      await this.#database.value(`select sum(hash(cached)) from (${filesSql(entry, null)}) as cached`)
      return true
    } catch {
      return false
    }
  }

  #of(mode: Entry['mode']): Entry[] {
    return this.#entries.filter((entry) => entry.mode === mode)
  }

  #view({ relation, columns, own }: Entry, sql: string, condition = 'true'): string {
    const timeframe = `${literal(this.#config.timeframe.name)} as timeframe`
    const shown = columns.filter((name) => own.includes(name)).map(identifier)
    const list = ['symbol', timeframe, 'bar_at', 'session_date', ...shown].join(', ')
    return viewSql('cached', relation, `select ${list} from (${sql}) where ${condition}`)
  }
}

/** Columns that every entry has. */
const always = ['symbol', 'timeframe', 'bar_at', 'session_date']

/** Types whose values are the same when they have been in a file, but for the sign of a zero, which no model was seen to give. */
const storable = /^(?:VARCHAR|BOOLEAN|DOUBLE|DATE|TIMESTAMP|(?:TINY|SMALL|BIG)INT|INTEGER)$/

function viewName(relation: string): string {
  return `cached.${identifier(relation)}`
}

function symbolsOf(found: CachedColumns | null): Set<string> {
  return new Set(found?.files.flatMap((file) => file.symbols))
}

/** Whether the store has all columns of an entry, and most of its symbols: some of these may turn out to have too few bars. */
function holds({ found, asked }: Entry, symbols: readonly string[]): boolean {
  if (found === null || asked.length > found.asked.length) return false
  const present = symbolsOf(found)
  return symbols.filter((symbol) => present.has(symbol)).length * 2 > symbols.length
}

/** Returns the files that have any of the symbols, null standing for all. */
function filesWith({ found }: Entry, symbols: readonly string[] | null): CachedFile[] {
  const wanted = new Set(symbols)
  return found!.files.filter((file) => symbols === null || file.symbols.some((symbol) => wanted.has(symbol)))
}

function filesSql(entry: Entry, symbols: readonly string[] | null): string {
  const paths = filesWith(entry, symbols).map(({ file }) => literal(join(entry.folder, file)))
  return `select * from read_parquet([${paths.join(', ')}])`
}
