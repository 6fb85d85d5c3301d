import type { Channel } from './panel.js'

/** The names of a legend with their colours, in the order in which they are shown. */
export type LegendEntries = readonly (readonly [name: string, color: string])[]

/** Colours that several layers share, with one legend of all of them. */
export interface LegendColors {
  /** The colour of one name. */
  of: (name: string) => Channel<'color'>
  /** The colour of the name that a field holds. The legend is that of a layer coloured so, which must be a filled one. */
  by: (field: string) => Channel<'color'>
}

/** Returns the colours of a legend. */
export function legendColors(entries: LegendEntries): LegendColors {
  const colors = new Map(entries)
  const scale = { domain: entries.map(([name]) => name), range: entries.map(([, color]) => color) }
  const legend = { title: null, symbolType: 'square', symbolOpacity: 1, symbolStrokeWidth: 0 }
  return {
    of: (name) => ({ value: colors.get(name)! }),
    by: (field) => ({ field, type: 'nominal', scale, legend }),
  }
}
