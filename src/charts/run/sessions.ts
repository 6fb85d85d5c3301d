import { literal } from '../../database/quote.js'
import type { RunChartOptions } from '../run-chart.js'

/** Returns an SQL condition: the date `column` lies within the sessions asked for. */
export function within(column: string, { from, to }: RunChartOptions): string {
  return `${column} between date ${literal(from ?? '-infinity')} and date ${literal(to ?? 'infinity')}`
}
