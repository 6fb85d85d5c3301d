import type { AxisPlace } from './bar-axis.js'
import { chartFrame, type ChartOptions, type Datasets, type Frame, type FrameParts, type Layer, type Spec } from './frame.js'
import { legendColors, type LegendColors, type LegendEntries } from './legend.js'
import type { Channel, Strip } from './panel.js'
import { hoverLayer, sessionScale, stripChannel } from './session-scale.js'
import { zoomable } from './zoom.js'
import type { BarScale } from './bar-scale.js'
import type { Palette } from './theme.js'

/** A row of a chart over sessions: its place, its session and what is drawn of it. */
export type SessionPoint = AxisPlace & Record<string, number | string | null>

/** A series of a panel, drawn from a field of the points. */
export interface Series {
  field: string
  /** Its name in the legend. */
  name: string
  mark: 'line' | 'step' | 'area'
  /** The other edge of an area; default: 0. */
  from?: string
}

/** One of the panels that stand above each other. */
export interface Panel {
  title: string
  format: string
  domain: readonly [low: number, high: number]
  series: readonly Series[]
  /** A value that is marked by a dashed line. */
  reference?: number
  /** Share of the height. */
  share: number
}

/** What a chart over sessions shows. */
export interface SessionChart extends Pick<FrameParts, 'title' | 'subtitle'> {
  /** All sessions, also those that are thinned out. */
  places: readonly AxisPlace[]
  points: readonly SessionPoint[]
  panels: readonly Panel[]
  legend: (palette: Palette) => LegendEntries
  tooltip: readonly (readonly [field: string, title: string, format: string])[]
  datasets?: Datasets
  /** Layers of a chart's own, in the first panel. */
  more?: (pen: SessionPen) => Layer[]
  options?: ChartOptions
}

/** What a chart's own layers draw with. */
export interface SessionPen {
  frame: Frame
  scale: BarScale
  colors: LegendColors
  /** The vertical channel of the first panel. */
  y: (field: string) => Channel<'y'>
}

/** Returns a chart of panels above each other over sessions that stand side by side. */
export function sessionChart(chart: SessionChart): Spec {
  const { title, subtitle, places, points, panels, datasets = {}, options } = chart
  const frame = chartFrame(options)
  const scale = sessionScale(frame, places)
  const entries = chart.legend(frame.palette)
  const colors = legendColors(entries, frame.plotWidth)
  const strips = stripsOf(panels)
  const channels = panels.map((panel, at) => stripChannel({ ...panel, strip: strips[at], ticks: panel.share > 0.5 ? 6 : 4 }))
  const pen = { frame, scale, colors, y: channels[0] }
  return frame.spec({
    title,
    subtitle,
    datasets: { points, ...datasets },
    params: scale.params,
    layer: zoomable([
      scale.grid(frame.palette),
      ...panels.map((panel, at): Layer => ({
        data: { name: 'points' },
        layer: [...panelLayers(panel, pen, channels[at]), ...(at === 0 ? chart.more?.(pen) ?? [] : [])],
      })),
      legendLayer(entries, colors),
      { data: { name: 'points' }, ...hoverLayer(frame, scale, places.length, tooltipOf(chart)) },
    ]),
    resolve: { scale: { y: 'independent' } },
  })
}

const gap = 0.07

function stripsOf(panels: readonly Panel[]): Strip[] {
  const room = 1 - gap * (panels.length - 1)
  const total = panels.reduce((sum, { share }) => sum + share, 0)
  let top = 0
  return panels.map(({ share }) => {
    const strip = { top, bottom: top + (share / total) * room }
    top = strip.bottom + gap
    return strip
  })
}

function panelLayers({ series, reference }: Panel, { frame, scale, colors }: SessionPen, y: (field: string) => Channel<'y'>): Layer[] {
  const x = scale.x('i')
  const lines = series.flatMap(({ field, name, mark, from }): Layer[] => {
    const color = colors.of(name)
    const interpolate = mark === 'step' ? { interpolate: 'step' as const } : {}
    const line: Layer = { mark: { type: 'line', strokeWidth: 1.8, ...interpolate }, encoding: { x, y: y(field), color } }
    if (mark !== 'area') return [line]
    const y2 = from === undefined ? { datum: 0 } : { field: from }
    return [{ mark: { type: 'area', opacity: 0.3 }, encoding: { x, y: y(field), y2, color } }, line]
  })
  return reference === undefined ? lines : [...lines, referenceLayer(reference, y, frame)]
}

function referenceLayer(value: number, y: (field: string) => Channel<'y'>, { palette }: Frame): Layer {
  return {
    data: { values: [{ value }] },
    mark: { type: 'rule', strokeDash: [5, 4], strokeWidth: 1.2, color: palette.ink },
    encoding: { y: y('value') },
  }
}

/** A layer that draws nothing but the legend. */
function legendLayer(entries: LegendEntries, colors: LegendColors): Layer {
  return {
    data: { values: entries.map(([name]) => ({ name })) },
    mark: { type: 'point', filled: true, opacity: 0, size: 1 },
    encoding: { color: colors.by('name') },
  }
}

function tooltipOf({ tooltip }: SessionChart): Channel<'tooltip'> {
  return [
    { field: 'session', type: 'nominal', title: 'session' },
    ...tooltip.map(([field, title, format]) => ({ field, title, type: 'quantitative' as const, format })),
  ]
}
