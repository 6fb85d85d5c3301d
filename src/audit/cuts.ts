import type { BacktestConfig } from '../backtest/config.js'
import type { SourceFiles } from '../backtest/source-files.js'
import type { Database } from '../database/database.js'
import { literal, sqlValue } from '../database/quote.js'
import { DgasError } from '../errors.js'
import { createRelations } from '../models/relations.js'
import { shownBars } from './sample.js'

/**
 * Creates `audit_bars` (symbol, bar_at, closed_at), the traded bars of the sample, and `audit_instants` (closed_at,
 * level), the instants at which the data can be cut: every close but the last. `level` counts the higher timeframes of
 * which a bar ends there: 0 lies within bars of all of them.
 */
export async function createInstants(
  database: Database,
  { timeframe, higher }: Pick<BacktestConfig, 'timeframe' | 'higher'>,
  files: SourceFiles,
): Promise<void> {
  const stored = shownBars(files)
  const frames = [timeframe, ...higher]
  await createRelations(database, { names: ['bars'], timeframes: frames, higher: () => [], stored, columnsRead: null })
  const ends = higher.map(({ name }) => {
    return ` + (closed_at in (select closed_at from bars where timeframe = ${literal(name)}))::integer`
  })
  await database.run(`
    create table audit_bars as
    select symbol, bar_at, closed_at from bars where timeframe = ${literal(timeframe.name)};
    create table audit_instants as
    select closed_at, 0${ends.join('')} as level from (select distinct closed_at from audit_bars)
    where closed_at < (select max(closed_at) from audit_bars);
    drop view bars`)
  const [{ instants }] = await database.rows<{ instants: number }>('select count(*)::integer as instants from audit_instants')
  if (instants === 0) throw new DgasError({ what: 'all bars of the sample close at one time', expected: 'later bars, which could be taken away' })
}

/**
 * Chooses `count` instants, or all when there are fewer, one in each of as many equal stretches of time: every second
 * within the higher bars, the others where one ends. Among these it takes those on whose bars `audit_whole`, which has
 * `columns`, has most entries, or else rows: what looks a bar ahead shows on the last bar before the cut alone. Returns
 * instants in UTC.
 */
export async function chooseCuts(database: Database, count: number, columns: readonly string[]): Promise<string[]> {
  const weight = columns.includes('entry') ? 'entry <> 0' : 'true'
  const rows = await database.rows<{ cut: string }>(`
    with weights as (
      select audit_bars.closed_at, count(*) filter (${weight}) as weight
      from audit_bars join audit_whole using (symbol, bar_at)
      group by audit_bars.closed_at
    ),
    placed as (
      select *, ntile(${count}) over (order by closed_at) as stretch
      from audit_instants left join weights using (closed_at)
    ),
    centred as (
      select
        *,
        list_extract([2, 0, 1, 0], stretch % 4 + 1) as wanted_level,
        abs(2 * row_number() over by_time - count(*) over (partition by stretch)) as distance_from_middle
      from placed
      window by_time as (partition by stretch order by closed_at)
    ),
    ranked as (
      select *, row_number() over (partition by stretch order by
        level = wanted_level desc, coalesce(weight, 0) desc, distance_from_middle, closed_at) as choice
      from centred
    )
    select closed_at::varchar as cut from ranked where choice = 1 order by closed_at`)
  return rows.map(({ cut }) => cut)
}

/** Returns how many bars the sample has, and how many of them are the last one of their symbol before a cut. */
export async function countLastBars(database: Database, cuts: readonly string[]): Promise<{ bars: number; last_bars: number }> {
  const [counts] = await database.rows<{ bars: number; last_bars: number }>(`
    select (select count(*) from audit_bars) as bars, count(distinct (symbol, bar_at)) as last_bars
    from (
      select symbol, max(bar_at) as bar_at
      from audit_bars join (select unnest(${sqlValue(cuts)})::timestamp as cut) on closed_at <= cut
      group by symbol, cut
    )`)
  return counts
}
