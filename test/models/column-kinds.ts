/** What becomes of prices: each is multiplied by `factor`, -1 to turn them upside down, and moved by `shift`, the SQL of a sum over a symbol. */
export interface PriceChange {
  factor: number
  shift: string
}

const directions = new Set([
  ...['side', 'previous_side', 'run', 'previous_run', 'push', 'refresh', 'exhaust', 'c_wave', 'envelope_exhaust'],
  ...['direction', 'latest_direction', 'previous_direction', 'market_direction', 'previous_market_direction'],
  ...['termination_touch', 'termination_approach'],
])
const differences = new Set(['pldot_slope'])
const sizes = new Set(['mean_range', 'minimum_zone_width', 'oversized_zone_width'])
const unchanged = new Set([
  ...['timeframe', 'bar_at', 'closed_at', 'session_date', 'volume', 'termination_count', 'momentum_fade'],
  ...['is_entrance', 'is_run_start', 'is_congestion', 'market_state', 'bars_in_state', 'bar_state', 'bar_state_day'],
  ...['run_grade', 'dot_momentum', 'is_losing_push', 'push_bars', 'refresh_bars', 'envelope_exhaust_bars'],
  ...['oscillation_bars', 'state_confidence', 'previous_bar_at', 'previous_market_state', 'previous_state_confidence'],
])

/** Numbers that are not in the unit of prices. */
const unscaled = new Set([...directions, ...unchanged, 'envelope_position', 'area_next', 'recent_patterns'])

/**
 * Returns SQL that says whether a column of the row `copy`, of changed prices, is not what becomes of the row `plain`; `factor` and
 * `shift` are columns beside them. Every column that is not named above is a price. The flatness that counts for the confidence of a
 * congestion depends on the price itself, and a close on the border of two areas belongs to the higher: these are left to tests of their own.
 */
export function differsSql(column: string, type: string, { factor, shift }: PriceChange): string {
  const [expected, actual] = [expectedSql(column, factor), `copy.${column}`]
  if (/^(VARCHAR|BOOLEAN|DATE|TIMESTAMP)$/.test(type)) return `${expected} is distinct from ${actual}`
  const digits = unscaled.has(column) ? '1e-9' : `1e-9 * greatest(abs(copy.close), abs(shift))`
  const differs = `((${expected}) is null) <> (${actual} is null) or coalesce(abs((${expected}) - ${actual}) > ${digits}, false)`
  return `(${differs})${exception(column, factor < 0, shift !== '0')}`
}

function exception(column: string, isTurned: boolean, isMoved: boolean): string {
  if (column === 'previous_state_confidence' && isMoved) return ' and false'
  if (column === 'state_confidence' && isMoved) return ' and plain.is_congestion is distinct from true'
  return isTurned && column.startsWith('nearby_') ? ` and not ${isOnLevel}` : ''
}

/** What a column should be; it is made of its opposite when prices are turned upside down. */
function expectedSql(column: string, factor: number): string {
  const value = `plain.${factor < 0 ? mirrored(column) : column}`
  if (unchanged.has(column)) return value
  if (directions.has(column)) return `${value} * sign(factor)`
  if (sizes.has(column)) return `${value} * abs(factor)`
  if (differences.has(column)) return `${value} * factor`
  if (['termination_lines', 'recent_patterns', 'area_next', 'envelope_position'].includes(column)) return factor < 0 ? turnedSql(column, value) : value
  return `${value} * factor + shift`
}

function turnedSql(column: string, value: string): string {
  if (column === 'envelope_position') return `1 - ${value}`
  if (column === 'area_next') return `if(${isOnLevel}, 8, 7) - ${value}`
  // seven bits for the bullish kinds of patterns, seven for the bearish ones
  if (column === 'recent_patterns') return `((${value} >> 7) | ((${value} & 127) << 7))`
  // the names of lines in the order in which the model lists them: all up lines before all down lines
  const named = (side: string) => `list_filter(string_split(${value}, ', '), lambda name: contains(name, '_${side}'))`
  const turned = `array_to_string(${named('down')} || ${named('up')}, ', ')`
  return `replace(replace(replace(${turned}, '_up', '_other'), '_down', '_up'), '_other', '_down')`
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

const levels = [
  ...['area_1_bottom', 'area_2_bottom', 'envelope_bottom_next', 'pldot_next'],
  ...['envelope_top_next', 'area_5_top', 'area_6_top'],
]

/** Whether a close lies on the border of two areas, where a level is known. */
const isOnLevel = `(${levels.map((level) => `coalesce(abs(plain.${level} - plain.close) <= 1e-9 * greatest(1, abs(copy.close)), false)`).join(' or ')})`
