import type { AxisPlace } from './bar-axis.js'
import { barScale, type BarScale } from './bar-scale.js'
import type { Frame, Layer } from './frame.js'
import { stripRange, type Channel, type Strip } from './panel.js'
import { isoDate } from './times.js'

/** Returns the place of each session on an axis on which they stand side by side; `dates` in milliseconds. */
export function sessionPlaces(dates: readonly number[]): AxisPlace[] {
  return dates.map((at, i) => ({ i, at, session: isoDate(at) }))
}

/** Returns the horizontal scale of sessions. */
export function sessionScale({ labels }: Frame, places: readonly AxisPlace[]): BarScale {
  return barScale({ places, labels, title: 'Session' })
}

/** The vertical scale of a strip. */
export interface StripScale {
  title: string
  format: string
  domain: readonly [low: number, high: number]
  strip: Strip
  /** How many labels there should be about. */
  ticks?: number
}

/** Returns the vertical channel of a strip, with its axis on the right. */
export function stripChannel({ title, format, domain, strip, ticks = 6 }: StripScale): (field: string) => Channel<'y'> {
  return (field) => ({
    field,
    type: 'quantitative',
    axis: { title, orient: 'right', format, tickCount: ticks, grid: true },
    scale: { domain: [...domain], zero: false, nice: false, range: stripRange(strip) },
  })
}

/** Returns the range of values with a margin of a twenty-fifth on both sides; of one value, of a hundredth of it. */
export function domainOf(values: readonly number[]): [low: number, high: number] {
  const [low, high] = [values.reduce((a, b) => Math.min(a, b)), values.reduce((a, b) => Math.max(a, b))]
  const margin = low === high ? Math.abs(high) / 100 || 1 : (high - low) / 25
  return [low - margin, high + margin]
}

/** Returns a line through the whole height that appears at the session under the pointer, with what it tells. */
export function hoverLayer(frame: Frame, { x }: BarScale, sessions: number, tooltip: Channel<'tooltip'>): Layer {
  return {
    params: [{ name: 'hover', select: { type: 'point', on: 'pointerover', clear: 'pointerout' } }],
    mark: { type: 'rule', strokeWidth: Math.max(1, frame.plotWidth / (sessions + 1)), color: frame.palette.muted },
    encoding: {
      x: x('i'), tooltip,
      opacity: { condition: { param: 'hover', empty: false, value: 0.25 }, value: 0 },
    },
  }
}
