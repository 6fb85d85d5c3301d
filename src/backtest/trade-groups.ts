import { literal } from '../database/quote.js'
import type { TradeGroupRow } from '../report/record.js'
import { clocksSql } from '../store/clocks.js'
import { createRunRelations, relationSql } from '../store/run-relations.js'
import { runParts } from '../store/runs.js'
import type { BacktestConfig } from './config.js'
import { writePart } from './parts.js'
import { createSignalStates } from './signal-states.js'
import type { RunWork } from './work.js'

/** A run whose trades are added up. */
export type TradedRun = Pick<RunWork, 'store' | 'run' | 'plan' | 'source' | 'output'>

/** Adds up the trades of a run by groups, while it goes on. */
export class TradeGrouping {
  readonly #run: TradedRun
  readonly #added = new Set<string>()
  /** The last statements that were begun; null before the first. */
  #adding: Promise<void> | null = null

  constructor(run: TradedRun) {
    this.#run = run
  }

  /** Begins to add the trades in files of the run that are not added yet; `finish` tries again what fails. */
  add(files: readonly string[]): void {
    // the states of the market are not known before the end
    if (!this.#run.source.config.byState) this.#begin(files)
  }

  /** Adds the trades of all other files, writes the relation `trade_groups` and returns its rows. */
  async finish(): Promise<TradeGroupRow[]> {
    const { output, run, plan, source } = this.#run
    return output.database.beside(async (database) => {
      if (source.config.byState) {
        await createRunRelations(database, [run], ['trades'])
        await createSignalStates(database, source, plan.batches)
      }
      const files = runParts(run, 'trades')
      // what failed while other batches were loaded may succeed now
      await this.#adding?.catch(() => this.#forget())
      // and what was written in vain, since another process has done its batch, is not among the files
      if ([...this.#added].some((file) => !files.includes(file))) this.#forget()
      this.#begin(files)
      await this.#adding
      await database.run(`create or replace temp table grouped as ${groupedSql(source.config)}`)
      await writePart({ ...output, database }, 'trade_groups', 0, `select ${literal(run.id)} as run_id, * from grouped`)
      return database.rows<TradeGroupRow>('select * from grouped')
    })
  }

  /** Waits for what is under way. */
  async settled(): Promise<void> {
    await this.#adding?.catch(() => undefined)
  }

  #forget(): void {
    this.#added.clear()
    this.#adding = null
  }

  #begin(all: readonly string[]): void {
    const { store, source, output } = this.#run
    const isFirst = this.#adding === null
    const files = all.filter((file) => !this.#added.has(file))
    if (files.length === 0 && !isFirst) return
    for (const file of files) this.#added.add(file)
    const combined = combinedSql(relationSql('trades', files), source.config)
    // in one go: the thread may be busy before a second statement is begun
    const sql = isFirst
      ? `create or replace table run_clocks as ${clocksSql(store, 'select symbol from run_symbols')};
        create or replace table combined_trades as ${combined}`
      : `insert into combined_trades ${combined}`
    this.#adding = (this.#adding ?? Promise.resolve()).then(() => output.database.beside((database) => database.run(sql)))
    this.#adding.catch(() => undefined)
  }
}

/** What is added up, in whole numbers. */
const added = [
  ...['trades', 'wins', 'losses', 'gained', 'lost', 'costs', 'r_multiples', 'risked', 'bars_held', 'adverse_pct'],
  'favorable_pct',
]

/**
 * Returns SQL that adds up the trades that `trades` selects by all that they are grouped by, and the time of their entry in quarters
 * of an hour, by which clocks differ: far fewer rows than trades. Every sum is one of whole numbers, so that it is the same in
 * whatever order the rows come; they count in 10⁻¹² of the capital.
 */
function combinedSql(trades: string, { rules: { capital }, byState }: BacktestConfig): string {
  const sum = (value: string, of: number, condition = 'true') => {
    return `coalesce(sum(round(${value} / ${of})::hugeint) filter (${condition}), 0)`
  }
  return `
    with trades as (
      select
        *,
        maximum_adverse_excursion / (quantity * entry_price) * 100 as adverse_pct,
        maximum_favorable_excursion / (quantity * entry_price) * 100 as favorable_pct
      from (${trades})
    ),

    stated as (
      ${byState ? 'from trades left join signal_states using (symbol, signal_at)' : 'select *, null::varchar as market_state from trades'}
    )

    select
      timezone, time_bucket(interval 15 minutes, entry_at) as entered_at, side, entry_reason, exit_reason, market_state,
      count(*) as trades,
      count(*) filter (net_profit > 0) as wins,
      count(*) filter (net_profit < 0) as losses,
      ${sum('net_profit', capital / 1e12, 'net_profit > 0')} as gained,
      ${sum('-net_profit', capital / 1e12, 'net_profit < 0')} as lost,
      ${sum('costs', capital / 1e12)} as costs,
      ${sum('r_multiple', 1e-12)} as r_multiples,
      count(r_multiple) as risked,
      sum(bars_held) as bars_held,
      ${sum('adverse_pct', 1e-12)} as adverse_pct,
      ${sum('favorable_pct', 1e-12)} as favorable_pct
    from stated join run_clocks using (symbol)
    group by timezone, entered_at, side, entry_reason, exit_reason, market_state`
}

/**
 * Returns SQL of the rows of `trade_groups` without `run_id`: the trades of a run by side, reasons of entry and exit, by
 * month, weekday and hour of the entry on the clock of the exchange, and by the state of the market.
 */
function groupedSql({ rules: { capital }, byState }: BacktestConfig): string {
  const unit = capital / 1e12
  return `
    with located as (
      select *, timezone(timezone, entered_at at time zone 'UTC') as entered from combined_trades
    ),

    -- and fewer still, however many bars the entries are spread over
    dated as (
      select
        strftime(entered, '%Y-%m') as month,
        isodow(entered) as day,
        any_value(dayname(entered)) as weekday,
        strftime(entered, '%H') as hour,
        side, entry_reason, exit_reason, market_state,
        ${added.map((name) => `sum(${name}) as ${name}`).join(', ')}
      from located
      group by month, day, hour, side, entry_reason, exit_reason, market_state
    ),

    named as (
      select
        unnest([
          {grouping: 'side', value: side, place: 0},
          {grouping: 'entry_reason', value: entry_reason, place: 0},
          {grouping: 'exit_reason', value: exit_reason, place: 0},
          {grouping: 'month', value: month, place: 0},
          {grouping: 'weekday', value: weekday, place: day},
          {grouping: 'hour', value: hour, place: 0}${byState ? `,
          {grouping: 'market_state', value: market_state, place: 0}` : ''}
        ], recursive := true),
        ${added.join(', ')}
      from dated
    ),

    summed as (
      select
        grouping, value, place,
        sum(trades) as trades,
        sum(wins) as wins,
        sum(losses) as losses,
        sum(gained)::double * ${unit} as gained,
        sum(lost)::double * ${unit} as lost,
        sum(costs)::double * ${unit} as costs,
        sum(r_multiples)::double * 1e-12 as r_multiples,
        sum(risked) as risked,
        sum(bars_held) as bars_held,
        sum(adverse_pct)::double * 1e-12 as adverse_pct,
        sum(favorable_pct)::double * 1e-12 as favorable_pct
      from named group by grouping, value, place
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
