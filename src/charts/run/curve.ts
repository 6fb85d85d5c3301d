import type { Database } from '../../database/database.js'
import { literal, sqlValue } from '../../database/quote.js'
import type { RunChartOptions } from '../run-chart.js'
import type { RunFacts } from './facts.js'

/** Equity at the close of a session, summed over all accounts. */
export interface CurveRow {
  /** Milliseconds since 1970-01-01 UTC. */
  session_date: number
  equity: number
}

/** The equity of a run. */
export interface Curve {
  /** Equity at the close before the first row: the start capital of all accounts at the beginning of the run. */
  start: number
  accounts: number
  /** In the order of time. */
  rows: readonly CurveRow[]
}

/**
 * Returns SQL of `session_date, equity, accounts`: the equity of a run at the close of each session, summed over its accounts.
 * An account without a row in a session has the equity of its last one, and before its first one the start capital.
 */
export function curveSql({ run_id, capital }: RunFacts): string {
  return `
    with closes as (
      select account, session_date, arg_max(equity, bar_at) as equity
      from equity where run_id = ${literal(run_id)} group by all
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

    select session_date, sum(equity order by account) as equity, count(*) as accounts
    from filled group by session_date`
}

/** Reads the equity of a run at the closes of the sessions asked for; null when there is none. */
export async function readCurve(database: Database, run: RunFacts, { from, to }: RunChartOptions): Promise<Curve | null> {
  const all = await database.rows<CurveRow & { accounts: number }>(`
    select epoch_ms(session_date::timestamp) as session_date, equity, accounts
    from (${curveSql(run)}) as curve order by curve.session_date`)
  const rows = all.filter(({ session_date }) => {
    return session_date >= dateOr(from, -Infinity) && session_date <= dateOr(to, Infinity)
  })
  if (rows.length === 0) return null
  const { accounts } = rows[0]
  return { start: all[all.indexOf(rows[0]) - 1]?.equity ?? run.capital * accounts, accounts, rows }
}

function dateOr(date: string | undefined, otherwise: number): number {
  return date === undefined ? otherwise : Date.parse(date)
}
