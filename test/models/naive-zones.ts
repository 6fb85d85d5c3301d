import type { ContextRow } from './context.js'

const sides = { support: 'up', resistance: 'down' } as const
const lines = ['5_9', '5_2', '5_1', '5_3', '6_1', '6_5', '6_7', '6_6']
const closed = ['5_1', '5_3', '5_9']
const others = [
  ...['pldot_next', 'envelope_top_next', 'envelope_bottom_next', 'one_one_high_next', 'one_one_low_next', 'block_level'],
]

/** The columns of a timeframe that can be part of a zone of support, or of resistance. */
export function levelNames(role: 'support' | 'resistance'): string[] {
  const side = sides[role]
  return [...others, ...lines.map((line) => `line_${line}_${side}`), ...closed.map((line) => `line_${line}_${side}_closed`)]
}

/** What the model says of the zone on one side of the close. */
export interface Zone {
  low: number
  high: number
  level: number
  weight: number
  timeframes: string
}

/** The nearest zone of each side and how many anchors are confirmed, found by looking at every pair of levels of a row. */
export function naiveZones(row: ContextRow): { support: Zone | null; resistance: Zone | null; count: number } {
  const support = naiveSide(row, 'support')
  const resistance = naiveSide(row, 'resistance')
  return { support: support.zone, resistance: resistance.zone, count: support.count + resistance.count }
}

function naiveSide(row: ContextRow, role: 'support' | 'resistance'): { zone: Zone | null; count: number } {
  const close = row.close as number
  const tolerance = 1e-9 * Math.max(1, close)
  const reach = Math.max(0.05 * (row.mean_range as number), 0.0005 * close) + tolerance
  const sign = role === 'support' ? -1 : 1
  const levels = (prefix: string) => {
    const found = levelNames(role).map((name) => row[prefix + name] ?? null)
    return found.filter((level): level is number => level !== null && ((level as number) - close) * sign > tolerance)
  }
  const focus = levels('')
  const confirmed = (prefix: string) => levels(prefix).filter((anchor) => focus.some((level) => Math.abs(level - anchor) <= reach))
  const nearest = (found: number[]) => found.sort((a, b) => (a - b) * sign).at(0)
  const frames = [{ prefix: 'higher_', weight: 1.5 }, { prefix: 'second_higher_', weight: 2 }]
  const timeframe = (prefix: string) => row[`${prefix}timeframe`] as string
  const anchors = frames.map(({ prefix, weight }) => ({ level: nearest(confirmed(prefix)), weight, timeframe: timeframe(prefix) }))
  const count = frames.flatMap(({ prefix }) => confirmed(prefix)).length
  const anchor = nearest(anchors.flatMap(({ level }) => level ?? []))
  if (anchor === undefined) return { zone: null, count }
  const isNear = (level: number) => Math.abs(level - anchor) <= reach
  const higher = anchors.flatMap(({ level, ...others }) => (level !== undefined && isNear(level) ? [{ level, ...others }] : []))
  const own = focus.filter(isNear).map((level) => ({ level, weight: 1, timeframe: timeframe('') }))
  return { zone: zoneOf([...own, ...higher]), count }
}

function zoneOf(members: { level: number; weight: number; timeframe: string }[]): Zone {
  const prices = members.map(({ level }) => level)
  return {
    low: Math.min(...prices),
    high: Math.max(...prices),
    level: prices.reduce((sum, price) => sum + price, 0) / prices.length,
    weight: members.reduce((sum, { weight }) => sum + weight, 0),
    timeframes: [...new Set(members.map(({ timeframe }) => timeframe))].join(', '),
  }
}
