import { mkdtempSync, rmSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { DuckDBResult } from '@duckdb/node-api'
import { literal } from '../database/quote.js'
import { openQuery, type OpenQuery, type QuerySpec } from './open-query.js'
import { outputFormats, writeResult } from './output.js'
import { timeframesMissed } from './relations.js'
import { within } from './time-limit.js'
import { wholeFile } from './whole-file.js'
import type { Written } from './written.js'

/** The forms in which `dgas query` gives a result: text, and the binary ones. */
export const queryFormats = [...outputFormats, 'parquet', 'arrow'] as const
export type QueryFormat = (typeof queryFormats)[number]

/** What becomes of a query's result. */
export interface QueryTarget {
  format: QueryFormat
  /** A file; null: `write`. */
  output: string | null
  write: (content: string | Uint8Array) => void | Promise<void>
  /** Characters in a line of a table at most. */
  width: number
  /** Seconds after which the query is stopped; null: never. */
  timeout: number | null
  /** Called as soon as the query can be stopped. */
  onStart?: (query: OpenQuery) => void
}

/** What a query gave. */
export interface QueryOutcome extends Written {
  isSample: boolean
  /** Timeframes that the query names and of which the store can have no bars. */
  timeframesMissed: readonly string[]
}

/**
 * Runs a query and writes its result, to the target's file as a whole or not at all. Memory does not grow with the result.
 * Throws a `DgasError` for what the user can mend.
 */
export async function runQuery(spec: QuerySpec, target: QueryTarget): Promise<QueryOutcome> {
  if (target.output === null && target.format === 'parquet') return throughFile(spec, target)
  const file = target.output === null ? null : wholeFile(target.output)
  try {
    const query = await openQuery({ ...spec, writable: file?.beside })
    try {
      target.onStart?.(query)
      const write = file?.write ?? target.write
      const written = await within(target.timeout, query.database, () => writeAs(query, { ...target, write }, file?.beside))
      file?.finish()
      return { ...written, isSample: query.store.isSample, timeframesMissed: timeframesMissed(query.store, query.sql) }
    } finally {
      query.database.close()
    }
  } finally {
    file?.abandon()
  }
}

async function writeAs(query: OpenQuery, target: QueryTarget, beside?: string): Promise<Written> {
  if (target.format === 'parquet') return writeParquet(query, beside!)
  const result = await query.start()
  if (target.format === 'arrow') return (await import('./arrow.js')).writeArrow(result, target.write)
  if (target.format === 'table' && isPlan(result)) return writePlan(result, target)
  return writeResult(result, target.format, target.write, target.width)
}

/** DuckDB writes the file itself: the only statement that the user's query is ever put into. */
async function writeParquet({ database, sql, origin }: OpenQuery, file: string): Promise<Written> {
  await database.run(`create temp view query_result as\n${sql}`, { ...origin, linesBefore: (origin.linesBefore ?? 0) + 1 })
  const copy = `copy (from query_result) to ${literal(file)} (format parquet, compression zstd, use_tmp_file false)`
  const [{ Count: rows }] = await database.rows<{ Count: number }>(copy, origin)
  const columns = Number(await database.value(`select count(*) from (describe query_result)`))
  return { rows, columns, columnsShown: columns }
}

/** A Parquet file is not written front to back: it goes to standard output when it is whole. */
async function throughFile(spec: QuerySpec, target: QueryTarget): Promise<QueryOutcome> {
  const folder = mkdtempSync(join(tmpdir(), 'dgas-query-'))
  try {
    const output = join(folder, 'result.parquet')
    const outcome = await runQuery(spec, { ...target, output })
    const file = await open(output)
    for await (const part of file.createReadStream()) await target.write(part as Uint8Array)
    return outcome
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function isPlan(result: DuckDBResult): boolean {
  return result.columnNames().join() === 'explain_key,explain_value'
}

async function writePlan(result: DuckDBResult, { write }: QueryTarget): Promise<Written> {
  const rows = await result.getRows()
  for (const [, plan] of rows) await write(`${String(plan).trimEnd()}\n`)
  return { rows: rows.length, columns: 2, columnsShown: 2 }
}
