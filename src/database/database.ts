import { DuckDBInstance, version, type DuckDBConnection, type DuckDBResult } from '@duckdb/node-api'
import { DgasError } from '../errors.js'
import { askingForColumns } from './asking.js'
import { appendColumns, readColumns, type Columns, type Order } from './columns.js'
import { literal } from './quote.js'
import { sqlError, type SqlOrigin } from './sql-error.js'
import { isBlank, onlySelects, readsByName, unsteadyPart, withoutExplain } from './syntax.js'

/** How much of the machine the database may use. */
export interface DatabaseSpec {
  /** Threads of DuckDB; default: one per core. */
  threads?: number
  /** Memory limit such as `2GB`; default: DuckDB's own, 80 % of the machine's memory. */
  memory?: string
  /** Folder for what does not fit the memory limit; default: nothing may spill. */
  temporaryFolder?: string
}

/** What the syntax of some SQL says. */
export interface Parsed {
  /** Number of statements. */
  count: number
  /** Whether the only one is a query that changes nothing. */
  isQuery: boolean
  /** Whether it reads columns only by names that stand in it. */
  isByName: boolean
  /** What in it is something else each time, and its place in the text; null: nothing is known to be. */
  unsteady: { name: string; place: number } | null
}

/** One in-process, in-memory DuckDB; the only way by which the rest of the program reaches it. */
export class Database {
  readonly connection: DuckDBConnection
  /** Whether somebody has chosen how many threads it has. */
  readonly isLimited: boolean
  readonly #instance: DuckDBInstance
  /** Statements that have not ended. */
  #underWay = 0
  #isClosing = false

  constructor(instance: DuckDBInstance, connection: DuckDBConnection, isLimited: boolean) {
    this.#instance = instance
    this.connection = connection
    this.isLimited = isLimited
  }

  /** Runs one or more statements. Throws a `DgasError` that names `origin` for a mistake in the SQL. */
  async run(sql: string, origin?: SqlOrigin): Promise<void> {
    await this.#explained(this.connection.run(sql), sql, origin)
  }

  /** Returns the rows of a query as objects with plain values: numbers, text, `Date` for times, null. */
  async rows<Row = Record<string, unknown>>(sql: string, origin?: SqlOrigin): Promise<Row[]> {
    const reader = await this.#explained(this.connection.runAndReadAll(sql), sql, origin)
    const names = reader.columnNames()
    return reader.getRowsJS().map((row) => {
      return Object.fromEntries(row.map((value, index) => [names[index], plain(value)])) as Row
    })
  }

  /** Returns the single value of a query that has one row and one column. */
  async value(sql: string): Promise<unknown> {
    const [row] = await this.rows(sql)
    return Object.values(row)[0]
  }

  /** Returns the columns of a query as typed arrays; see `readColumns` for the types that it may have. */
  async columns<Name extends string>(sql: string, origin?: SqlOrigin): Promise<Columns<Name>> {
    return (await this.computed<Name>(sql, origin))()
  }

  /** Computes a query and returns what reads its columns, which may be done later, and in another order. */
  async computed<Name extends string>(sql: string, origin?: SqlOrigin): Promise<(order?: Order) => Columns<Name>> {
    // materialised, not streamed: the query goes on in the background while JavaScript is busy
    const result = await this.#explained(this.connection.run(sql), sql, origin)
    return (order) => readColumns(result, order)
  }

  /** Starts a query whose rows are fetched chunk by chunk. */
  async stream(sql: string, origin?: SqlOrigin): Promise<DuckDBResult> {
    return this.#explained(this.connection.stream(sql), sql, origin)
  }

  /** Plans a query and returns what starts it, once; its rows are then fetched chunk by chunk. */
  async planned(sql: string, origin?: SqlOrigin): Promise<() => Promise<DuckDBResult>> {
    const plan = await this.#explained(this.connection.prepare(sql), sql, origin)
    // what has been started holds what it needs of the plan
    return () => this.#explained(plan.stream().finally(() => plan.destroySync()), sql, origin)
  }

  /** Appends typed arrays to a table, which is created when it does not exist. */
  async append(table: string, columns: Columns): Promise<void> {
    await this.#explained(appendColumns(this.connection, 'create table if not exists', table, columns), '')
  }

  /** Makes a table of typed arrays, in the place of one with the same name. */
  async put(table: string, columns: Columns): Promise<void> {
    await this.#explained(appendColumns(this.connection, 'create or replace table', table, columns), '')
  }

