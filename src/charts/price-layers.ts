import type { Layer } from './frame.js'
import type { BarScale } from './bar-scale.js'
import type { LegendColors } from './legend.js'
import { stripRange, zeroWithoutUnit, type Channel, type Strip } from './panel.js'
import type { Palette } from './theme.js'

/** What the layers of a price chart draw with. */
export interface PricePen {
  palette: Palette
  scale: BarScale
  /** Pixels between two candles. */
  step: number
  /** Returns the vertical channel of prices. */
  y: (field: string) => Channel<'y'>
  colors: LegendColors
}

/** Prices of any size: up to six decimals, as many as count. */
export const priceFormat = ',.6~f'

/** What is told of a bar. */
export const barTooltip: Channel<'tooltip'> = [
  { field: 'label', type: 'nominal', title: 'Bar (UTC)' },
  ...['open', 'high', 'low', 'close', 'pldot', 'envelope_top', 'envelope_bottom'].map((field) => {
    return { field, type: 'quantitative' as const, title: field, format: priceFormat }
  }),
  { field: 'volume', type: 'quantitative', title: 'volume', format: ',.0f' },
]

/** Returns the envelope as a band with thin edges, behind the bars. */
export function envelopeLayers({ palette, scale, y, colors }: PricePen): Layer[] {
  const edge = (field: string): Layer => ({
    mark: { type: 'line', strokeWidth: 1, opacity: 0.8, color: palette.band },
    encoding: { x: scale.x('i'), y: y(field) },
  })
  return [
    {
      mark: { type: 'area', opacity: 0.22 },
      encoding: {
        x: scale.x('i'), y: y('envelope_top'), y2: { field: 'envelope_bottom' }, color: colors.of('envelope'),
      },
    },
    edge('envelope_top'),
    edge('envelope_bottom'),
  ]
}

/** Returns the candles: a wick from low to high and a body from open to close, a line where both are equal. */
export function candleLayers({ scale, y, step, colors }: PricePen): Layer[] {
  const transform = sidesOf(bodyWidth(step))
  const color = colors.by('direction')
  const [x, x2] = [scale.x('left'), { field: 'right' }]
  return [
    {
      mark: { type: 'rule', strokeWidth: Math.min(1.2, Math.max(0.8, step * 0.5)) },
      encoding: { x: scale.x('i'), y: y('low'), y2: { field: 'high' }, color, tooltip: barTooltip },
    },
    { transform, mark: { type: 'rule', strokeWidth: 1 }, encoding: { x, x2, y: y('close'), color } },
    { transform, mark: 'rect', encoding: { x, x2, y: y('open'), y2: { field: 'close' }, color, tooltip: barTooltip } },
  ]
}

/** Returns the width of a body in bars: most of the room, and at most nine pixels. */
function bodyWidth(step: number): number {
  return Math.min(0.72, 9 / step)
}

function sidesOf(width: number) {
  return [
    { calculate: `datum.i - ${width / 2}`, as: 'left' },
    { calculate: `datum.i + ${width / 2}`, as: 'right' },
  ]
}

/** Returns the PLdot on the bars that it was projected for: a line, and where there is room the dots themselves. */
export function dotLayers({ palette, scale, y, step, colors }: PricePen): Layer[] {
  const [x, color] = [scale.x('i'), colors.of('PLdot')]
  const line: Layer = { mark: { type: 'line', strokeWidth: 1.2 }, encoding: { x, y: y('pldot'), color } }
  if (step < 5) return [line]
  const size = Math.min(34, step * step * 0.4)
  const edge = { stroke: palette.background, strokeWidth: 0.8 }
  return [
    line,
    {
      mark: { type: 'point', shape: 'circle', filled: true, size, opacity: 1, ...edge },
      encoding: { x, y: y('pldot'), color, tooltip: barTooltip },
    },
  ]
}

/** Returns the volume in a strip of its own: as bars, or as one area where bars would be thinner than three pixels. */
export function volumeLayer({ palette, scale, step }: PricePen, strip: Strip): Layer {
  const y: Channel<'y'> = {
    field: 'volume',
    type: 'quantitative',
    axis: { title: 'Volume', orient: 'right', format: '~s', labelExpr: zeroWithoutUnit, tickCount: 2, grid: false },
    scale: { range: stripRange(strip), zero: true, nice: true },
  }
  const data = { name: 'candles' }
  if (step < 3) {
    const mark = { type: 'area', interpolate: 'step', color: palette.band, opacity: 0.6 } as const
    return { data, mark, encoding: { x: scale.x('i'), y } }
  }
  return {
    data,
    transform: sidesOf(bodyWidth(step)),
    mark: { type: 'rect', color: palette.band, opacity: 0.6 },
    encoding: { x: scale.x('left'), x2: { field: 'right' }, y, y2: { datum: 0 } },
  }
}
