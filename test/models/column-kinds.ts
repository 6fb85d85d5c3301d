import type { Value } from './bars.js'

/** A row of `geometry`. */
export type GeometryRow = Record<string, Value>

/** What becomes of prices: each is multiplied by `factor`, -1 to turn them upside down, and moved by `shift`. */
export interface PriceChange {
  factor: number
  shift: number
}

const directions = new Set([
  ...['side', 'previous_side', 'run', 'previous_run', 'push', 'refresh', 'exhaust', 'c_wave', 'envelope_exhaust'],
  ...['direction', 'latest_direction', 'previous_direction', 'market_direction', 'previous_market_direction'],
  ...['termination_touch', 'termination_approach'],
])
const differences = new Set(['pldot_slope'])
const sizes = new Set(['mean_range', 'minimum_zone_width', 'oversized_zone_width'])
const unchanged = new Set([
  ...['symbol', 'timeframe', 'bar_at', 'closed_at', 'session_date', 'volume', 'termination_count', 'momentum_fade'],
  ...['is_entrance', 'is_run_start', 'is_congestion', 'market_state', 'bars_in_state', 'bar_state', 'bar_state_day'],
  ...['run_grade', 'dot_momentum', 'is_losing_push', 'push_bars', 'refresh_bars', 'envelope_exhaust_bars'],
  ...['oscillation_bars', 'state_confidence', 'previous_bar_at', 'previous_market_state', 'previous_state_confidence'],
])

/** Numbers that are not in the unit of prices. */
const unscaled = new Set([...directions, ...unchanged, 'envelope_position', 'area_next'])

/** Returns the row that a row becomes when all prices change. Every column that is not named above is a price. */
export function changedRow(row: GeometryRow, change: PriceChange): GeometryRow {
  const name = change.factor < 0 ? mirrored : (column: string) => column
  return Object.fromEntries(Object.entries(row).map(([column, value]) => {
    return [name(column), changedValue(column, value, row, change)]
  }))
}

/**
 * Returns the columns in which two rows differ. The flatness that counts for the confidence of a congestion depends on
 * the price itself, and a close on the border of two areas belongs to the higher: these are left to tests of their own.
 */
export function differingColumns(expected: GeometryRow, actual: GeometryRow, change: PriceChange): string[] {
  const digits = 1e-9 * Math.max(Math.abs(expected.close as number), Math.abs(change.shift))
  const names = Object.keys(expected).filter((name) => {
    return !areEqual(expected[name], actual[name], unscaled.has(name) ? 1e-9 : digits)
  })
  return names.filter((name) => {
    if (name === 'previous_state_confidence') return change.shift === 0
    if (name === 'state_confidence') return change.shift === 0 || expected.is_congestion !== true
    return !(change.factor < 0 && name.startsWith('nearby_') && isOnLevel(expected))
  })
}

function changedValue(column: string, value: Value, row: GeometryRow, { factor, shift }: PriceChange): Value {
  if (value === null || unchanged.has(column)) return value
  if (column === 'termination_lines') return factor < 0 ? mirroredLines(value as string) : value
  const number = value as number
  if (column === 'recent_patterns') return factor < 0 ? mirroredPatterns(number) : number
  if (column === 'area_next') return factor < 0 ? (isOnLevel(row) ? 8 : 7) - number : number
  if (column === 'envelope_position') return factor < 0 ? 1 - number : number
  if (directions.has(column)) return number * Math.sign(factor)
  if (sizes.has(column)) return number * Math.abs(factor)
  return differences.has(column) ? number * factor : number * factor + shift
}

const opposites: Record<string, string> = {
  up: 'down', down: 'up', top: 'bottom', bottom: 'top', high: 'low', low: 'high', support: 'resistance',
  resistance: 'support',
}
const oppositeAreas: Record<string, string> = { 1: '6', 2: '5', 5: '2', 6: '1' }

function mirrored(column: string): string {
  const words = column.split('_').map((word) => opposites[word] ?? word)
  return column.startsWith('area_') ? words.map((word) => oppositeAreas[word] ?? word).join('_') : words.join('_')
}

/** The names of lines in the order in which the model lists them: all up lines before all down lines. */
function mirroredLines(lines: string): string {
  const names = lines.split(', ').map(mirrored)
  return [...names.filter((name) => /_up/.test(name)), ...names.filter((name) => !/_up/.test(name))].join(', ')
}

/** Seven bits for the bullish kinds of patterns, seven for the bearish ones. */
function mirroredPatterns(patterns: number): number {
  return (patterns >> 7) | ((patterns & 127) << 7)
}

const levels = [
  ...['area_1_bottom', 'area_2_bottom', 'envelope_bottom_next', 'pldot_next'],
  ...['envelope_top_next', 'area_5_top', 'area_6_top'],
]

function isOnLevel(row: GeometryRow): boolean {
  const digits = 1e-9 * Math.max(1, Math.abs(row.close as number))
  return levels.some((level) => row[level] !== null && areEqual(row[level], row.close, digits))
}

function areEqual(some: Value, other: Value, tolerance: number): boolean {
  if (typeof some === 'number' && typeof other === 'number') return Math.abs(some - other) <= tolerance
  return some instanceof Date && other instanceof Date ? some.getTime() === other.getTime() : some === other
}
