import type { BarTick } from './bar-axis.js'
import type { Layer } from './frame.js'
import type { Channel } from './panel.js'

/** The horizontal channel of charts over bars. */
export interface BarScale {
  /** Returns the channel that places `field`, which counts bars. */
  x: (field: string) => Channel<'x'>
  /** The parameter that holds the labels; the chart must declare it. */
  params: { name: string; value: Record<string, string[]> }[]
  /** The vertical lines at the ticks, through all panels. */
  grid: Layer
}

/**
 * Returns the horizontal scale of `count` bars, with the room of half a bar on both sides and that of `more` bars after
 * the last.
 */
export function barScale(
  ticks: readonly BarTick[],
  count: number,
  title: string,
  gridColor: string,
  more = 0,
): BarScale {
  const scale = { domain: [-1, count + more], nice: false, zero: false }
  const axis = {
    title,
    values: ticks.map(({ i }) => i),
    labelExpr: 'barLabels[datum.value]',
    labelFlush: false,
    labelOverlap: false,
  }
  const x = (field: string): Channel<'x'> => ({ field, type: 'quantitative', scale, axis })
  return {
    x,
    grid: {
      data: { values: ticks.map(({ i }) => ({ i })) },
      mark: { type: 'rule', color: gridColor, strokeWidth: 1 },
      encoding: { x: x('i') },
    },
    params: [{ name: 'barLabels', value: Object.fromEntries(ticks.map(({ i, label }) => [i, label])) }],
  }
}
