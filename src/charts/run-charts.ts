import { DgasError, nearest, usageError } from '../errors.js'
import type { RunChart } from './run-chart.js'
import { symbolReturns, tradeReturns } from './run/distributions.js'
import { equity } from './run/equity.js'
import { excursions } from './run/excursions.js'
import { exposure } from './run/exposure.js'
import { groupCharts } from './run/groups.js'
import { holdingTimes } from './run/holding-times.js'
import { monthlyReturns } from './run/monthly.js'
import { runHealth } from './run/health.js'
import { rolling } from './run/rolling.js'
import { sectorReturns } from './run/sectors.js'
import { symbolScatter } from './run/symbols.js'
import { underwater } from './run/underwater.js'

export type { RunChart, RunChartOptions } from './run-chart.js'

/** The charts of a run, in the order in which a report shows them. */
export const runCharts: readonly RunChart[] = [
  ...[equity, underwater, monthlyReturns, rolling, exposure],
  ...[symbolScatter, sectorReturns, symbolReturns],
  ...[tradeReturns, excursions, holdingTimes],
  ...groupCharts,
  runHealth,
]

/** Returns the chart called `name`. Throws a usage error with the nearest name when there is none. */
export function runChartNamed(name: string): RunChart {
  const found = runCharts.find((chart) => chart.name === name)
  if (found !== undefined) return found
  const names = runCharts.map((chart) => chart.name)
  const what = `there is no chart "${name}" of a run`
  throw usageError({ what, where: '--chart', expected: names.join(', '), nearest: nearest(name, names) })
}

/** Says that a chart of a run has nothing to show in a range of sessions, which is empty for all of them, and what it needs. */
export function nothingToDraw({ name, needs }: RunChart, run: { id: string; folder: string }, range: string): DgasError {
  const what = `the run ${run.id} has nothing to draw as ${name}${range === '' ? '' : ` ${range}`}`
  return new DgasError({ what, where: run.folder, expected: needs ?? 'another chart, or a run with more to show' })
}
