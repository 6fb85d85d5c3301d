import { literal, sqlValue } from '../../database/quote.js'
import type { RunChartOptions } from '../run-chart.js'
import type { RunFacts } from './facts.js'
import { hasRange, within } from './sessions.js'

/**
 * Returns SQL of `symbol, return_pct, drawdown_pct, trades`, a row for each symbol that was simulated to its end, over the sessions
 * asked for. With separate accounts it is the return of the account, of a range from the close before its first session, and
 * the drawdown of a range that of daily closes. In a shared account it is the net profit of the trades closed, and how deep
 * their sum fell from its highest, both in per cent of the start capital; symbols without such trades are left out.
 */
export function symbolResultsSql(run: RunFacts, options: RunChartOptions): string {
  if (run.accounts === 'shared') return profitsSql(run, options)
  return hasRange(options) ? accountsSql(run, options) : `
    select symbol, return_pct, maximum_drawdown_pct as drawdown_pct, trades
    from symbols where run_id = ${literal(run.run_id)} and outcome = 'completed'`
}

function profitsSql({ run_id, capital }: RunFacts, options: RunChartOptions): string {
  return `
    select
      symbol,
      sum(net_profit) / ${sqlValue(capital)} * 100 as return_pct,
      max(greatest(peak, 0) - profit) / ${sqlValue(capital)} * 100 as drawdown_pct,
      count(*) as trades
    from (
      select *, max(profit) over (partition by symbol order by place) as peak
      from (
        select
          *,
          row_number() over (partition by symbol order by exit_at, entry_at) as place,
          sum(net_profit) over (partition by symbol order by exit_at, entry_at) as profit
        from trades where run_id = ${literal(run_id)} and ${within('exit_at::date', options)}
      )
    ) group by symbol`
}

function accountsSql({ run_id, capital }: RunFacts, options: RunChartOptions): string {
  const own = `run_id = ${literal(run_id)}`
  return `
    with closes as (
      select account as symbol, session_date, arg_max(equity, bar_at) as equity from equity where ${own} group by all
    ),

    changes as (
      select *, lag(equity, 1, ${sqlValue(capital)}) over (partition by symbol order by session_date) as before from closes
    ),

    inside as (
      select
        *,
        first_value(before) over in_time as start,
        greatest(first_value(before) over in_time, max(equity) over in_time) as peak
      from changes where ${within('session_date', options)}
      window in_time as (partition by symbol order by session_date)
    ),

    measured as (
      select
        symbol,
        (arg_max(equity, session_date) / any_value(start) - 1) * 100 as return_pct,
        max(1 - equity / peak) * 100 as drawdown_pct
      from inside where start > 0 group by symbol
    ),

    closed as (
      select symbol, count(*) as trades from trades where ${own} and ${within('exit_at::date', options)} group by symbol
    )

    select symbol, measured.return_pct, drawdown_pct, coalesce(closed.trades, 0) as trades
    from measured join symbols using (symbol) left join closed using (symbol)
    where ${own} and outcome = 'completed'`
}
