import type { BarScale } from './bar-scale.js'
import type { Layer } from './frame.js'
import type { LegendColors } from './legend.js'
import { stripRange, type Channel, type Strip } from './panel.js'
import type { Palette } from './theme.js'

/** What the layers of an equity chart draw with. */
export interface EquityPen {
  palette: Palette
  scale: BarScale
  colors: LegendColors
  /** The lowest and the highest equity. */
  equity: readonly [lowest: number, highest: number]
  /** The deepest drawdown, 0 when there is none. */
  deepestPct: number
}

/** Returns the equity with its running peak and the start capital. */
export function equityLayers(pen: EquityPen, strip: Strip): Layer[] {
  const { scale, colors } = pen
  const y = equityChannel(pen, strip)
  return [
    {
      data: { name: 'start' },
      mark: { type: 'rule', strokeDash: [5, 4], strokeWidth: 1.3 },
      encoding: { y: y('capital'), color: colors.of('start capital') },
    },
    {
      mark: { type: 'line', strokeWidth: 1.3 },
      encoding: { x: scale.x('i'), y: y('peak'), color: colors.of('running peak') },
    },
    {
      mark: { type: 'line', strokeWidth: 2 },
      encoding: { x: scale.x('i'), y: y('equity'), color: colors.of('equity') },
    },
    ...['peak', 'trough'].map((name) => pointLayer(pen, name, y('equity'))),
  ]
}

/** Returns the drawdown as an area that hangs from 0, with a note at its deepest point. */
export function drawdownLayers(pen: EquityPen, strip: Strip): Layer[] {
  const { palette, scale, colors } = pen
  const [x, y] = [scale.x('i'), drawdownChannel(pen, strip)]
  return [
    {
      transform: [{ calculate: "'drawdown'", as: 'name' }],
      mark: { type: 'area', opacity: 0.25 },
      encoding: { x, y, y2: { datum: 0 }, color: colors.by('name') },
    },
    { mark: { type: 'line', strokeWidth: 1.3, color: palette.loss }, encoding: { x, y } },
    pointLayer(pen, 'trough', y),
    ...noteLayers(x, y),
  ]
}

function equityChannel({ equity: [low, high] }: EquityPen, strip: Strip): (field: string) => Channel<'y'> {
  const margin = low === high ? high / 100 : (high - low) / 25
  const scale = { domain: [low - margin, high + margin], zero: false, nice: false, range: stripRange(strip) }
  return (field) => ({
    field,
    type: 'quantitative',
    axis: { title: 'Equity', orient: 'right', format: equityFormat(high, high - low) },
    scale,
  })
}

function equityFormat(high: number, span: number): string {
  if (high >= 1e7) return '~s'
  return span < 10 ? ',.2f' : ',.0f'
}

/** Leaves room for the note below the deepest point, where nothing else is drawn. */
function drawdownChannel({ deepestPct }: EquityPen, strip: Strip): Channel<'y'> {
  return {
    field: 'drawdown_pct',
    type: 'quantitative',
    axis: { title: 'Drawdown %', orient: 'right', tickCount: 4 },
    scale: { domain: [deepestPct === 0 ? -1 : deepestPct * 1.35, 0], nice: false, range: stripRange(strip) },
  }
}

/** An end of the deepest drawdown. */
function pointLayer({ palette, scale }: EquityPen, name: string, y: Channel<'y'>): Layer {
  return {
    data: { name },
    mark: { type: 'point', filled: true, size: 60, color: palette.loss, opacity: 1 },
    encoding: { x: scale.x('i'), y },
  }
}

/** The note of the deepest point, kept within the view near its sides. */
function noteLayers(x: Channel<'x'>, y: Channel<'y'>): Layer[] {
  return (['left', 'center', 'right'] as const).map((align) => ({
    data: { name: 'trough' },
    transform: [{ filter: `datum.align === '${align}'` }],
    mark: { type: 'text', align, baseline: 'top', dy: 8 },
    encoding: { x, y, text: { field: 'note', type: 'nominal' } },
  }))
}
