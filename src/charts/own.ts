import type { ResultColumn } from '../database/result.js'
import { usageError } from '../errors.js'
import { count } from '../format.js'
import { chartFrame, type ChartOptions, type Encoding, type Layer, type Spec } from './frame.js'
import { textWidth } from './text-width.js'
import { zoomable } from './zoom.js'

/** The marks of a chart of one's own. */
export const ownMarks = ['line', 'bar', 'point', 'area', 'tick', 'rect'] as const
export type OwnMark = (typeof ownMarks)[number]

/** A chart of the rows of a query. */
export interface OwnChart {
  mark: OwnMark
  /** The columns that are drawn; `color` tells rows of the same kind apart. */
  x: string
  y: string
  color?: string
  columns: readonly ResultColumn[]
  /** By the names `x`, `y` and `color`; times in milliseconds since 1970-01-01 UTC. */
  rows: readonly OwnRow[]
  /** How many rows the query has; more than `rows` when they were thinned. */
  total: number
  options?: ChartOptions
}

/** A row of a chart of one's own. */
export interface OwnRow {
  x: number | string | null
  y: number | string | null
  color?: number | string | null
}

/** Returns a chart of the rows of a query. Throws a usage error for marks that cannot show its columns. */
export function ownChart({ mark, x, y, color, columns, rows, total, options }: OwnChart): Spec {
  const frame = chartFrame(options)
  const channel = (name: 'x' | 'y' | 'color', column: string) => {
    const kind = kindOf(columns.find((one) => one.name === column)!)
    const format = kind === 'quantitative' ? { format: Math.max(...numbersOf(rows, name)) >= 1e7 ? '~s' : ',~r' } : {}
    const isBand = kind === 'nominal' || (name === 'x' && (mark === 'bar' || mark === 'rect') && kind === 'temporal')
    return { field: name, kind, isBand, title: spoken(column), format }
  }
  const [across, up] = [channel('x', x), channel('y', y)]
  if (mark === 'area' && up.kind !== 'quantitative') {
    throw usageError({ what: `${y} is no number`, where: '--y', expected: 'a column of numbers for --mark area' })
  }
  const axis = ({ field, kind, isBand, title, format }: typeof across) => ({
    field,
    type: isBand && kind === 'nominal' ? 'nominal' : kind,
    axis: { title, grid: field === 'y', labelLimit: 260, ...angleOf(rows, field, kind, frame.plotWidth), ...format },
    ...(kind === 'temporal' ? { scale: { type: 'utc' } } : {}),
    ...(kind === 'nominal' ? { sort: null } : {}),
    ...(kind === 'quantitative' ? { scale: { zero: mark === 'bar' || mark === 'area', nice: true } } : {}),
  })
  const tint = color === undefined ? { value: frame.palette.series[0] } : colorOf(channel('color', color))
  const tooltip = [across, up, ...(color === undefined ? [] : [channel('color', color)])].map(({ field, kind, title }) => ({
    field, title, type: kind, ...(kind === 'temporal' ? { timeUnit: 'utcyearmonthdatehoursminutes', format: '%Y-%m-%d %H:%M' } : {}),
  }))
  const layer = {
    data: { name: 'rows' },
    mark: { type: mark, ...(mark === 'point' ? { filled: true, opacity: 0.7 } : {}), ...(mark === 'area' ? { opacity: 0.5 } : {}) },
    encoding: { x: axis(across), y: axis(up), color: tint, tooltip } as Encoding,
  } as Layer
  return frame.spec({
    title: `${spoken(y)} by ${spoken(x)}${color === undefined ? '' : ` and ${spoken(color)}`}`,
    subtitle: [[rows.length < total ? `${count(rows.length)} of ${count(total)} rows, the lowest and the highest of each stretch among them` : `${count(total)} rows`]],
    datasets: { rows },
    layer: across.kind === 'nominal' || mark === 'bar' ? [layer] : zoomable([layer]),
  })
}

/** Names stand level where they have the room, else at an angle. */
function angleOf(rows: readonly OwnRow[], field: 'x' | 'y' | 'color', kind: string, room: number) {
  if (field !== 'x' || kind !== 'nominal') return { labelAngle: 0, labelOverlap: true }
  const names = [...new Set(rows.map(({ x }) => String(x)))]
  const widest = Math.max(...names.map((name) => textWidth(name, 12.5) + 12))
  return widest * names.length < room ? { labelAngle: 0 } : { labelAngle: -40, labelOverlap: true }
}

/** How a column is measured. */
export function kindOf({ type, isNumber }: ResultColumn): 'quantitative' | 'temporal' | 'nominal' {
  if (isNumber) return 'quantitative'
  return /^(?:DATE|TIMESTAMP)/.test(type) ? 'temporal' : 'nominal'
}

function colorOf({ kind, title }: { kind: string; title: string }) {
  const legend = { title, symbolOpacity: 1 }
  return kind === 'quantitative'
    ? { field: 'color', type: kind, scale: { scheme: 'viridis' }, legend: { ...legend, format: ',~r' } }
    : { field: 'color', type: 'nominal', legend: { ...legend, columns: 8 } }
}

function numbersOf(rows: readonly OwnRow[], name: 'x' | 'y' | 'color'): number[] {
  return rows.slice(0, 50_000).map((row) => row[name]).filter((value) => typeof value === 'number')
}

function spoken(column: string): string {
  return column.replaceAll('_', ' ').replace(/ pct$/, ' (%)')
}
