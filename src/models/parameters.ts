import type { Parameters } from '../database/parameters.js'

/** The ways in which the envelope is computed: `mean` of the one-ones, and the four of the earlier system. */
export const envelopeMethods = ['mean', 'pldot_stdev', 'range', 'atr', 'percent'] as const

/** Values of the models' parameters unless a caller gives others. */
export const modelParameters: Parameters = {
  envelope_method: 'mean',
  /** Bars of the mean true range, and its multiple, of the method `atr`. */
  atr_bars: 14,
  atr_multiple: 1.5,
  /** Width of the method `percent` to each side of the dot, in per cent. */
  envelope_percent: 1,
}
