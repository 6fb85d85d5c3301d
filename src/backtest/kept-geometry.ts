import type { Database } from '../database/database.js'
import { identifier } from '../database/quote.js'
import { namesRead, readModels } from '../models/model.js'
import { dropCached, dropOutdated, isIntact as isIntactFile, type CachedFile } from '../store/geometry-files.js'
import type { Store } from '../store/layout.js'
import type { BacktestConfig } from './config.js'
import { databaseKind } from './faults.js'
import { columnsOf, entryOf, filesSql, filesWith, holds, isReadable, keptColumns, symbolsOf, viewOf, type Compute, type Entry } from './geometry-entry.js'
import { identityOf, isStillOf, storedBarCount, type GeometryIdentity } from './geometry-identity.js'
import type { CacheUse } from './geometry-use.js'
import { GeometryWriter } from './geometry-writer.js'
import type { SourceFiles } from './source-files.js'

/**
 * The columns of the geometry that a run reads from the store, where an earlier run has left them, or leaves there for later ones.
 * They depend on bars, parameters and models, and never on later sessions, so that those of one run serve every other strategy and
 * every range of dates. The strategy reads them by views of the schema `cached`.
 */
export class KeptGeometry {
  readonly #database: Database
  readonly #store: Store
  readonly #config: BacktestConfig
  readonly #files: SourceFiles
  readonly #use: CacheUse
  #identity: GeometryIdentity = { program: '', data: '' }
  #entries: Entry[] = []
  #isWhole = false
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
    this.#identity = identityOf(this.#store, this.#config, this.#files)
    await this.#database.run('create schema if not exists cached')
    for (const relation of names) {
      const entry = entryOf({ store: this.#store, config: this.#config, identity: this.#identity }, relation, text, compute)
      const reading = this.#use.reads && holds(entry, symbols) ? await this.#reading(entry) : null
      const made = reading ?? (isWorthwhile ? await this.#writing(entry) : null)
      if (made !== null) this.#entries.push(made)
    }
    this.#isWhole = this.#entries.length === names.length
    return new Map(this.#entries.map(({ relation }) => [relation, `select * from cached.${identifier(relation)}`]))
  }

  /** Whether all that the strategy reads of the models is read from the store. */
  isOnlyRead(): boolean {
    return this.#isWhole && this.#of('read').length === this.#entries.length
  }

  /** Whether anything is computed that is to be left in the store. */
  isWriting(): boolean {
    return this.#of('write').length > 0
  }

  /** Whether `finish` has made what was computed part of the store. */
  isLeft(): boolean {
    return this.isWriting() && this.#of('write').every(({ writer }) => writer!.isPut())
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
    const statements = this.#of('read').map((entry) => viewOf(entry, filesSql(entry, symbols), condition))
    for (const { relation } of this.#of('read')) this.#read.add(relation)
    for (const entry of this.#of('write')) {
      await entry.writer!.room()
      const table = entry.writer!.table()
      const columns = ['symbol', 'bar_at', 'session_date', ...entry.columns].map(identifier).join(', ')
      statements.push(`create or replace table ${table} as select ${columns} from (\n${await entry.computed()}\n)`)
      statements.push(viewOf(entry, `select * from ${table}`))
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
      if (await isReadable(this.#database, entry)) continue
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
    if (entries.length === 0 || !isStillOf(this.#identity, this.#store, this.#config, this.#files)) return null
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

  /** Makes the view of an entry that is there; null when it cannot be read, and is deleted. */
  async #reading(entry: Entry): Promise<Entry | null> {
    try {
      await this.#database.run(viewOf(entry, filesSql(entry, null)))
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
    const kept = keptColumns(await columnsOf(this.#database, sql), asked)
    if (kept === null) return null
    const none = `cached.${identifier(`${relation}_none`)}`
    const writer = new GeometryWriter(await this.#database.fork(), relation, folder)
    const computed = () => Promise.resolve(sql)
    const writing: Entry = { ...entry, columns: kept.columns, computed, mode: 'write', writer }
    await this.#database.run(`create or replace table ${none} (${kept.list}); ${viewOf(writing, `select * from ${none}`)}`)
    return writing
  }

  async #compute(entry: Entry): Promise<void> {
    await this.#database.run(viewOf(entry, await entry.computed()))
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

  #of(mode: Entry['mode']): Entry[] {
    return this.#entries.filter((entry) => entry.mode === mode)
  }
}
