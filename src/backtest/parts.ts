import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Columns } from '../database/columns.js'
import type { Database } from '../database/database.js'
import { identifier, literal, sqlValue } from '../database/quote.js'
import { moveDurably } from '../store/files.js'
import { runRelations, type RunRelation } from '../store/run-relations.js'

/** Texts that stand behind the codes of columns, by column. */
export type Dictionaries = Readonly<Record<string, readonly string[]>>

/**
 * Writes columns as one Parquet file of a run's relation, with the names and types that the relation has: codes become the
 * texts of `dictionaries`, milliseconds timestamps, days dates, NaN null. The file appears whole or not at all.
 */
export async function writePart(
  database: Database,
  file: string,
  relation: RunRelation,
  columns: Columns,
  dictionaries: Dictionaries,
): Promise<void> {
  mkdirSync(dirname(file), { recursive: true })
  const table = `part_${relation}`
  await database.run(`drop table if exists ${table}`)
  await database.append(table, columns)
  const list = Object.entries(runRelations[relation]).map(([name, type]) => {
    return `${columnSql(name, type, dictionaries)} as ${identifier(name)}`
  })
  await copyTo(database, `select ${list.join(', ')} from ${table}`, file)
  await database.run(`drop table ${table}`)
}

/** Writes the result of a query as a Parquet file that appears whole or not at all. */
export async function copyTo(database: Database, sql: string, file: string): Promise<void> {
  const beside = `${file}.tmp`
  await database.run(`copy (${sql}) to ${literal(beside)} (format parquet, compression zstd)`, { name: file })
  moveDurably(beside, file)
}

function columnSql(name: string, type: string, dictionaries: Dictionaries): string {
  const quoted = identifier(name)
  if (name in dictionaries) return `list_extract(${sqlValue(dictionaries[name])}::varchar[], ${quoted} + 1)`
  if (type === 'TIMESTAMP') return `epoch_ms(${quoted}::bigint)`
  if (type === 'DATE') return `date '1970-01-01' + ${quoted}`
  return type === 'DOUBLE' ? `if(isnan(${quoted}), null, ${quoted})` : quoted
}
