import type { Channel } from './panel.js'
import { textWidth } from './text-width.js'

/** The names of a legend with their colours, in the order in which they are shown. */
export type LegendEntries = readonly (readonly [name: string, color: string])[]

/** Colours that several layers share, with one legend of all of them. */
export interface LegendColors {
  /** The colour of one name. */
  of: (name: string) => Channel<'color'>
  /** The colour of the name that a field holds. The legend is that of a layer coloured so, which must be a filled one. */
  by: (field: string) => Channel<'color'>
}

/** Returns the colours of a legend, which has one line, or as many as it needs within `room` pixels. */
export function legendColors(entries: LegendEntries, room = Infinity): LegendColors {
  const colors = new Map(entries)
  const scale = { domain: entries.map(([name]) => name), range: entries.map(([, color]) => color) }
  const columns = legendColumns(scale.domain, room)
  const lines = columns < entries.length ? { columns } : {}
  const legend = { title: null, symbolType: 'square', symbolOpacity: 1, symbolStrokeWidth: 0, ...lines }
  return {
    of: (name) => ({ value: colors.get(name)! }),
    by: (field) => ({ field, type: 'nominal', scale, legend }),
  }
}

/** Pixels of an entry besides its name: symbol, gap and the distance to the next one. */
const besides = 36

/** Returns the pixels that names take side by side in a legend. */
export function legendWidth(names: readonly string[]): number {
  return names.reduce((sum, name) => sum + textWidth(name, 12.5) + besides, 0)
}

/** Returns how many columns fit; each is as wide as its widest name. */
function legendColumns(names: readonly string[], room: number): number {
  const widths = names.map((name) => textWidth(name, 12.5) + besides)
  const widthOf = (columns: number) => {
    return Array.from({ length: columns }, (_, at) => Math.max(...widths.filter((_, i) => i % columns === at)))
      .reduce((sum, width) => sum + width, 0)
  }
  let columns = names.length
  while (columns > 1 && widthOf(columns) > room) columns -= 1
  return columns
}
