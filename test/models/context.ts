import { openDatabase, type Database } from '../../src/database/database.js'
import { bindParameters } from '../../src/database/parameters.js'
import { literal } from '../../src/database/quote.js'
import { composeModel } from '../../src/models/compose.js'
import { readModels } from '../../src/models/model.js'
import { modelParameters } from '../../src/models/parameters.js'
import { createMacros } from '../../src/models/macros.js'
import { createRelations } from '../../src/models/relations.js'
import { builtInCalendars } from '../../src/store/calendar.js'
import { sessionsSql } from '../../src/store/sessions.js'
import { parseTimeframe } from '../../src/store/timeframe.js'
import { barsSql, type TestBar, type Value } from './bars.js'

/** A row of `context` or of a model on the way to it. */
export type ContextRow = Record<string, Value>

/** Returns `context` over daily bars, one for each day from 2020-01-01, below the given higher timeframes. */
export async function contextRows(bars: readonly TestBar[], higher: readonly string[]): Promise<ContextRow[]> {
  const database = await openDatabase({ threads: 2 })
  await database.run(`create table test_bars as ${barsSql(bars)}`)
  await database.run(`create table sessions as ${sessionsSql(builtInCalendars, { from: '2020-01-01', to: '2021-12-31' })}`)
  await createMacros(database)
  await createRelations(database, {
    names: ['context'],
    timeframes: [parseTimeframe('1d')],
    higher: () => higher.map((name) => parseTimeframe(name)),
    stored: new Map([[parseTimeframe('1d'), 'select * from test_bars']]),
    columnsRead: null,
  })
  const rows = await database.rows<ContextRow>('select * from context order by symbol, bar_at')
  database.close()
  return rows
}

/**
 * Returns what the models make of rows of the relation `imported`: the first reads that, each other one the one before it.
 * Columns that a row leaves out are null; numbers are doubles but in columns of patterns.
 */
export async function modelRows(
  models: readonly string[],
  imported: string,
  columns: readonly string[],
  rows: readonly ContextRow[],
): Promise<ContextRow[]> {
  const database = await openDatabase({ threads: 1 })
  await createMacros(database)
  await createInput(database, imported, columns, rows)
  const known = readModels()
  const composed = new Map(models.map((name) => [name, known.get(name)!]))
  const text = bindParameters(composeModel(models.at(-1)!, composed), modelParameters, models.at(-1)!)
  const result = await database.rows<ContextRow>(`from (${text}) order by row_id`)
  database.close()
  return result
}

async function createInput(
  database: Database,
  name: string,
  columns: readonly string[],
  rows: readonly ContextRow[],
): Promise<void> {
  const values = rows.map((row, index) => `(${[index, ...columns.map((column) => sqlOf(row[column] ?? null))].join(', ')})`)
  const types = columns.map((column) => `${column} ${typeOf(column, rows)}`)
  await database.run(`create table ${name} (row_id integer, ${types.join(', ')})`)
  await database.run(`insert into ${name} values ${values.join(', ')}`)
}

function typeOf(column: string, rows: readonly ContextRow[]): string {
  const isOf = (type: string) => rows.some((row) => typeof row[column] === type)
  if (isOf('string')) return 'varchar'
  if (isOf('boolean')) return 'boolean'
  return column.endsWith('patterns') ? 'smallint' : 'double'
}

function sqlOf(value: Value): string {
  return typeof value === 'string' ? literal(value) : String(value)
}
