import type { Database } from '../database/database.js'
import { literal } from '../database/quote.js'
import { readCalendar } from '../store/calendar.js'
import { barFiles, storedTimeframes, timeframeFolder, type Store } from '../store/layout.js'
import { readManifest } from '../store/manifest.js'
import { createRunRelations } from '../store/run-relations.js'
import type { RunFolder } from '../store/runs.js'

/**
 * Returns SQL of the rows of `trade_groups` without `run_id`: the trades of a run by side, reasons of entry and exit, and by
 * month, weekday and hour of the entry on the clock of the exchange. Every sum is one of whole numbers, so that it is the
 * same in whatever order the rows come; they count in 10⁻¹² of `capital`.
 */
export async function tradeGroupsSql(database: Database, store: Store, run: RunFolder, capital: number): Promise<string> {
  await createRunRelations(database, [run], ['trades'])
  await createClocks(database, store)
  const unit = capital / 1e12
  const sum = (value: string, of: number, condition = 'true') => {
    return `coalesce(sum(round(${value} / ${of})::hugeint) filter (${condition})::double * ${of}, 0)`
  }
  return `
    with located as (
      select trades.*, timezone(timezone, entry_at at time zone 'UTC') as entered
      from trades join run_clocks using (symbol)
    ),

    named as (
      select
        unnest([
          {grouping: 'side', value: side},
          {grouping: 'entry_reason', value: entry_reason},
          {grouping: 'exit_reason', value: exit_reason},
          {grouping: 'month', value: strftime(entered, '%Y-%m')},
          {grouping: 'weekday', value: dayname(entered)},
          {grouping: 'hour', value: strftime(entered, '%H')},
        ], recursive := true),
        net_profit, costs, r_multiple, bars_held,
        maximum_adverse_excursion / (quantity * entry_price) * 100 as adverse_pct,
        maximum_favorable_excursion / (quantity * entry_price) * 100 as favorable_pct,
        isodow(entered) as weekday_number
      from located
    ),

    summed as (
      select
        grouping,
        value,
        if(grouping = 'weekday', weekday_number, 0) as place,
        count(*) as trades,
        count(*) filter (net_profit > 0) as wins,
        count(*) filter (net_profit < 0) as losses,
        ${sum('net_profit', unit, 'net_profit > 0')} as gained,
        ${sum('-net_profit', unit, 'net_profit < 0')} as lost,
        ${sum('costs', unit)} as costs,
        ${sum('r_multiple', 1e-12)} as r_multiples,
        count(r_multiple) as risked,
        sum(bars_held) as bars_held,
        ${sum('adverse_pct', 1e-12)} as adverse_pct,
        ${sum('favorable_pct', 1e-12)} as favorable_pct
      from named group by all
    )

    select
      grouping,
      value,
      trades,
      wins / trades * 100 as win_rate_pct,
      gained - lost as net_profit,
      costs,
      gained / nullif(lost, 0) as profit_factor,
      if(wins = 0, null, gained / wins / nullif(lost / nullif(losses, 0), 0)) as payoff_ratio,
      (gained - lost) / trades as expectancy,
      r_multiples / nullif(risked, 0) as expectancy_r,
      bars_held / trades as average_bars_held,
      adverse_pct / trades as average_adverse_excursion_pct,
      favorable_pct / trades as average_favorable_excursion_pct
    from summed
    order by grouping, place, value`
}

/** Creates the table `run_clocks`: the time zone of the exchange of each symbol of the run. */
async function createClocks(database: Database, store: Store): Promise<void> {
  const names = storedTimeframes(store)
  const exchanges = [...new Set(names.flatMap((name) => readManifest(timeframeFolder(store, name)).exchanges))].sort()
  const clocks = exchanges.map((exchange) => `(${literal(exchange)}, ${literal(readCalendar(store, exchange).timezone)})`)
  const files = names.flatMap((name) => barFiles(store, name)).map(literal)
  const symbols = exchanges.length === 1
    ? `select symbol, ${literal(exchanges[0])} as exchange from run_symbols`
    : `select symbol, min(exchange) as exchange from read_parquet([${files.join(', ')}], hive_partitioning = false) group by symbol`
  await database.run(`
    create or replace table run_clocks as
    select symbol, timezone from (${symbols}) join (values ${clocks.join(', ')}) as clocks(exchange, timezone) using (exchange)`)
}
