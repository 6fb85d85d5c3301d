import { barTicks, type AxisPlace } from './bar-axis.js'
import type { Layer, LayeredSpec } from './frame.js'
import type { Channel } from './panel.js'
import type { Palette } from './theme.js'

/** What the horizontal scale of bars, or of sessions, is made of. */
export interface BarScaleSource {
  places: readonly AxisPlace[]
  /** How many labels there is room for. */
  labels: number
  title: string
  /** Places to leave free after the last. Default none. */
  more?: number
}

/** The horizontal channel of charts over bars. */
export interface BarScale {
  /** Returns the channel that places `field`, which counts bars. */
  x: (field: string) => Channel<'x'>
  /** The parameters that hold the ticks; the chart must declare them. */
  params: NonNullable<LayeredSpec['params']>
  /** The vertical lines at the ticks, through all panels. */
  grid: (palette: Palette) => Layer
}

/** How many times finer the ticks become when the visible part is so many times shorter. */
const zoomStep = 4

/**
 * Returns the horizontal scale of bars, with the room of half a bar on both sides and that of `more` bars after the last. Where
 * a reader looks closer, the ticks become finer.
 */
export function barScale({ places, labels, title, more = 0 }: BarScaleSource): BarScale {
  const length = places[places.length - 1].i + 1
  const scale = { domain: [-1, length + more], nice: false, zero: false }
  const axis = {
    title,
    values: { expr: 'barTicks[barLevel].values' },
    labelExpr: 'barTicks[barLevel].labels[datum.value]',
    labelFlush: false,
    labelOverlap: false,
  }
  const levels = tickLevels(places, labels)
  const x = (field: string): Channel<'x'> => ({ field, type: 'quantitative', scale, axis })
  return {
    x,
    grid: ({ grid }) => ({
      data: { values: levels.flatMap(({ values }, level) => values.map((i) => ({ i, level }))) },
      transform: [{ filter: 'datum.level === barLevel' }],
      mark: { type: 'rule', color: grid, strokeWidth: 1 },
      encoding: { x: x('i') },
    }),
    params: [
      { name: 'barTicks', value: levels },
      { name: 'barLevel', expr: levelExpression(levels.length, length + more + 1) },
    ],
  }
}

/** The ticks for one closeness. */
interface TickLevel {
  values: number[]
  labels: Record<string, string[]>
}

/** Ticks for the whole, for a quarter of it and for a sixteenth, as far as there are more. */
function tickLevels(places: readonly AxisPlace[], labels: number): TickLevel[] {
  const levels = [1, zoomStep, zoomStep ** 2].map((times) => barTicks(places, labels * times))
  return levels.filter((ticks, at) => at === 0 || ticks.length > levels[at - 1].length).map((ticks) => ({
    values: ticks.map(({ i }) => i),
    labels: Object.fromEntries(ticks.map(({ i, label }) => [i, label])),
  }))
}

function levelExpression(levels: number, length: number): string {
  const limits = Array.from({ length: levels - 1 }, (_, at) => (length / zoomStep ** (at + 1)) * 1.2)
  return limits.map((limit, at) => `span(domain('x')) > ${limit} ? ${at} : `).join('') + String(levels - 1)
}
