import type { Channel } from './panel.js'
import { textWidth } from './text-width.js'

/** The names of a legend with their colours, in the order in which they are shown; a dashed line is shown as one, all else as a square, which may be hollow. */
export type LegendEntries = readonly (readonly [name: string, color: string, shown?: 'dashed' | 'hollow'])[]

/** Colours that several layers share, with one legend of all of them. */
export interface LegendColors {
  /** The colour of one name. */
  of: (name: string) => Channel<'color'>
  /** The colour of the name that a field holds. The legend is that of a layer coloured so, which must be a filled one. */
  by: (field: string) => Channel<'color'>
}

/** Returns the colours of a legend, which has one line, or as many as it needs within `room` pixels. */
export function legendColors(entries: LegendEntries, room = Infinity): LegendColors {
  const colors = new Map(entries.map(([name, color]) => [name, color]))
  const scale = { domain: entries.map(([name]) => name), range: entries.map(([, color]) => color) }
  const columns = legendColumns(scale.domain, room)
  const lines = columns < entries.length ? { columns } : {}
  const symbols = entries.every(([, , shown]) => shown === undefined)
    ? { symbolType: 'square' as const, symbolStrokeWidth: 0 }
    : symbolsOf(entries)
  const legend = { title: null, symbolOpacity: 1, ...lines, ...symbols }
  return {
    of: (name) => ({ value: colors.get(name)! }),
    by: (field) => ({ field, type: 'nominal', scale, legend }),
  }
}

/** A square with a hole, as an SVG path. */
const hollowSquare = 'M-1,-1H1V1H-1ZM-0.6,-0.6V0.6H0.6V-0.6Z'

/** Vega looks at these expressions for each symbol by itself. */
function symbolsOf(entries: LegendEntries) {
  const isOne = (kind: string) => {
    return `indexof(${JSON.stringify(entries.filter(([, , shown]) => shown === kind).map(([name]) => name))}, datum.value) >= 0`
  }
  const [isDashed, isHollow] = [isOne('dashed'), isOne('hollow')]
  return {
    symbolType: { expr: `${isDashed} ? 'stroke' : ${isHollow} ? '${hollowSquare}' : 'square'` },
    symbolStrokeColor: { expr: `${isDashed} ? scale('color', datum.value) : null` },
    symbolStrokeWidth: { expr: `${isDashed} ? 1.5 : 0` },
    symbolDash: { expr: `${isDashed} ? [4, 2] : null` },
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