  /**
   * Returns how many statements `sql` has and whether the only one is a query, perhaps an explained one, that changes
   * nothing. Throws a `DgasError` for a mistake in a query.
   */
  async statements(sql: string, origin?: SqlOrigin): Promise<{ count: number; isQuery: boolean }> {
    const { count, isQuery } = await this.parsed(sql, withoutExplain(sql), origin)
    // names that there are not are found by preparing only
    if (isQuery) (await this.#explained(this.connection.prepare(sql), sql, origin)).destroySync()
    return { count, isQuery }
  }

  /**
   * Like `statements`, without looking at what the names in `sql` stand for; `selecting` is what must be a query.
   */
  async parsed(sql: string, selecting: string, origin?: SqlOrigin): Promise<Parsed> {
    const no = { isQuery: false, isByName: false, unsteady: null }
    if (isBlank(sql)) return { count: 0, ...no }
    const { count } = await this.#explained(this.connection.extractStatements(sql), sql, origin)
    if (count !== 1) return { count, ...no }
    const tree = String(await this.value(`select json_serialize_sql(${literal(selecting)})`))
    return { count, isQuery: onlySelects(tree, sql, origin), isByName: readsByName(tree), unsteady: unsteadyPart(tree, selecting) }
  }

  /**
   * From now on SQL can reach files below these folders and these single files only, and no setting can be changed. DuckDB
   * resolves `..` and symbolic links before it compares. It may still write there: what statements may do is for the caller
   * to limit.
   */
  async confine(folders: readonly string[], files: readonly string[] = []): Promise<void> {
    await this.run(`
      set allowed_directories = [${folders.map(literal).join(', ')}];
      set allowed_paths = [${files.map(literal).join(', ')}];
      set enable_external_access = false;
      set lock_configuration = true`)
  }

  /** Stops the statement that is running; it then fails. */
  interrupt(): void {
    this.connection.interrupt()
  }

  /** Opens a second connection to the same data, for a query that runs while another one is being read. */
  async fork(): Promise<Database> {
    return new Database(this.#instance, await this.#instance.connect(), this.isLimited)
  }

  /** Does work with a second connection to the same data, which is closed then. */
  async beside<T>(work: (other: Database) => Promise<T>): Promise<T> {
    const other = await this.fork()
    return work(other).finally(() => other.close())
  }

  /** Closes this connection, which ends what is under way; the connection itself goes when that has ended. */
  close(): void {
    this.#isClosing = true
    if (this.#underWay === 0) this.connection.closeSync()
    else this.interrupt()
  }

  /** Does work on the statement `sql`. */
  async #explained<T>(work: Promise<T>, sql: string, origin: SqlOrigin = { name: 'SQL' }): Promise<T> {
    this.#underWay++
    try {
      return await work
    } catch (error) {
      throw sqlError(error, { sql, answer: await this.#answer(error, sql) }, origin)
    } finally {
      if (--this.#underWay === 0 && this.#isClosing) this.connection.closeSync()
    }
  }

  /** What is thrown when DuckDB is asked which columns are near to one that a relation has not; undefined for another mistake. */
  async #answer(error: unknown, sql: string): Promise<unknown> {
    const asking = askingForColumns(error, sql)
    if (asking === null) return undefined
    return this.connection.prepare(asking).then((plan) => plan.destroySync(), (answer: unknown) => answer)
  }
}

/** Opens an empty database in memory. Nothing is ever downloaded: extensions are neither installed nor loaded by name. */
export async function openDatabase(spec: DatabaseSpec = {}): Promise<Database> {
  const { threads, memory, temporaryFolder = '' } = spec
  const instance = await DuckDBInstance.create(':memory:', {
    autoinstall_known_extensions: 'false',
    temp_directory: temporaryFolder,
    ...(threads === undefined ? {} : { threads: String(threads) }),
    ...(memory === undefined ? {} : { memory_limit: memory }),
  }).catch((error: unknown) => {
    throw new DgasError({ what: (error as Error).message.split('\n')[0], where: 'opening the database', exit: 2 })
  })
  const database = new Database(instance, await instance.connect(), threads !== undefined)
  await database.run(`set timezone = 'UTC'`)
  return database
}

/** Returns the version of the DuckDB inside, such as `v1.5.6`. */
export function duckdbVersion(): string {
  return version()
}

function plain(value: unknown): unknown {
  return typeof value === 'bigint' ? Number(value) : value
}

