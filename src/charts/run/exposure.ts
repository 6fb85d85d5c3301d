import type { Database } from '../../database/database.js'
import { literal } from '../../database/quote.js'
import { count, decimal } from '../../format.js'
import type { RunChart, RunChartOptions } from '../run-chart.js'
import { sessionChart } from '../session-chart.js'
import { domainOf, sessionPlaces } from '../session-scale.js'
import { thinned } from '../thin.js'
import { dateRange } from '../times.js'
import { curveSql } from './curve.js'
import { readRunFacts, type RunFacts } from './facts.js'
import { within } from './sessions.js'

/** What was invested, long and short, and how many positions were open. */
export const exposure: RunChart = {
  name: 'exposure',
  title: 'Exposure and open positions',
  description: 'The value of the open long and short positions at their entry prices at the close of each session, in percent of ' +
    'equity, above the most positions that were open at once in the session.',
  async draw(database, runId, options = {}) {
    const run = await readRunFacts(database, runId)
    const rows = await readExposure(database, run, options)
    if (!rows.some(({ most_positions }) => most_positions > 0)) return null
    const places = sessionPlaces(rows.map(({ session_date }) => session_date))
    const points = rows.map((row, i) => ({ ...row, ...places[i] }))
    const values = rows.flatMap(({ long_pct, short_pct }) => [long_pct, short_pct])
    const most = rows.reduce((highest, { most_positions }) => Math.max(highest, most_positions), 0)
    const hasShort = rows.some(({ short_pct }) => short_pct < 0)
    return sessionChart({
      title: `${run.strategy}: exposure and open positions`,
      subtitle: [
        [`run ${run.run_id}`, dateRange(places[0].at, places[places.length - 1].at)],
        [`at most ${count(most)} positions at once`, `mean exposure at the close ${decimal(meanOf(rows), 1)} % of equity`],
      ],
      places,
      points: thinned(points, 1200, [({ long_pct }) => long_pct, ({ short_pct }) => short_pct, ({ most_positions }) => most_positions]),
      panels: [
        {
          title: 'Entry value (% of equity)', format: ',~f', share: 0.6, reference: 0,
          domain: [Math.min(0, domainOf([0, ...values])[0]) * (hasShort ? 1 : 0), domainOf([0, ...values])[1]],
          series: [
            { field: 'long_pct', name: 'long', mark: 'area' },
            ...(hasShort ? [{ field: 'short_pct', name: 'short', mark: 'area' } as const] : []),
          ],
        },
        {
          title: 'Open positions', format: '~s', domain: [0, most * 1.04], share: 0.4,
          series: [{ field: 'most_positions', name: 'open positions', mark: 'step' }],
        },
      ],
      legend: ({ up, down, series }) => [
        ['long', up], ...(hasShort ? [['short', down] as const] : []), ['open positions', series[6]],
      ],
      tooltip: [
        ['long_pct', 'long %', '.1f'], ...(hasShort ? [['short_pct', 'short %', '.1f'] as const] : []),
        ['most_positions', 'most positions', ',.0f'],
      ],
      options,
    })
  },
}

interface ExposureRow {
  session_date: number
  long_pct: number
  short_pct: number
  most_positions: number
  [field: string]: number
}

function meanOf(rows: readonly ExposureRow[]): number {
  return rows.reduce((sum, { long_pct, short_pct }) => sum + long_pct - short_pct, 0) / rows.length
}

/** Entries and exits as changes in time, summed up; an exit after the last session changes nothing that is shown. */
async function readExposure(database: Database, run: RunFacts, options: RunChartOptions): Promise<ExposureRow[]> {
  const own = `run_id = ${literal(run.run_id)}`
  return database.rows<ExposureRow>(`
    with trades as (
      select *, quantity * entry_price as value from trades where ${own}
    ),

    events as (
      select entry_at as moment, 1 as positions, if(side = 'long', value, 0) as long, if(side = 'short', -value, 0) as short from trades
      union all
      select exit_at, -1, if(side = 'long', -value, 0), if(side = 'short', value, 0) from trades
    ),

    changes as (
      select moment, sum(positions) as positions, sum(long) as long, sum(short) as short from events group by moment
    ),

    levels as (
      select
        moment,
        sum(positions) over in_time as positions,
        sum(long) over in_time as long,
        sum(short) over in_time as short
      from changes
      window in_time as (order by moment)
    ),

    sessions as (
      select session_date, max(bar_at) as last_at from equity where ${own} group by session_date
    ),

    placed as (
      select sessions.session_date, levels.* from levels asof join sessions on levels.moment <= sessions.last_at
    ),

    closes as (
      select
        session_date,
        max(positions) as most_positions,
        arg_max(positions, moment) as positions,
        arg_max(long, moment) as long,
        arg_max(short, moment) as short
      from placed group by session_date
    ),

    filled as (
      select
        session_date,
        coalesce(last_value(closes.long ignore nulls) over in_time, 0) as long,
        coalesce(last_value(closes.short ignore nulls) over in_time, 0) as short,
        coalesce(last_value(closes.positions ignore nulls) over before, 0) as carried,
        coalesce(closes.most_positions, 0) as most
      from sessions left join closes using (session_date)
      window
        in_time as (order by session_date),
        before as (order by session_date rows between unbounded preceding and 1 preceding)
    )

    select
      epoch_ms(session_date::timestamp) as session_date,
      long / equity * 100 as long_pct,
      short / equity * 100 as short_pct,
      greatest(carried, most) as most_positions
    from filled join (${curveSql(run)}) as curve using (session_date)
    where equity > 0 and ${within('session_date', options)} order by filled.session_date`)
}
