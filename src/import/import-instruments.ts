import type { Database } from '../database/database.js'
import { sqlValue } from '../database/quote.js'
import { usageError } from '../errors.js'
import { readSql } from '../models/model.js'
import { instrumentColumns, writeInstruments } from '../store/instruments.js'
import type { Store } from '../store/layout.js'
import { assertFound, instrumentAliases, recognised } from './columns.js'
import { withImportFolder } from './folder.js'
import { createMalformed, takeMalformed } from './malformed.js'
import { finishImport, writeRejects, type ImportReport } from './report.js'
import { openSource, readable, type Source } from './source.js'
import { textSql } from './values.js'

/**
 * Brings the instruments of files into the store and returns the report; what a row does not say stays as it was. Throws as
 * `importBars` does.
 */
export async function importInstruments(
  database: Database,
  store: Store,
  files: readonly string[],
  now: () => Date,
): Promise<ImportReport> {
  const started = now()
  const sources: Source[] = []
  for (const file of files) sources.push(await openInstruments(database, file))
  return withImportFolder(store, files, started, async (folder) => {
    await readRows(database, sources)
    const rejected = await writeRejects(database, folder, rejectsSql(files))
    const usable = `select ${instrumentColumns} from import_checked_instruments where reason is null`
    const written = Number(await database.value(`select count(*) from (${usable})`))
    const replaced = written === 0 ? 0 : await writeInstruments(database, store, usable)
    return finishImport(folder, {
      kind: 'instruments',
      files: [...files],
      store: store.folder,
      started_at: started.toISOString(),
      seconds: (now().getTime() - started.getTime()) / 1000,
      rows_read: Number(await database.value(rowsReadSql)),
      rows_written: written,
      rows_replaced: replaced,
      ...rejected,
      symbols: written,
    })
  })
}

const rowsReadSql = 'select (select count(*) from import_instruments) + (select count(*) from import_malformed)'

async function openInstruments(database: Database, file: string): Promise<Source> {
  const source = await openSource(database, file)
  const { columns } = source
  const found = recognised(columns, instrumentAliases, file)
  assertFound(found, ['symbol'], { aliases: instrumentAliases, columns, file })
  if (Object.values(found).flat().length < 2) {
    const expected = 'a column name, exchange, sector or industry'
    throw usageError({ what: 'there is nothing about the symbols', where: file, expected })
  }
  const values = Object.entries(found).map(([role, named]) => `${textSql(named.at(0))} as ${role}`)
  return { ...source, sql: `select row, ${values.join(', ')} from (${source.sql})` }
}

async function readRows(database: Database, sources: readonly Source[]): Promise<void> {
  await createMalformed(database)
  await database.run(`
    create or replace temp table import_instruments (
      file integer, row bigint, symbol varchar, name varchar, exchange varchar, sector varchar, industry varchar)`)
  for (const [index, { sql, file, isText }] of sources.entries()) {
    const insert = `insert into import_instruments select ${index + 1}, row, ${instrumentColumns} from (${sql})`
    await readable(database.run(insert, { name: file }), file)
    if (isText) await takeMalformed(database, index + 1)
  }
  const checked = readSql('import/checked_instruments.sql')
  await database.run(`create or replace temp table import_checked_instruments as ${checked}`)
}

function rejectsSql(files: readonly string[]): string {
  const file = `(${sqlValue(files)})[file] as file`
  const nothing = instrumentColumns.split(', ').map((name) => `null as ${name}`)
  return `
    select ${file}, row, null::bigint as line, reason, ${instrumentColumns}, null::varchar as text
    from import_checked_instruments
    where reason is not null
    union all by name
    select ${file}, null as row, line, reason, ${nothing.join(', ')}, text from import_malformed`
}
