import { columnOf, distanceOf, numberIn, textIn } from './row.js'
import type { ContextRow, Level, Zone } from './facts.js'
import { frameRoles, type FrameRole } from './frames.js'

const named: readonly (readonly [column: string, name: string])[] = [
  ['pldot_next', 'PLdot'],
  ['main_channel_next', 'main channel'],
  ['red_bird_next', 'red bird'],
  ['envelope_top_next', 'envelope top'],
  ['envelope_bottom_next', 'envelope bottom'],
  ['one_one_high_next', '1-1 high'],
  ['one_one_low_next', '1-1 low'],
  ['area_6_top', 'area 6 top'],
  ['area_5_top', 'area 5 top'],
  ['area_2_bottom', 'area 2 bottom'],
  ['area_1_bottom', 'area 1 bottom'],
  ['block_level', 'block level'],
  ['confines_high', 'confines high'],
  ['confines_low', 'confines low'],
  ['block_zone_high', 'block zone high'],
  ['block_zone_low', 'block zone low'],
]

/** Returns the levels of all frames for the next bar, highest first; `timeframes` are those of the frames. */
export function levelsOf(row: ContextRow, timeframes: readonly string[]): Level[] {
  const levels = timeframes.flatMap((timeframe, index) => frameLevels(row, frameRoles[index], timeframe))
  return levels.sort((a, b) => b.price - a.price)
}

function frameLevels(row: ContextRow, frame: FrameRole, timeframe: string): Level[] {
  const columns = [...named, ...lineColumns(row, frame).map((column) => [column, lineName(column)] as const)]
  return columns.flatMap(([name, label]) => {
    const column = columnOf(frame, name)
    const price = numberIn(row, column)
    if (price === null) return []
    return { price, role: roleOf(price, row.close as number), name: label, column, frame, timeframe, ...distanceOf(row, price) }
  })
}

/** The lines for the next bar; an extension is for the one after it. */
function lineColumns(row: ContextRow, frame: FrameRole): string[] {
  const prefix = columnOf(frame, '')
  const names = Object.keys(row).filter((name) => name.startsWith(`${prefix}line_`) && !name.endsWith('_extension'))
  return names.map((name) => name.slice(prefix.length))
}

/** Returns `5-2 up` for `line_5_2_up`. */
export function lineName(column: string): string {
  return column.replace(/^line_(\d)_(\d)_/, '$1-$2 ').replaceAll('_', ' ')
}

/** Equal as the geometry sees it. */
function roleOf(price: number, close: number): Level['role'] {
  if (Math.abs(price - close) <= 1e-9 * Math.max(1, Math.abs(close))) return 'close'
  return price < close ? 'support' : 'resistance'
}

/** Returns the zones of all frames: the nearest confluences first, then nearby and further ones. */
export function zonesOf(row: ContextRow, timeframes: readonly string[]): Zone[] {
  const confluences = (['resistance', 'support'] as const).map((role) => {
    return zone(row, { kind: 'confluence', role, frame: 'focus', timeframe: timeframes[0] }, `${role}_zone`)
  })
  const placed = timeframes.flatMap((timeframe, index) => {
    const frame = frameRoles[index]
    return places.map(([kind, role]) => zone(row, { kind, role, frame, timeframe }, columnOf(frame, `${kind}_${role}`)))
  })
  return [...confluences, ...placed].filter((found) => found !== null)
}

const places = [
  ['further', 'resistance'],
  ['nearby', 'resistance'],
  ['nearby', 'support'],
  ['further', 'support'],
] as const

type ZoneName = Pick<Zone, 'kind' | 'role' | 'frame' | 'timeframe'>

function zone(row: ContextRow, name: ZoneName, columns: string): Zone | null {
  const low = numberIn(row, `${columns}_low`)
  const high = numberIn(row, `${columns}_high`)
  if (low === null || high === null) return null
  const close = row.close as number
  const nearest = Math.min(Math.max(close, low), high)
  const [level, weight] = [numberIn(row, `${columns}_level`), numberIn(row, `${columns}_weight`)]
  const timeframes = textIn(row, `${columns}_timeframes`)?.split(', ') ?? [name.timeframe]
  return { ...name, timeframes, low, high, level, weight, ...distanceOf(row, nearest) }
}
