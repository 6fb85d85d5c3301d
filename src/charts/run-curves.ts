import type { ChartOptions, Spec } from './frame.js'
import { sessionChart, type SessionPoint } from './session-chart.js'
import { domainOf, sessionPlaces } from './session-scale.js'
import { thinned } from './thin.js'
import { dateRange } from './times.js'

/** The return of a run since its start at the close of sessions, in per cent. */
export interface RunCurve {
  run_id: string
  strategy: string
  /** Milliseconds since 1970-01-01 UTC, ascending. */
  sessions: readonly number[]
  return_pct: readonly number[]
}

/** Returns the equity of several runs in one chart, each in per cent of its start capital; null when none has a session. */
export function runCurves(runs: readonly RunCurve[], options?: ChartOptions): Spec | null {
  const dates = [...new Set(runs.flatMap(({ sessions }) => sessions))].sort((a, b) => a - b)
  if (dates.length === 0) return null
  const places = sessionPlaces(dates)
  const values = runs.map(({ sessions, return_pct }) => new Map(sessions.map((at, i) => [at, return_pct[i]])))
  const points = places.map((place): SessionPoint => {
    return { ...place, ...Object.fromEntries(values.map((known, run) => [`run_${run}`, known.get(place.at) ?? null])) }
  })
  const shown = runs.slice(0, 8)
  return sessionChart({
    title: 'Equity of the runs',
    subtitle: [[dateRange(dates[0], dates[dates.length - 1]), 'in per cent of the start capital']],
    places,
    points: thinned(points, 1200, runs.map((_, run) => (point) => Number(point[`run_${run}`] ?? 0))),
    panels: [{
      title: 'Return (%)', format: ',~f', share: 1, reference: 0, domain: domainOf([0, ...runs.flatMap(({ return_pct }) => return_pct)]),
      series: shown.map(({ run_id }, run) => ({ field: `run_${run}`, name: run_id, mark: 'line' })),
    }],
    legend: ({ series }) => shown.map(({ run_id }, run) => [run_id, series[run % series.length]]),
    tooltip: shown.map(({ run_id }, run) => [`run_${run}`, `${run_id} %`, '.2f']),
    options,
  })
}

