import { openDatabase, type Database } from '../../src/database/database.js'
import { literal } from '../../src/database/quote.js'
import type { Parameters } from '../../src/database/parameters.js'
import { createMacros, createRelations } from '../../src/models/relations.js'
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
