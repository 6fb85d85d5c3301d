import type { Database } from '../database/database.js'
import { readSql } from '../models/model.js'
import type { Store } from '../store/layout.js'
import type { SourceColumn } from './columns.js'
import { withImportFolder } from './folder.js'
import { createMalformed, takeMalformed, withMalformedSql } from './malformed.js'
import { finishImport, writeRejects, type ImportReport } from './report.js'
import { withSifted } from './sift.js'
import { openSource, readable, rowsSql, type Source } from './source.js'

/** Rows about symbols that are few enough to be read, checked and written at once. */
export interface ImportedRows {
  /** `sql/import/checked_<kind>.sql` checks the rows of the table `import_<kind>`, and gives a wrong one its reason. */
  kind: 'instruments' | 'actions'
  /** The columns of a row with their types as they are read. */
  columns: Readonly<Record<string, string>>
  /** Returns SQL of each column, by its name, over the columns of a file. Throws a usage error for a file without them. */
  columnsOf: (columns: SourceColumn[], file: string) => Readonly<Record<string, string>>
  /** SQL of the columns of a wrong row as they were given. */
  given: string
  /** Writes the rows of a query of the columns into the store and returns how many took the place of a stored one. */
  write: (database: Database, store: Store, usable: string) => Promise<number>
}

/** What is brought from where into which store. */
export interface RowsImport {
  rows: ImportedRows
  store: Store
  files: readonly string[]
  now: () => Date
}

/** Brings the rows of files into the store and returns the report. Throws as `importBars` does. */
export async function importRows(database: Database, { rows, store, files, now }: RowsImport): Promise<ImportReport> {
  const started = now()
  const { kind } = rows
  const sources: RowSource[] = []
  for (const file of files) sources.push(await openRows(database, rows, file))
  return withImportFolder(store, files, started, async (folder) => {
    await readRows(database, rows, sources, folder.work)
    const rejected = await writeRejects(database, folder, rejectsSql(rows, files))
    const usable = `select ${Object.keys(rows.columns).join(', ')} from import_checked_${kind} where reason is null`
    const [counts] = await database.rows<{ read: number; written: number; symbols: number }>(`
      select
        (select count(*) from import_${kind}) + (select count(*) from import_malformed) as read,
        count(*) as written,
        count(distinct symbol) as symbols
      from (${usable})`)
    const replaced = counts.written === 0 ? 0 : await rows.write(database, store, usable)
    return finishImport(folder, {
      kind,
      files: [...files],
      store: store.folder,
      started_at: started.toISOString(),
      seconds: (now().getTime() - started.getTime()) / 1000,
      rows_read: counts.read,
      rows_written: counts.written,
      rows_replaced: replaced,
      ...rejected,
      symbols: counts.symbols,
    })
  })
}

/** A file whose columns are known. */
interface RowSource extends Source {
  /** SQL of its values. */
  values: string
}

async function openRows(database: Database, { columnsOf }: ImportedRows, file: string): Promise<RowSource> {
  const source = await openSource(database, file)
  const values = Object.entries(columnsOf(source.columns, file)).map(([name, sql]) => `${sql} as ${name}`)
  return { ...source, values: values.join(', ') }
}

async function readRows(
  database: Database,
  { kind, columns }: ImportedRows,
  sources: readonly RowSource[],
  folder: string,
): Promise<void> {
  await createMalformed(database)
  const typed = Object.entries(columns).map(([name, type]) => `${name} ${type}`)
  await database.run(`create or replace temp table import_${kind} (file integer, row bigint, ${typed.join(', ')})`)
  for (const [index, given] of sources.entries()) {
    const number = index + 1
    await withSifted(database, given, { folder, number }, async (source) => {
      const rows = `select ${number}, row, ${source.values} from (${rowsSql(source)})`
      await readable(database.run(`insert into import_${kind} by position ${rows}`, { name: source.file }), source.file)
      await takeMalformed(database, number, source)
    })
  }
  await database.run(`create or replace temp table import_checked_${kind} as ${readSql(`import/checked_${kind}.sql`)}`)
}

function rejectsSql({ kind, given }: ImportedRows, files: readonly string[]): string {
  const readable = `
    select file, row, null::bigint as line, reason, ${given}, null::varchar as text
    from import_checked_${kind}
    where reason is not null`
  return withMalformedSql(readable, files)
}
