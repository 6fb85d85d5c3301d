import { nearest, usageError } from '../errors.js'
import type { RunChart } from './run-chart.js'
import { equity } from './run/equity.js'

export type { RunChart, RunChartOptions } from './run-chart.js'

/** The charts of a run, in the order in which a report shows them. */
export const runCharts: readonly RunChart[] = [equity]

/** Returns the chart called `name`. Throws a usage error with the nearest name when there is none. */
export function runChartNamed(name: string): RunChart {
  const found = runCharts.find((chart) => chart.name === name)
  if (found !== undefined) return found
  const names = runCharts.map((chart) => chart.name)
  const what = `there is no chart "${name}" of a run`
  throw usageError({ what, where: '--chart', expected: names.join(', '), nearest: nearest(name, names) })
}
