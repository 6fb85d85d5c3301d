import type { Database } from '../database/database.js'
import { sqlValue } from '../database/quote.js'
import { readSql } from '../models/model.js'
import { writeActions } from '../store/corporate-actions.js'
import type { Store } from '../store/layout.js'
import { actionAliases, assertFound, recognised } from './columns.js'
import { withImportFolder } from './folder.js'
import { createMalformed, takeMalformed } from './malformed.js'
import { finishImport, writeRejects, type ImportReport } from './report.js'
import { openSource, readable, type Source } from './source.js'
import { numberSql, textSql } from './values.js'

/** Brings the splits and dividends of files into the store and returns the report. Throws as `importBars` does. */
export async function importActions(
  database: Database,
  store: Store,
  files: readonly string[],
  now: () => Date,
): Promise<ImportReport> {
  const started = now()
  const sources: Source[] = []
  for (const file of files) sources.push(await openActions(database, file))
  return withImportFolder(store, files, started, async (folder) => {
    await readRows(database, sources)
    const rejected = await writeRejects(database, folder, rejectsSql(files))
    const usable = 'select symbol, ex_date, kind, value from import_checked_actions where reason is null'
    const [{ written, symbols }] = await database.rows<{ written: number; symbols: number }>(
      `select count(*) as written, count(distinct symbol) as symbols from (${usable})`,
    )
    const replaced = written === 0 ? 0 : await writeActions(database, store, usable)
    return finishImport(folder, {
      kind: 'actions',
      files: [...files],
      store: store.folder,
      started_at: started.toISOString(),
      seconds: (now().getTime() - started.getTime()) / 1000,
      rows_read: Number(await database.value(rowsReadSql)),
      rows_written: written,
      rows_replaced: replaced,
      ...rejected,
      symbols,
    })
  })
}

const rowsReadSql = 'select (select count(*) from import_actions) + (select count(*) from import_malformed)'

async function openActions(database: Database, file: string): Promise<Source> {
  const source = await openSource(database, file)
  const { columns } = source
  const { symbol, ex_date, kind, value } = foundColumns(columns, file)
  const texts = [`${textSql(symbol)} as symbol`, `${textSql(ex_date)} as ex_date`, `${textSql(kind)} as kind`]
  return { ...source, sql: `select row, ${texts.join(', ')}, ${numberSql(value)} as value from (${source.sql})` }
}

function foundColumns(columns: Source['columns'], file: string) {
  const found = recognised(columns, actionAliases, file)
  assertFound(found, ['symbol', 'ex_date', 'kind', 'value'], { aliases: actionAliases, columns, file })
  const { symbol, ex_date, kind, value } = found
  return { symbol: symbol[0], ex_date: ex_date[0], kind: kind[0], value: value[0] }
}

async function readRows(database: Database, sources: readonly Source[]): Promise<void> {
  await createMalformed(database)
  await database.run(`
    create or replace temp table import_actions (
      file integer, row bigint, symbol varchar, ex_date varchar, kind varchar, value double)`)
  for (const [index, { sql, file, isText }] of sources.entries()) {
    const insert = `insert into import_actions select ${index + 1}, row, symbol, ex_date, kind, value from (${sql})`
    await readable(database.run(insert, { name: file }), file)
    if (isText) await takeMalformed(database, index + 1)
  }
  const checked = readSql('import/checked_actions.sql')
  await database.run(`create or replace temp table import_checked_actions as ${checked}`)
}

function rejectsSql(files: readonly string[]): string {
  const file = `(${sqlValue(files)})[file] as file`
  return `
    select ${file}, row, null::bigint as line, reason, symbol, given_date as ex_date, kind, value, null::varchar as text
    from import_checked_actions
    where reason is not null
    union all by name
    select ${file}, null as row, line, reason, text from import_malformed`
}
