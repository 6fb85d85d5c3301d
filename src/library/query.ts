import type { DuckDBResult } from '@duckdb/node-api'
import type { ColumnTable } from 'arquero'
import type { Database } from '../database/database.js'
import { bindParameters } from '../database/parameters.js'
import type { SqlValue } from '../database/quote.js'
import { valueColumnChunks, type ColumnKind, type ValueColumn, type ValueColumns } from '../database/value-columns.js'
import { geometry, type GeometrySpec } from '../models/parameters.js'
import { relationNames } from '../models/relation-names.js'
import { prepareQuery } from '../query/open-query.js'
import { arqueroTable } from './arquero.js'
import { callDatabase, withDatabase, type OpenStore } from './store.js'

/** The values of the `$name` parameters of a query; a `Date` stands for a time in UTC. */
export type QueryParameters = Readonly<Record<string, SqlValue | Date>>

/** The rows of a query as columns; a caller who knows them may name their types. */
export interface QueryResult<Columns = Record<string, ValueColumn>> {
  /** Number of rows. */
  length: number
  /**
   * The columns by name, in the order of the query. Numbers are a `Float64Array` in which a null is `NaN`; times and dates are
   * milliseconds since 1970-01-01 UTC in one; text, booleans, lists and structs are an array in which a null is null.
   */
  columns: Columns
  /** What the values of each column are. */
  kinds: Record<string, ColumnKind>
  /** Returns the same as an Arquero table: times as `Date`, a missing value as null. */
  toArquero: () => ColumnTable
}

/** How the relations of a query are computed. */
export interface QueryChoice extends GeometrySpec {
  /** Higher timeframes of `context`, nearest first: those above a bar are beside it. Default: the usual ones. */
  higher?: readonly string[]
}

/** Rows that `queryChunks` collects before it yields. */
const chunkRows = 65_536

/**
 * Runs one query over the relations of a store; `spec` says how their geometry is computed. Throws a `DgasError` for a mistake in the SQL, for a statement that would change
 * something, for a parameter without a value, and for a geometry that is not possible.
 */
export async function query<Columns = Record<string, ValueColumn>>(
  store: OpenStore,
  sql: string,
  parameters: QueryParameters = {},
  spec: QueryChoice = {},
): Promise<QueryResult<Columns>> {
  return withDatabase(store, async (database) => {
    const result = await startQuery(database, store, sql, parameters, spec)
    const all = (await valueColumnChunks(result, Infinity).next()) as IteratorYieldResult<ValueColumns>
    return queryResult<Columns>(all.value)
  })
}

/**
 * Runs one query and yields its rows in pieces of some 65,000, the next of which is computed when it is asked for. Memory does not
 * grow with the number of rows. Throws as `query` does.
 */
export async function* queryChunks<Columns = Record<string, ValueColumn>>(
  store: OpenStore,
  sql: string,
  parameters: QueryParameters = {},
  spec: QueryChoice = {},
): AsyncGenerator<QueryResult<Columns>, void, undefined> {
  const { database, release } = await callDatabase(store)
  try {
    const result = await startQuery(database, store, sql, parameters, spec)
    for await (const chunk of valueColumnChunks(result, chunkRows)) yield queryResult<Columns>(chunk)
  } finally {
    release()
  }
}

function queryResult<Columns>(values: ValueColumns): QueryResult<Columns> {
  return { ...values, columns: values.columns as Columns, toArquero: () => arqueroTable(values) }
}

async function startQuery(
  database: Database,
  store: OpenStore,
  sql: string,
  parameters: QueryParameters,
  spec: QueryChoice,
): Promise<DuckDBResult> {
  const values = Object.fromEntries(Object.entries(parameters).map(bound))
  const text = bindParameters(sql, values, 'query')
  const origin = { name: 'query', text: sql, values, relations: relationNames(), readable: 'a file of the store' }
  const start = await prepareQuery({ database, store, sql: text, origin, geometry: geometry(spec), higher: spec.higher })
  return start()
}

function bound([name, value]: [string, SqlValue | Date]): [string, SqlValue] {
  return [name, value instanceof Date ? value.toISOString().replace('T', ' ').replace('Z', '') : value]
}
