import { openDatabase, type Database } from '../../src/database/database.js'
import { literal } from '../../src/database/quote.js'
import type { Parameters } from '../../src/database/parameters.js'
import { createMacros } from '../../src/models/macros.js'
import { createRelations } from '../../src/models/relations.js'
import { parseTimeframe } from '../../src/store/timeframe.js'

/** A bar of a test, in the order of time within its symbol. */
export interface TestBar {
  symbol: string
  high: number
  low: number
  close: number
}

/** Opens a database with the relation `geometry` over daily bars, one for each weekday from 2020-01-01. */
export async function openGeometry(bars: readonly TestBar[], parameters: Parameters = {}): Promise<Database> {
  const database = await openDatabase({ threads: 2 })
  await database.run(`create table test_bars as ${barsSql(bars)}`)
  await createMacros(database)
  const daily = parseTimeframe('1d')
  await createRelations(database, {
    names: ['geometry'],
    timeframes: [daily],
    higher: () => [],
    stored: new Map([[daily, 'select * from test_bars']]),
    columnsRead: null,
    parameters,
  })
  return database
}

/** Puts a table in the place of the view `geometry`, so that it is computed once and can be doctored. */
export async function materialise(database: Database): Promise<void> {
  await database.run('create table computed as select * from geometry')
  await database.run('drop view geometry')
  await database.run('alter table computed rename to geometry')
}

/** A value of a column of `geometry`. */
export type Value = string | number | boolean | Date | null

/** Returns the geometry of bars, sorted by symbol and time, with its columns by name. */
export async function geometryRows(
  bars: readonly TestBar[],
  parameters: Parameters = {},
): Promise<Record<string, Value>[]> {
  const database = await openGeometry(bars, parameters)
  const rows = await database.rows<Record<string, Value>>('select * from geometry order by symbol, bar_at')
  database.close()
  return rows
}

/** Returns bars of the symbol `A` from `[high, low, close]`. */
export function barsOf(prices: readonly (readonly [number, number, number])[], symbol = 'A'): TestBar[] {
  return prices.map(([high, low, close]) => ({ symbol, high, low, close }))
}

/**
 * Returns bars of the symbol `A` that reach half a point to both sides of their close. Their dot is the mean of the
 * three closes before, and their envelope reaches half a point to both sides of the dot: it is one point wide.
 */
export function evenBars(closes: readonly number[]): TestBar[] {
  return barsOf(closes.map((close) => [close + 0.5, close - 0.5, close] as const))
}

/** Returns SQL of bars in the columns of the store, numbered by `number` within their symbol. */
export function barsSql(bars: readonly TestBar[]): string {
  const rows = bars.map(({ symbol, high, low, close }, index) => {
    return `(${literal(symbol)}, ${index}, ${high}::double, ${low}::double, ${close}::double)`
  })
  return `
    select
      symbol,
      'XNYS' as exchange,
      date '2020-01-01' + (row_number() over (partition by symbol order by index) - 1)::integer as session_date,
      session_date::timestamp as bar_at,
      session_date + interval 20 hour as closed_at,
      close as open, high, low, close,
      100.0::double as volume
    from (values ${rows.join(', ')}) as bars(symbol, index, high, low, close)`
}
