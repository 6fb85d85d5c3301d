import { realpathSync, statSync } from 'node:fs'
import type { DuckDBResult } from '@duckdb/node-api'
import { openDatabase, type Database, type DatabaseSpec } from '../database/database.js'
import { bindParameters } from '../database/parameters.js'
import type { SqlOrigin } from '../database/sql-error.js'
import { withoutExplain } from '../database/syntax.js'
import { usageError, type DgasError } from '../errors.js'
import type { GeometrySpec } from '../models/parameters.js'
import { relationNames } from '../models/relation-names.js'
import { storeFolders, type Store } from '../store/layout.js'
import { openStore } from '../store/store.js'
import { higherOfAny } from '../store/timeframe.js'
import { parameterValues } from './parameters.js'
import { createQueryRelations } from './relations.js'
import { splitStatements } from './statements.js'

/** A query and what it may use; all but the first two optional. */
export interface QuerySpec extends Pick<DatabaseSpec, 'threads' | 'memory'> {
  sql: string
  /** What the SQL is called in error messages, such as its file. */
  name: string
  /** Folder of the store; default: as `openStore` has it. */
  folder?: string
  /** Texts of the `$name` parameters. */
  parameters?: Readonly<Record<string, string>>
  /** How the geometry is computed; default: as `usualGeometry` has it. */
  geometry?: GeometrySpec
  /** Names of the higher timeframes of `context`, nearest first: those above a bar are beside it; default: the usual ones. */
  higher?: readonly string[]
  /** Shows the plan of the query instead of its rows: as a drawing or as JSON. */
  explain?: 'text' | 'json'
  /** A folder outside the store whose files may be read. */
  allowFiles?: string
  /** A file that may be written by a statement of our own. */
  writable?: string
}

/** A query over a store, and the database that is to answer it. */
export interface StoreQuery {
  database: Database
  store: Store
  sql: string
  origin: SqlOrigin
  geometry?: GeometrySpec
  /** Names of the higher timeframes of `context`. */
  higher?: readonly string[]
}

/** A query that can do nothing but read. */
export interface OpenQuery extends StoreQuery {
  /** Starts it, once: it is planned already. */
  start: () => Promise<DuckDBResult>
}

/**
 * Opens a database with the relations that a query reads, and closes every other way out of it. The caller closes the
 * database. Throws a `DgasError` for anything but one query, and for a mistake in it.
 */
export async function openQuery(spec: QuerySpec): Promise<OpenQuery> {
  assertSome(spec)
  const values = parameterValues(spec.sql, spec.parameters ?? {})
  const sql = explaining(bindParameters(spec.sql, values, spec.name), spec.explain)
  const readable = 'a file of the store, or of a folder that --allow-files names'
  const linesBefore = spec.explain === undefined ? 0 : 1
  const origin = { name: spec.name, linesBefore, text: spec.sql, values, relations: relationNames(), readable }
  const allowed = spec.allowFiles === undefined ? [] : [allowedFolder(spec.allowFiles)]
  const database = await openDatabase(spec)
  try {
    const store = await openStore(database, spec)
    const query = { database, store, sql, origin, geometry: spec.geometry, higher: spec.higher }
    return { ...query, start: await prepareQuery(query, allowed, spec.writable === undefined ? [] : [spec.writable]) }
  } catch (error) {
    database.close()
    throw error
  }
}

/**
 * Gives an empty database the relations that a query reads, closes every other way out of it but the folders `allowed` and the
 * files `writable`, and returns what starts the query. Throws a `DgasError` for anything but one query, and for a mistake in it.
 */
export async function prepareQuery(
  { database, store, sql, origin, geometry, higher: names }: StoreQuery,
  allowed: readonly string[] = [],
  writable: readonly string[] = [],
): Promise<() => Promise<DuckDBResult>> {
  // files are opened when a relation is made, when the query is planned and when it runs
  await database.run('set parquet_metadata_cache = true')
  const spec = { geometry, higher: higherOfAny(names) }
  await createQueryRelations(database, store, sql, spec)
  // before the query is planned: planning already reads the beginnings of files
  await database.confine([...storeFolders(store), ...allowed], [...writable])
  return plannedQuery(database, sql, origin).catch(async (error: unknown) => {
    // among all columns there may be one that a misspelt name is near to
    await createQueryRelations(database, store, sql, { ...spec, isWhole: true })
    await plannedQuery(database, sql, origin)
    throw error
  })
}

function explaining(sql: string, explain: QuerySpec['explain']): string {
  if (explain === undefined) return sql
  return `${explain === 'json' ? 'explain (format json)' : 'explain'}\n${sql}`
}

function assertSome({ sql, name }: QuerySpec): void {
  const { statements, rest } = splitStatements(sql)
  if (statements.length > 0 || rest !== '') return
  throw usageError({ what: 'the query is empty', where: name, expected: 'SQL such as "select * from bars limit 5"' })
}

const oneQuery = 'one query: select, with, from, describe, summarize or explain'

async function plannedQuery(database: Database, sql: string, origin: SqlOrigin): Promise<() => Promise<DuckDBResult>> {
  const { count, isQuery } = await database.parsed(sql, withoutExplain(sql), origin)
  // names that there are not are found now
  if (isQuery) return database.planned(sql, origin)
  const { statements, rest } = splitStatements(sql)
  const given = statements.length + (rest === '' ? 0 : 1)
  if (given === 1 && count > 1) throw openPivot(origin)
  const what = given === 1 ? 'this statement would change something' : `there are ${given} statements`
  throw usageError({ what, where: origin.name, expected: oneQuery })
}

/** DuckDB makes several statements only of a pivot that does not list its values: it keeps them as a type first. */
function openPivot({ name }: SqlOrigin): DgasError {
  const what = 'this pivot would first look up its values, which takes a statement that changes something'
  return usageError({ what, where: name, expected: `the values listed, such as pivot … on side in ('long', 'short')` })
}

function allowedFolder(folder: string): string {
  const stat = statSync(folder, { throwIfNoEntry: false })
  if (stat?.isDirectory() === true) return realpathSync(folder)
  const what = stat === undefined ? `there is no folder "${folder}"` : `"${folder}" is no folder`
  throw usageError({ what, where: '--allow-files', expected: 'a folder whose files the query may read' })
}
