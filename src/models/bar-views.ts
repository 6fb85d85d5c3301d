import type { Database } from '../database/database.js'
import { bindParameters, type Parameters } from '../database/parameters.js'
import { identifier, literal } from '../database/quote.js'
import type { SqlOrigin } from '../database/sql-error.js'
import { isFinerThan, type Timeframe } from '../store/timeframe.js'
import { readSql } from './model.js'

/** Where the bars of a timeframe come from: SQL of imported bars, a schema with finer bars, or both. */
export interface BarOrigin {
  timeframe: Timeframe
  stored?: string
  finerSchema?: string
}

/** Returns the coarsest of the stored timeframes from which bars of `timeframe` can be made, or undefined. */
export function finerStored(timeframe: Timeframe, stored: Iterable<Timeframe>): Timeframe | undefined {
  return [...stored].filter((candidate) => isFinerThan(candidate, timeframe)).at(-1)
}

/**
 * Creates the schema of a timeframe with its `bars`. A second view, `exchange_bars`, also has the exchange, from which
 * coarser bars are resampled.
 */
export async function createBars(database: Database, schema: string, origin: BarOrigin): Promise<void> {
  await database.run(`create schema if not exists ${identifier(schema)}`)
  const { stored, finerSchema, timeframe } = origin
  if (stored !== undefined) {
    await createView(database, schema, 'stored_bars', `select ${literal(timeframe.name)} as timeframe, * from (${stored})`)
  }
  if (finerSchema !== undefined) {
    await createView(database, schema, 'finer_bars', `select * from ${identifier(finerSchema)}.exchange_bars`)
    const [file, values] = resampling(timeframe)
    await createView(database, schema, 'resampled_bars', bindParameters(readSql(file), values, file))
  }
  await createView(database, schema, 'exchange_bars', barsText(origin))
  await createView(database, schema, 'bars', `${columns} from exchange_bars`)
}

/** Creates or replaces a view; its text begins on the second line of the statement. */
export async function createView(
  database: Database,
  schema: string,
  name: string,
  text: string,
  origin: SqlOrigin = { name, linesBefore: 1 },
): Promise<void> {
  await database.run(viewSql(schema, name, text), origin)
}

/** Returns the statement that creates or replaces a view. */
export function viewSql(schema: string, name: string, text: string): string {
  return `create or replace view ${identifier(schema)}.${identifier(name)} as\n${text}`
}

const columns = 'select symbol, timeframe, bar_at, closed_at, session_date, open, high, low, close, volume'

function barsText({ stored, finerSchema }: BarOrigin): string {
  if (stored !== undefined && finerSchema !== undefined) return readSql('bars.sql')
  return `select * from ${stored === undefined ? 'resampled_bars' : 'stored_bars'}`
}

function resampling({ name, minutes, unit }: Timeframe): [file: string, values: Parameters] {
  if (minutes !== undefined) return ['resampled_session_bars.sql', { timeframe: name, minutes }]
  return ['resampled_period_bars.sql', { timeframe: name, unit: unit! }]
}
