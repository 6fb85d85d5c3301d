import type { Parameters } from '../database/parameters.js'

/** The ways in which the envelope is computed: `mean` of the one-ones, and the four of the earlier system. */
export const envelopeMethods = ['mean', 'pldot_stdev', 'range', 'atr', 'percent'] as const

/** The name of a way in which the envelope is computed. */
export type EnvelopeMethod = (typeof envelopeMethods)[number]

/** Values of the models' parameters unless a caller gives others. */
export const modelParameters: Parameters = {
  envelope_method: 'mean',
  /** Bars of the mean true range, and its multiple, of the method `atr`. */
  atr_bars: 14,
  atr_multiple: 1.5,
  /** Width of the method `percent` to each side of the dot, in per cent. */
  envelope_percent: 1,
  /** How many widths of the envelope a close must lie outside of it to count for `envelope_exhaust`. */
  exhaust_widths: 0.5,
  /** 1: a close is compared with the dot that is plotted on its bar; 0: with the dot that includes the bar. */
  displacement: 1,
  /** How near a bar must come to a termination line, as a share of the close, to touch or to approach it. */
  touch_tolerance: 0.0005,
  approach_tolerance: 0.005,
}
