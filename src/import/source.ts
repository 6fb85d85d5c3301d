import { closeSync, openSync, readSync, statSync } from 'node:fs'
import type { Database } from '../database/database.js'
import { identifier, literal } from '../database/quote.js'
import { DgasError, usageError } from '../errors.js'
import { fileError } from '../store/files.js'
import type { SourceColumn } from './columns.js'
import { splitLine } from './csv-line.js'

/** A file with a table. */
export interface Source {
  file: string
  /** What is read for it: the file itself, or what was sifted out of it. */
  path: string
  columns: SourceColumn[]
  /** The sign between the values of text; null: the file is Parquet. */
  delimiter: string | null
  /** Whether a value of the text may go on over several lines. */
  hasLongRecords: boolean
}

/** Filled by DuckDB while it reads text: the lines that have too few or too many columns or are no text. */
export const malformedTable = 'import_malformed_lines'

/** Returns the table in a Parquet or CSV file, told apart by their content. Throws a usage error when it cannot be read. */
export async function openSource(database: Database, file: string): Promise<Source> {
  return isParquet(file) ? parquetSource(database, file) : textSource(database, file)
}

function isParquet(file: string): boolean {
  try {
    if (statSync(file).isDirectory()) throw usageError({ what: 'this is a folder', where: file, expected: 'a file' })
    const descriptor = openSync(file, 'r')
    const start = Buffer.alloc(4)
    readSync(descriptor, start)
    closeSync(descriptor)
    if (/^(?:\xff\xfe|\xfe\xff)/.test(start.toString('latin1'))) {
      throw usageError({ what: 'this is text in UTF-16', where: file, expected: 'text in UTF-8, or Parquet' })
    }
    return start.toString('latin1') === 'PAR1'
  } catch (error) {
    const explained = fileError(error, file)
    throw explained instanceof DgasError ? usageError(explained.problem) : explained
  }
}

/** Waits for a query that reads a source; an error shows the file and not our SQL. */
export async function readable<T>(work: Promise<T>, file: string): Promise<T> {
  try {
    return await work
  } catch (error) {
    if (!(error instanceof DgasError) || error.problem.where !== file) throw error
    const { what } = error.problem
    if (!what.includes('CSV Parser')) throw new DgasError({ what, where: file })
    throw new DgasError({
      what: 'this is neither Parquet nor a CSV file that can be read',
      where: file,
      expected: 'text in UTF-8 whose lines all end in the same way',
    })
  }
}

async function parquetSource(database: Database, file: string): Promise<Source> {
  const describe = database.rows<{ column_name: string; column_type: string }>(`describe from ${parquetSql(file)}`, { name: file })
  const columns = (await readable(describe, file)).map(({ column_name: name, column_type: type }) => ({ name, sql: identifier(name), type }))
  const named = columns.filter(({ name }) => name !== 'file_row_number')
  return { file, path: file, columns: named, delimiter: null, hasLongRecords: false }
}

/** The dialect is not left to DuckDB to find out: lines that are malformed mislead it. */
async function textSource(database: Database, file: string): Promise<Source> {
  const header = await readHeader(database, file)
  const delimiter = mostFrequent(header)
  const names = splitLine(header, delimiter)
  if (names === null) {
    throw usageError({ what: 'a quote of the first line is not closed', where: file, expected: 'names of columns in one line' })
  }
  const columns = names.map((name, index) => ({ name: name.trim(), sql: `c${index}`, type: 'VARCHAR' }))
  return { file, path: file, columns, delimiter, hasLongRecords: false }
}

/**
 * Returns a query of `row`, counted from 1, and the columns of a source. Reading it fills `malformedTable` with what is no row: that
 * is told line by line only where every quote is closed, which `sifted` sees to.
 */
export function rowsSql({ path, columns, delimiter, hasLongRecords }: Source): string {
  if (delimiter === null) return `select file_row_number + 1 as row, * exclude (file_row_number) from ${parquetSql(path)}`
  const types = columns.map(({ sql }) => `${literal(sql)}: 'VARCHAR'`).join(', ')
  // a thread that begins within a value takes its lines for records
  return `
    select row_number() over () as row, *
    from read_csv(${literal(path)}, auto_detect = false, delim = ${literal(delimiter)}, quote = '"', escape = '"',
      header = true, columns = {${types}}, parallel = ${!hasLongRecords}, ignore_errors = true, store_rejects = true,
      rejects_table = ${literal(malformedTable)}, rejects_scan = 'import_malformed_scans')`
}

function parquetSql(path: string): string {
  return `read_parquet(${literal(path)}, file_row_number = true, hive_partitioning = false)`
}

async function readHeader(database: Database, file: string): Promise<string> {
  const reading = database.rows<{ line: string | null }>(
    `select line from read_csv(${literal(file)}, auto_detect = false, delim = e'\\x01', quote = '', escape = '',
      header = false, columns = {'line': 'VARCHAR'}, ignore_errors = true) limit 1`,
    { name: file },
  )
  const lines = await readable(reading, file)
  const header = lines.length === 0 ? '' : (lines[0].line ?? '')
  if (header.trim() === '') throw usageError({ what: 'the first line is empty', where: file, expected: 'names of columns' })
  return header.replace(/^\ufeff/, '')
}

function mostFrequent(header: string): string {
  const count = (delimiter: string) => header.split(delimiter).length
  return [',', ';', '\t', '|'].reduce((best, delimiter) => (count(delimiter) > count(best) ? delimiter : best))
}
