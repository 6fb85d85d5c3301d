import type { Database } from '../database/database.js'
import { malformedTable } from './source.js'

/** Creates the empty table of the lines of text files that are no rows: file, line, reason, text. */
export async function createMalformed(database: Database): Promise<void> {
  await database.run(`
    create or replace temp table import_malformed (file integer, line bigint, reason varchar, text varchar)`)
}

/** Takes over what DuckDB noted while it read the text file of this number. */
export async function takeMalformed(database: Database, file: number): Promise<void> {
  const tables = await database.value(`select count(*) from duckdb_tables() where table_name = '${malformedTable}'`)
  if (tables === 0) return
  await database.run(`
    insert into import_malformed
    select ${file}, line, 'malformed line: ' || lower(min(error_type::varchar)), any_value(csv_line)
    from ${malformedTable}
    group by line;
    drop table ${malformedTable}; drop table import_malformed_scans`)
}

/** Forgets what was taken over of the file of this number, which is to be read again. */
export async function forgetMalformed(database: Database, file: number): Promise<void> {
  await database.run(`delete from import_malformed where file = ${file}`)
}
