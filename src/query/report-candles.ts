import type { Columns } from '../database/columns.js'
import type { Database } from '../database/database.js'
import { literal } from '../database/quote.js'
import type { Store } from '../store/layout.js'
import { createQueryRelations } from './relations.js'

/** Most candles of all symbols together. */
const most = 130_000

/** Bars of the symbols of a run, merged to candles; `symbol` is a place in the symbols asked for, times as in `at`. */
export interface Candles {
  /** `at` and `until`: opening of the first and close of the last bar in milliseconds UTC; `session` in days since 1970. */
  columns: Columns<'symbol' | 'at' | 'until' | 'session' | 'open' | 'high' | 'low' | 'close'>
  /** What a candle is, such as `30m bar`. */
  candle: string
}

/** The bars to read. */
export interface CandleRange {
  symbols: readonly string[]
  timeframe: string
  /** Sessions, ISO dates. */
  first: string
  last: string
}

/**
 * Reads the bars of many symbols as candles, ordered by symbol and time: bar by bar when there are few, else by session or by as
 * many sessions as it takes. No extreme is lost.
 */
export async function readCandles(database: Database, store: Store, { symbols, timeframe, first, last }: CandleRange): Promise<Candles> {
  const source = `
    select bars.symbol, bar_at, closed_at, session_date, open, high, low, close
    from bars
    where timeframe = ${literal(timeframe)} and session_date between ${literal(first)} and ${literal(last)}`
  await createQueryRelations(database, store, source)
  await createSymbols(database, symbols)
  await database.run(`create or replace temp table shown_bars as select * from (${source}) join shown_symbols using (symbol)`)
  const [{ bars, sessions }] = await database.rows<{ bars: number; sessions: number }>(`
    select count(*) as bars, count(distinct session_date) as sessions from shown_bars`)
  const isFine = bars <= most
  const merged = Math.max(1, Math.ceil((sessions * symbols.length) / most))
  const candle = isFine ? `${timeframe} bar` : merged === 1 ? 'session' : `group of ${merged} sessions`
  return { candle, columns: await database.columns(isFine ? barsSql : mergedSql(merged)) }
}

async function createSymbols(database: Database, symbols: readonly string[]): Promise<void> {
  await database.run('create or replace temp table shown_symbols (symbol varchar, code integer)')
  if (symbols.length === 0) return
  const values = symbols.map((symbol, code) => `(${literal(symbol)}, ${code})`)
  await database.run(`insert into shown_symbols values ${values.join(', ')}`)
}

const barsSql = `
  select
    code as symbol,
    epoch_ms(bar_at)::double as at,
    epoch_ms(coalesce(closed_at, bar_at))::double as until,
    (session_date - date '1970-01-01')::integer as session,
    open, high, low, close
  from shown_bars order by code, bar_at`

function mergedSql(sessions: number): string {
  return `
    with places as (
      select session_date, (row_number() over (order by session_date) - 1) // ${sessions} as place
      from (select distinct session_date from shown_bars)
    )

    select
      code as symbol,
      epoch_ms(min(bar_at))::double as at,
      epoch_ms(max(coalesce(closed_at, bar_at)))::double as until,
      (min(session_date) - date '1970-01-01')::integer as session,
      arg_min(open, bar_at) as open,
      max(high) as high,
      min(low) as low,
      arg_max(close, bar_at) as close
    from shown_bars join places using (session_date)
    group by code, place order by code, place`
}
