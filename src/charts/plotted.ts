/** Levels that every bar projects for the next one. */
export type LevelPart = 'one_ones' | 'main_channel' | 'red_bird'
/** Ribbons of named states. */
export type RibbonPart = 'runs' | 'bar_states' | 'grades' | 'states' | 'momentum' | 'actions' | 'risk'
/** Scores between 0 and 1. */
export type ScorePart = 'alignment' | 'strength'

/** The parts of the geometry that a price chart can show. */
export const priceParts = [
  ...['dot', 'main_channel', 'red_bird', 'one_ones', 'envelope', 'lines', 'extensions', 'touches', 'areas', 'confines', 'block', 'block_zone'] as const,
  ...['zones', 'higher', 'confluence', 'runs', 'bar_states', 'grades', 'states', 'momentum', 'patterns'] as const,
  ...['alignment', 'strength', 'actions', 'risk'] as const,
] as const
export type PricePart = (typeof priceParts)[number]

/** The parts that a price chart shows when none are chosen. */
export const usualParts: readonly PricePart[] = ['dot', 'envelope']

/** The kinds of termination lines; each has an up line, which is support, and a down line, which is resistance. */
export const lineKinds = ['5-1', '5-2', '5-3', '5-9', '6-1', '6-5', '6-6', '6-7'] as const
export type LineKind = (typeof lineKinds)[number]

/** The kinds of patterns, in the order in which they are drawn from the top down. */
export const patternKinds = ['push', 'refresh', 'exhaust', 'c-wave', 'envelope-exhaust', 'oscillation', 'touch', 'approach'] as const
export type PatternKind = (typeof patternKinds)[number]

const terminationLines = [
  ...['line_5_1_up', 'line_5_2_up', 'line_5_3_up', 'line_5_9_up'],
  ...['line_6_1_up', 'line_6_5_up', 'line_6_6_up', 'line_6_7_up'],
  ...['line_5_1_down', 'line_5_2_down', 'line_5_3_down', 'line_5_9_down'],
  ...['line_6_1_down', 'line_6_5_down', 'line_6_6_down', 'line_6_7_down'],
  ...['line_5_1_up_closed', 'line_5_3_up_closed', 'line_5_9_up_closed'],
  ...['line_5_1_down_closed', 'line_5_3_down_closed', 'line_5_9_down_closed'],
]

/** The columns of `geometry`, or of `context`, that a part needs beyond those of every price chart. */
const columns: Record<PricePart, readonly string[]> = {
  dot: ['pldot_next'],
  main_channel: ['main_channel_next'],
  red_bird: ['red_bird_next'],
  one_ones: ['one_one_high_next', 'one_one_low_next'],
  envelope: ['envelope_top_next', 'envelope_bottom_next'],
  lines: terminationLines,
  extensions: ['line_5_9_up_extension', 'line_5_9_down_extension', 'line_5_2_up_extension', 'line_5_2_down_extension'],
  touches: ['termination_lines', ...terminationLines],
  /** The levels that cut prices into areas, from the lowest to the highest. */
  areas: [
    ...['area_1_bottom', 'area_2_bottom', 'envelope_bottom_next', 'pldot_next', 'envelope_top_next'],
    ...['area_5_top', 'area_6_top'],
  ],
  confines: ['dotted_line', 'first_block_level'],
  block: ['block_level'],
  block_zone: ['block_zone_low', 'block_zone_high'],
  zones: [
    ...['nearby_support_low', 'nearby_support_high', 'nearby_resistance_low', 'nearby_resistance_high'],
    ...['further_support_low', 'further_support_high', 'further_resistance_low', 'further_resistance_high'],
  ],
  higher: ['higher_pldot_next', 'higher_envelope_top_next', 'higher_envelope_bottom_next'],
  confluence: [
    ...['support_zone_low', 'support_zone_high', 'support_zone_weight'],
    ...['resistance_zone_low', 'resistance_zone_high', 'resistance_zone_weight'],
  ],
  runs: ['side', 'run'],
  bar_states: ['bar_state', 'direction'],
  grades: ['run_grade', 'run'],
  states: ['market_state', 'market_direction'],
  momentum: ['dot_momentum', 'pldot_slope'],
  patterns: [
    ...['push', 'push_bars', 'is_losing_push', 'refresh', 'refresh_bars', 'exhaust', 'c_wave', 'envelope_exhaust', 'envelope_exhaust_bars'],
    ...['oscillation_bars', 'termination_touch', 'termination_count', 'termination_approach', 'momentum_fade'],
  ],
  alignment: ['alignment_score', 'is_trade_permitted'],
  strength: ['higher_strength', 'signal_strength', 'is_trade_permitted'],
  actions: ['recommended_action', 'trade_direction'],
  risk: ['risk_level', 'trade_direction'],
}

/** The parts that are of two timeframes: their columns are those of `context`. */
const partsOfContext: readonly PricePart[] = ['higher', 'confluence', 'alignment', 'strength', 'actions', 'risk']

/** What a column of the geometry holds: a price, a direction, the name of a state, or whether something holds. */
export type PlottedValue = number | string | boolean | null | undefined

/** The columns that parts need beyond those of every price chart, and the relation that has them. */
export interface PartColumns {
  columns: readonly string[]
  relation: 'geometry' | 'context'
}

/** Returns what to read for `parts`. */
export function columnsOfParts(parts: readonly PricePart[]): PartColumns {
  const relation = parts.some((part) => partsOfContext.includes(part)) ? 'context' : 'geometry'
  return { columns: [...new Set(parts.flatMap((part) => columns[part]))], relation }
}

/** Returns the columns that a part needs beyond those of every price chart. */
export function columnsOf(part: PricePart): readonly string[] {
  return columns[part]
}

const titles: Record<Exclude<PricePart, 'higher'>, string> = {
  dot: 'PLdot',
  main_channel: 'main channel',
  red_bird: 'red bird',
  one_ones: 'one-ones',
  envelope: 'envelope',
  lines: 'termination lines',
  extensions: 'extensions',
  touches: 'touched lines',
  areas: 'areas',
  confines: 'confines',
  block: 'block level',
  block_zone: 'block zone',
  zones: 'zones',
  confluence: 'confluence zones',
  runs: 'runs',
  bar_states: 'bar states',
  grades: 'run grades',
  states: 'market states',
  momentum: 'momentum',
  patterns: 'patterns',
  alignment: 'alignment',
  strength: 'strength',
  actions: 'recommended actions',
  risk: 'risk',
}

/**
 * Returns the title of a chart of parts, such as `PLdot, envelope and areas`, or their number where there are many; `higher` names
 * the higher timeframe.
 */
export function partsTitle(parts: readonly PricePart[], higher = 'higher'): string {
  if (parts.length > 8) return `${parts.length} parts of the geometry`
  const names = parts.map((part) => (part === 'higher' ? `the ${higher} PLdot and envelope` : titles[part]))
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names[names.length - 1]}`
}
