import type { Database } from '../database/database.js'
import { literal, sqlValue } from '../database/quote.js'
import { malformedTable, type Source } from './source.js'

/** A line that was sifted out of a text file. */
export interface SiftedLine {
  row: number
  line: number
  reason: string
  /** Each character one byte. */
  bytes: string
}

/** From a record of a sifted text on: by how much its row and its first line in the file are greater than its number. */
export interface Shift {
  record: number
  rows: number
  lines: number
}

/** In bytes; DuckDB shows no more of a line either. */
const shownOfLine = 10_000

/**
 * Creates the empty table of the lines of text files that are no rows: file, row, line, reason, text; and what is known of sifted
 * files: the lines that were sifted out of them, and the shifts of their records.
 */
export async function createMalformed(database: Database): Promise<void> {
  await database.run(`
    create or replace temp table import_malformed (file integer, row bigint, line bigint, reason varchar, text varchar);
    create or replace temp table import_sifted as from import_malformed;
    create or replace temp table import_shifts (file integer, record bigint, rows bigint, lines bigint)`)
}

/** Notes lines that were sifted out of the text file of this number. */
export async function addSifted(database: Database, number: number, lines: readonly SiftedLine[]): Promise<void> {
  const values = lines.map(({ row, line, reason, bytes }) => {
    return `(${number}, ${row}, ${line}, ${literal(reason)}, ${literal(shownText(bytes))})`
  })
  await insert(database, 'import_sifted', values)
}

/** Notes where the records of a sifted text stood in the file of this number. */
export async function addShifts(database: Database, number: number, shifts: readonly Shift[]): Promise<void> {
  await insert(database, 'import_shifts', shifts.map(({ record, rows, lines }) => `(${number}, ${record}, ${rows}, ${lines})`))
}

/** SQL would end at a character 0. */
function shownText(bytes: string): string {
  return Buffer.from(bytes.slice(0, shownOfLine), 'latin1').toString().replaceAll('\0', '\ufffd')
}

async function insert(database: Database, table: string, values: readonly string[]): Promise<void> {
  for (let at = 0; at < values.length; at += 1000) {
    await database.run(`insert into ${table} values ${values.slice(at, at + 1000).join(', ')}`)
  }
}

/**
 * Takes over what was sifted out of the text file of this number and what DuckDB noted while it read the rest, in the place of what
 * was taken over of it before. The row of a line counts it and the rows before it.
 */
export async function takeMalformed(database: Database, number: number, source: Source): Promise<void> {
  if (source.delimiter === null) return
  await database.run(`
    delete from import_malformed where file = ${number};
    insert into import_malformed from import_sifted where file = ${number}`)
  const tables = await database.value(`select count(*) from duckdb_tables() where table_name = '${malformedTable}'`)
  if (tables === 0) return
  if ((await database.value(`select count(*) from ${malformedTable}`)) !== 0) await insertMalformed(database, number, source)
  await database.run(`drop table ${malformedTable}; drop table import_malformed_scans`)
}

async function insertMalformed(database: Database, number: number, { file, path }: Source): Promise<void> {
  await database.run(`
    insert into import_malformed
    with malformed as (
      select line, 'malformed line: ' || lower(min(error_type::varchar)) as reason, ltrim(any_value(csv_line), e'\\r\\n') as text
      from ${malformedTable}
      group by line
    ),
    ${path === file ? amongEmptyLines(file) : amongShifts(number)}
    select ${number}, row, line, reason, text from placed`)
}

/** Empty lines have a number, but are no rows: the file is read once more for them. */
function amongEmptyLines(file: string): string {
  return `
    lines as (
      select row_number() over () as line, text
      from read_csv(${literal(file)}, auto_detect = false, delim = e'\\x01', quote = '', escape = '', header = false,
        encoding = 'latin-1', columns = {'text': 'VARCHAR'}, ignore_errors = true)
    ),
    empty_lines as (
      select line, row_number() over (order by line) as number from lines where text is null
    ),
    placed as (
      select malformed.*, line - 1 - coalesce(empty_lines.number, 0) as row
      from malformed asof left join empty_lines using (line)
    )`
}

/** DuckDB counts the header and the records of a sifted text. */
function amongShifts(number: number): string {
  return `
    shifts as (
      select record + 1 as line, rows, lines from import_shifts where file = ${number}
    ),
    placed as (
      select
        malformed.* replace (malformed.line - 1 + coalesce(lines, 1) as line),
        malformed.line - 1 + coalesce(rows, 0) as row
      from malformed asof left join shifts on malformed.line >= shifts.line
    )`
}

/**
 * Returns SQL of all rejected rows of some files. `readable` selects those that could be read: number of the file, row among the
 * readable ones, an empty line and text, and more. In the result `row` counts malformed lines too, which follow with `line` and `text`.
 */
export function withMalformedSql(readable: string, files: readonly string[]): string {
  const file = `(${sqlValue(files)})[file] as file`
  return `
    with readable as (${readable}),
    before_malformed as (
      select file, row - row_number() over in_file as row, row_number() over in_file as lines
      from import_malformed
      window in_file as (partition by file order by row)
    ),
    malformed as (
      select file, row, max(lines) as lines from before_malformed group by all
    ),
    counted as (
      select readable.* replace (readable.row + coalesce(lines, 0) as row)
      from readable
      asof left join malformed on readable.file = malformed.file and readable.row > malformed.row
    )
    select * replace (${file}) from (from counted union all by name from import_malformed)`
}
