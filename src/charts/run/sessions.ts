import { literal } from '../../database/quote.js'
import { usageError } from '../../errors.js'
import type { RunChartOptions } from '../run-chart.js'

/** Returns an SQL condition: the date `column` lies within the sessions asked for. */
export function within(column: string, { from, to }: RunChartOptions): string {
  return `${column} between date ${literal(from ?? '-infinity')} and date ${literal(to ?? 'infinity')}`
}

/** Returns whether a range of sessions is asked for, not the whole run. */
export function hasRange({ from, to }: RunChartOptions): boolean {
  return from !== undefined || to !== undefined
}

/** Returns `verb` with the sessions asked for, such as `closed from 2026-02-01 to 2026-02-28`; empty for the whole run. */
export function rangeNote(verb: string, options: RunChartOptions): string {
  const { from, to } = options
  if (!hasRange(options)) return ''
  return [verb, from === undefined ? '' : `from ${from}`, to === undefined ? '' : `to ${to}`].filter(Boolean).join(' ')
}

/** Throws a usage error that names the chart when a range is asked for, for a chart that only knows the whole run. */
export function refuseRange(chart: string, reason: string, options: RunChartOptions): void {
  if (!hasRange(options)) return
  const where = options.from === undefined ? '--to' : '--from'
  throw usageError({ what: `${chart} ${reason}`, where, expected: 'no range of sessions' })
}
