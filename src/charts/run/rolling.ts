import type { Database } from '../../database/database.js'
import { sessionsPerYear } from '../../metrics/series.js'
import { domainOf, sessionPlaces } from '../session-scale.js'
import { sessionChart } from '../session-chart.js'
import type { RunChart, RunChartOptions } from '../run-chart.js'
import { thinned } from '../thin.js'
import { dateRange } from '../times.js'
import { curveSql } from './curve.js'
import { readRunFacts, type RunFacts } from './facts.js'
import { within } from './sessions.js'

/** Sharpe ratio and volatility of the sessions before each one. */
export const rolling: RunChart = {
  name: 'rolling',
  title: 'Rolling Sharpe ratio and volatility',
  description: 'Annual Sharpe ratio and volatility of the returns over the sessions up to each one: 63 of them, or 21 in a run of less than half a year.',
  needs: 'a run of more than 21 sessions',
  async draw(database, runId, options = {}) {
    const run = await readRunFacts(database, runId)
    const { window, rows } = await readRolling(database, run, options)
    const known = rows.filter(({ volatility_pct }) => volatility_pct !== null)
    if (known.length === 0) return null
    const places = sessionPlaces(rows.map(({ session_date }) => session_date))
    const points = rows.map((row, i) => ({ ...places[i], sharpe_ratio: row.sharpe_ratio, volatility_pct: row.volatility_pct }))
    const ratios = known.map(({ sharpe_ratio }) => sharpe_ratio).filter((ratio) => ratio !== null)
    const volatilities = known.map(({ volatility_pct }) => volatility_pct ?? 0)
    return sessionChart({
      title: `${run.strategy}: Sharpe ratio and volatility over ${window} sessions`,
      subtitle: [
        [`run ${run.run_id}`, dateRange(places[0].at, places[places.length - 1].at)],
        [`returns of daily closes, a year of ${sessionsPerYear} sessions, no riskless rate`],
      ],
      places,
      points: thinned(points, 1200, [({ sharpe_ratio }) => sharpe_ratio ?? 0, ({ volatility_pct }) => volatility_pct ?? 0]),
      panels: [
        {
          title: 'Sharpe ratio (annual)', format: ',~f', domain: domainOf([0, ...ratios]), share: 0.6, reference: 0,
          series: [{ field: 'sharpe_ratio', name: 'Sharpe ratio', mark: 'line' }],
        },
        {
          title: 'Volatility (% a year)', format: ',~f', domain: [0, domainOf([0, ...volatilities])[1]], share: 0.4,
          series: [{ field: 'volatility_pct', name: 'volatility', mark: 'line' }],
        },
      ],
      legend: ({ series }) => [['Sharpe ratio', series[0]], ['volatility', series[1]]],
      tooltip: [['sharpe_ratio', 'Sharpe ratio', '.2f'], ['volatility_pct', 'volatility %', '.2f']],
      options,
    })
  },
}

interface RollingRow {
  session_date: number
  sharpe_ratio: number | null
  volatility_pct: number | null
}

async function readRolling(database: Database, run: RunFacts, options: RunChartOptions) {
  const sessions = Number(await database.value(`select count(distinct session_date) from equity where run_id = '${run.run_id}'`))
  const window = sessions >= 126 ? 63 : 21
  const rows = await database.rows<RollingRow>(`
    with curve as (${curveSql(run)}),

    returns as (
      select
        session_date,
        row_number() over by_session as place,
        equity / coalesce(lag(equity) over by_session, ${run.capital} * accounts) - 1 as change
      from curve
      window by_session as (order by session_date)
    ),

    rolled as (
      select
        session_date,
        if(place < ${window}, null, avg(change) over recent) as mean,
        if(place < ${window}, null, stddev_samp(change) over recent) as deviation
      from returns
      window recent as (order by session_date rows ${window - 1} preceding)
    )

    select
      epoch_ms(session_date::timestamp) as session_date,
      if(deviation < 1e-12, null, mean / deviation * sqrt(${sessionsPerYear})) as sharpe_ratio,
      deviation * sqrt(${sessionsPerYear}) * 100 as volatility_pct
    from rolled where ${within('session_date', options)} order by rolled.session_date`)
  return { window, rows }
}
