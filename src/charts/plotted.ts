/** The parts of the geometry that a price chart can show. */
export const priceParts = ['dot', 'envelope', 'lines', 'areas', 'confines', 'block', 'states', 'zones', 'higher'] as const
export type PricePart = (typeof priceParts)[number]

/** The parts that a price chart shows when none are chosen. */
export const usualParts: readonly PricePart[] = ['dot', 'envelope']

/** The kinds of termination lines; each has an up line, which is support, and a down line, which is resistance. */
export const lineKinds = ['5-1', '5-2', '5-3', '5-9', '6-1', '6-5', '6-6', '6-7'] as const
export type LineKind = (typeof lineKinds)[number]

/** The columns of `geometry`, of `higher` those of `context`, that a part needs beyond those of every price chart. */
const columns = {
  dot: [],
  envelope: [],
  lines: [
    ...['line_5_1_up', 'line_5_2_up', 'line_5_3_up', 'line_5_9_up'],
    ...['line_6_1_up', 'line_6_5_up', 'line_6_6_up', 'line_6_7_up'],
    ...['line_5_1_down', 'line_5_2_down', 'line_5_3_down', 'line_5_9_down'],
    ...['line_6_1_down', 'line_6_5_down', 'line_6_6_down', 'line_6_7_down'],
    ...['line_5_1_up_closed', 'line_5_3_up_closed', 'line_5_9_up_closed'],
    ...['line_5_1_down_closed', 'line_5_3_down_closed', 'line_5_9_down_closed'],
  ],
  /** The levels that cut prices into areas, from the lowest to the highest. */
  areas: [
    ...['area_1_bottom', 'area_2_bottom', 'envelope_bottom_next', 'pldot_next', 'envelope_top_next'],
    ...['area_5_top', 'area_6_top'],
  ],
  confines: ['dotted_line', 'first_block_level'],
  block: ['block_level'],
  states: ['market_state', 'market_direction'],
  zones: [
    ...['nearby_support_low', 'nearby_support_high', 'nearby_resistance_low', 'nearby_resistance_high'],
    ...['further_support_low', 'further_support_high', 'further_resistance_low', 'further_resistance_high'],
  ],
  higher: ['higher_pldot_next', 'higher_envelope_top_next', 'higher_envelope_bottom_next'],
} as const satisfies Record<PricePart, readonly string[]>

/** What a column of the geometry holds: a price, a direction, or the name of a state. */
export type PlottedValue = number | string | null | undefined

/** Returns the columns that a part needs beyond those of every price chart. */
export function columnsOf(part: PricePart): readonly string[] {
  return columns[part]
}

const titles: Record<Exclude<PricePart, 'higher'>, string> = {
  dot: 'PLdot',
  envelope: 'envelope',
  lines: 'termination lines',
  areas: 'areas',
  confines: 'confines',
  block: 'block level',
  states: 'market states',
  zones: 'zones',
}

/** Returns the title of a chart of parts, such as `PLdot, envelope and areas`; `higher` names the higher timeframe. */
export function partsTitle(parts: readonly PricePart[], higher = 'higher'): string {
  const names = parts.map((part) => (part === 'higher' ? `the ${higher} PLdot and envelope` : titles[part]))
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names[names.length - 1]}`
}
