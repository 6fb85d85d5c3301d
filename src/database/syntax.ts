import { DgasError } from '../errors.js'
import { withoutComments } from './comments.js'
import { pointerInto, type SqlOrigin } from './sql-error.js'

/** Whether nothing but blanks and comments is in some SQL. */
export function isBlank(sql: string): boolean {
  return withoutComments(sql).trim() === ''
}

/** Table functions that a query may call: they compute, describe or read, and leave nothing behind. */
const harmless = new Set([
  ...['range', 'generate_series', 'unnest', 'repeat', 'repeat_row', 'json_each', 'json_tree', 'glob', 'sniff_csv'],
  ...['read_csv', 'read_csv_auto', 'read_parquet', 'parquet_scan', 'read_text', 'read_blob', 'read_json', 'read_json_auto'],
  ...['read_json_objects', 'read_json_objects_auto', 'read_ndjson', 'read_ndjson_auto', 'read_ndjson_objects'],
  ...['parquet_metadata', 'parquet_schema', 'parquet_file_metadata', 'parquet_kv_metadata', 'parquet_full_metadata'],
  ...['duckdb_columns', 'duckdb_functions', 'duckdb_keywords', 'duckdb_memory', 'duckdb_schemas', 'duckdb_settings'],
  ...['duckdb_tables', 'duckdb_types', 'duckdb_views', 'pg_timezone_names', 'icu_calendar_names', 'pragma_version'],
])

/** What DuckDB's `json_serialize_sql` says of a text: its statements when all of them select, else an error. */
interface Serialized {
  error: boolean
  statements?: unknown[]
}

const explain = /^(?:\s|--[^\n]*\n|\/\*[\s\S]*?\*\/)*explain\b(?:\s+analyze\b)?(?:\s*\(\s*format\s+\w+\s*\))?/i

/** Returns the statement that an `explain` explains; other SQL as it is. Characters keep their places. */
export function withoutExplain(sql: string): string {
  return sql.replace(explain, (text) => text.replaceAll(/\S/g, ' '))
}

/**
 * Whether a statement only selects, by the syntax tree that DuckDB makes of it. Throws a `DgasError` when it calls a table
 * function that is not known to be harmless, such as one that writes logs into a file.
 */
export function onlySelects(serialized: string, sql: string, origin: SqlOrigin = { name: 'SQL' }): boolean {
  const { error, statements = [] } = JSON.parse(serialized) as Serialized
  if (error) return false
  for (const call of tableFunctions(statements)) {
    if (harmless.has(call.name.toLowerCase())) continue
    const what = `the table function ${call.name} is not for queries`
    throw new DgasError({ what, where: origin.name, detail: pointerInto(sql, placeOf(call, sql), origin), exit: 2 })
  }
  return true
}

/**
 * Whether a statement reads columns only by names that stand in it, by its syntax tree: then it comes to the same when the
 * relations that it reads lack the others. It does not when it names columns by their place, or takes all that there are as
 * one value, for a pattern, or to join by.
 */
export function readsByName(serialized: string): boolean {
  const { error, statements = [] } = JSON.parse(serialized) as Serialized
  return !error && !readsOtherwise(statements, new Set(tableNames(statements)))
}

/** Functions that come to something else each time, or each day: DuckDB calls them volatile, or consistent within a query. */
const unsteady = new Set([
  ...['random', 'uuid', 'uuidv4', 'uuidv7', 'gen_random_uuid', 'setseed', 'nextval', 'currval', 'sleep_ms', 'stats', 'write_log'],
  ...['now', 'today', 'get_current_time', 'get_current_timestamp', 'transaction_timestamp', 'current_localtime', 'current_localtimestamp'],
  ...['current_connection_id', 'current_query', 'current_query_id', 'current_transaction_id', 'txid_current'],
])

/** Names that are such functions unless there is a column of the name. */
const clocks = new Set(['current_date', 'current_time', 'current_timestamp', 'localtime', 'localtimestamp'])

/** What of a statement, by its syntax tree, is something else each time, or each day; null: nothing is known to be. */
export function unsteadyPart(serialized: string, sql: string): { name: string; place: number } | null {
  const { error, statements = [] } = JSON.parse(serialized) as Serialized
  const found = error ? undefined : unsteadyCalls(statements).at(0)
  return found === undefined ? null : { name: found.name, place: placeOf(found, sql) }
}

function unsteadyCalls(node: unknown): Call[] {
  if (typeof node !== 'object' || node === null) return []
  const { type, function_name: called, children, column_names: names, sample, query_location: location } = node as Record<string, unknown>
  const call = (name: string): Call => ({ name, location: Number(location) })
  const own: Call[] = []
  const name = String(called).toLowerCase()
  if (type === 'FUNCTION' && (unsteady.has(name) || clocks.has(name))) own.push(call(name))
  // to the present day
  if (type === 'FUNCTION' && name === 'age' && Array.isArray(children) && children.length === 1) own.push(call('age with one argument'))
  if (type === 'COLUMN_REF' && isFilled(names) && names.length === 1 && clocks.has(String(names[0]).toLowerCase())) own.push(call(String(names[0]).toLowerCase()))
  if (typeof sample === 'object' && sample !== null) own.push(call('a sample'))
  return [...own, ...Object.values(node).flatMap(unsteadyCalls)]
}

/** The names of the tables, subqueries and CTEs of a tree. */
function tableNames(node: unknown): string[] {
  if (typeof node !== 'object' || node === null) return []
  const { type, alias, table_name: name, key } = node as Record<string, unknown>
  const own = type === 'BASE_TABLE' || type === 'SUBQUERY' ? [alias, name] : [key]
  return [...own.filter((text) => typeof text === 'string').map((text) => text.toLowerCase()), ...Object.values(node).flatMap(tableNames)]
}

function readsOtherwise(node: unknown, tables: ReadonlySet<string>): boolean {
  if (typeof node !== 'object' || node === null) return false
  const { type, aliases, column_name_alias: named, ref_type: join, column_names: names, select_list: list } = node as Record<string, unknown>
  const isNamedAnew = (type === 'BASE_TABLE' || type === 'SUBQUERY') && isFilled(named)
  // a column of such a name, which comes first, is rare
  const isRow = type === 'COLUMN_REF' && isFilled(names) && names.length === 1 && tables.has(String(names[0]).toLowerCase())
  if (isNamedAnew || isRow || isFilled(aliases) || join === 'NATURAL' || join === 'POSITIONAL') return true
  if (type === 'PIVOT' || type === 'POSITIONAL_REFERENCE' || type === 'STAR') return true
  const isWhole = (item: unknown) => (item as Record<string, unknown>).type === 'STAR' && (item as Record<string, unknown>).columns === false
  const parts = isFilled(list) ? [...Object.values({ ...node, select_list: null }), ...list.filter((item) => !isWhole(item))] : Object.values(node)
  return parts.some((part) => readsOtherwise(part, tables))
}

function isFilled(list: unknown): list is unknown[] {
  return Array.isArray(list) && list.length > 0
}

interface Call {
  name: string
  /** Place in the text, in bytes. */
  location: number
}

function tableFunctions(node: unknown): Call[] {
  if (typeof node !== 'object' || node === null) return []
  const below = Object.values(node).flatMap(tableFunctions)
  const { type, function: called, query_location: location } = node as Record<string, unknown>
  if (type !== 'TABLE_FUNCTION') return below
  return [{ name: String((called as { function_name?: unknown }).function_name), location: Number(location) }, ...below]
}

function placeOf({ location }: Call, sql: string): number {
  return Buffer.from(sql).subarray(0, location).toString().length
}
