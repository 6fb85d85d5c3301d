import type { Database } from '../database/database.js'
import { literal, sqlValue } from '../database/quote.js'
import { createRunRelations } from '../store/run-relations.js'
import type { RunFolder } from '../store/runs.js'

/** A trade of a run; times in milliseconds since 1970-01-01 UTC. */
export interface RunTradeRow {
  side: 'long' | 'short'
  entry_at: number
  entry_price: number
  exit_at: number
  exit_price: number
  stop_price: number | null
  target_price: number | null
  net_profit: number
  exit_reason: string
}

/** Reads the trades of one symbol in a run, in the order of their entries. */
export async function readTrades(database: Database, run: RunFolder, symbol: string): Promise<RunTradeRow[]> {
  await createRunRelations(database, [run], ['trades'])
  return database.rows<RunTradeRow>(`
    select
      side,
      epoch_ms(entry_at) as entry_at, entry_price,
      epoch_ms(exit_at) as exit_at, exit_price,
      stop_price, target_price, net_profit, exit_reason
    from trades where symbol = ${literal(symbol)} order by trades.entry_at, trades.exit_at`)
}

/** Equity of a run at the close of a session, summed over its accounts. */
export interface RunEquityRow {
  /** Milliseconds since 1970-01-01 UTC. */
  session_date: number
  equity: number
  accounts: number
}

/**
 * Reads the equity of a run at the close of each session, summed over its accounts. An account without a row in a
 * session has the equity of its last one, and before its first one `capital`, with which every account starts.
 */
export async function readEquity(database: Database, run: RunFolder, capital: number): Promise<RunEquityRow[]> {
  await createRunRelations(database, [run], ['equity'])
  return database.rows<RunEquityRow>(`
    with closes as (
      select account, session_date, arg_max(equity, bar_at) as equity from equity group by all
    ),

    calendar as (
      select account, session_date
      from (select distinct account from closes) cross join (select distinct session_date from closes)
    ),

    filled as (
      select
        account,
        session_date,
        coalesce(last_value(closes.equity ignore nulls) over by_session, ${sqlValue(capital)}) as equity
      from calendar left join closes using (account, session_date)
      window by_session as (partition by account order by session_date)
    )

    select
      epoch_ms(session_date::timestamp) as session_date,
      sum(equity order by account) as equity,
      count(*) as accounts
    from filled group by filled.session_date order by filled.session_date`)
}
