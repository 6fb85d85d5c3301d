import type { Database } from '../database/database.js'
import { literal, sqlValue } from '../database/quote.js'
import { malformedTable } from './source.js'

/** Creates the empty table of the lines of text files that are no rows: file, row, line, reason, text. */
export async function createMalformed(database: Database): Promise<void> {
  await database.run(`
    create or replace temp table import_malformed (file integer, row bigint, line bigint, reason varchar, text varchar)`)
}

/** Takes over what DuckDB noted while it read the text file of this number. The row of a line counts it and the rows before it. */
export async function takeMalformed(database: Database, number: number, file: string): Promise<void> {
  const tables = await database.value(`select count(*) from duckdb_tables() where table_name = '${malformedTable}'`)
  if (tables === 0) return
  if ((await database.value(`select count(*) from ${malformedTable}`)) !== 0) await insertMalformed(database, number, file)
  await database.run(`drop table ${malformedTable}; drop table import_malformed_scans`)
}

/** Empty lines have a number, but are no rows: the file is read once more for them. */
async function insertMalformed(database: Database, number: number, file: string): Promise<void> {
  await database.run(`
    insert into import_malformed
    with malformed as (
      select line, 'malformed line: ' || lower(min(error_type::varchar)) as reason, ltrim(any_value(csv_line), e'\\r\\n') as text
      from ${malformedTable}
      group by line
    ),
    lines as (
      select row_number() over () as line, text
      from read_csv(${literal(file)}, auto_detect = false, delim = e'\\x01', quote = '', escape = '', header = false,
        encoding = 'latin-1', columns = {'text': 'VARCHAR'}, ignore_errors = true)
    ),
    empty_lines as (
      select line, row_number() over (order by line) as number from lines where text is null
    )
    select ${number}, line - 1 - coalesce(empty_lines.number, 0), line, reason, malformed.text
    from malformed asof left join empty_lines using (line)`)
}

/** Forgets what was taken over of the file of this number, which is to be read again. */
export async function forgetMalformed(database: Database, number: number): Promise<void> {
  await database.run(`delete from import_malformed where file = ${number}`)
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
