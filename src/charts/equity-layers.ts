import type { BarScale } from './bar-scale.js'
import type { Comparison } from './equity-rows.js'
import type { Frame, Layer } from './frame.js'
import type { LegendColors } from './legend.js'
import type { Channel, Strip } from './panel.js'
import { domainOf, hoverLayer, stripChannel } from './session-scale.js'

/** What the layers of an equity chart draw with. */
export interface EquityPen {
  frame: Frame
  scale: BarScale
  colors: LegendColors
  /** All values that the upper panel shows. */
  values: readonly number[]
  /** The deepest drawdown, 0 when there is none. */
  deepestPct: number
  comparisons: readonly Comparison[]
  sessions: number
}

/** Returns the equity with the start capital and what it is compared with, or else its running peak. */
export function equityLayers(pen: EquityPen, strip: Strip): Layer[] {
  const { scale, colors, comparisons } = pen
  const domain = domainOf(pen.values)
  const y = stripChannel({ title: 'Equity (account currency)', format: equityFormat(domain), domain, strip })
  const line = (field: string, name: string, strokeWidth: number): Layer => ({
    mark: { type: 'line', strokeWidth, invalid: 'filter' },
    encoding: { x: scale.x('i'), y: y(field), color: colors.of(name) },
  })
  return [
    {
      data: { name: 'start' },
      mark: { type: 'rule', strokeDash: [5, 4], strokeWidth: 1.3 },
      encoding: { y: y('capital'), color: colors.of('start capital') },
    },
    ...(comparisons.length === 0 ? [line('peak', 'running peak', 1.3)] : []),
    ...comparisons.map(({ name }, at) => line(`comparison_${at}`, name, 1.6)),
    line('equity', 'equity', 2.2),
    ...['peak', 'trough'].map((name) => pointLayer(pen, name, y('equity'))),
    hoverLayer(pen.frame, scale, pen.sessions, tooltipOf(pen)),
  ]
}

/** Returns the drawdown as an area that hangs from 0, with a note at its deepest point. */
export function drawdownLayers(pen: EquityPen, strip: Strip): Layer[] {
  const { frame: { palette }, scale, colors, deepestPct } = pen
  // room for the note below the deepest point, where nothing else is drawn
  const domain = [deepestPct === 0 ? -1 : deepestPct * 1.35, 0] as const
  const [x, y] = [scale.x('i'), stripChannel({ title: 'Drawdown (%)', format: ',~f', domain, strip, ticks: 4 })('drawdown_pct')]
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

function tooltipOf({ comparisons }: EquityPen): Channel<'tooltip'> {
  const number = (field: string, title: string, format = ',.0f') => ({ field, title, type: 'quantitative' as const, format })
  return [
    { field: 'session', type: 'nominal', title: 'session' },
    number('equity', 'equity'),
    ...comparisons.map(({ name }, at) => number(`comparison_${at}`, name)),
    number('drawdown_pct', 'drawdown %', '.2f'),
  ]
}

function equityFormat([low, high]: readonly [number, number]): string {
  if (high >= 1e7) return (high - low) / high > 0.05 ? '~s' : '.4s'
  return high - low < 10 ? ',.2f' : ',.0f'
}

/** An end of the deepest drawdown. */
function pointLayer({ frame: { palette }, scale }: EquityPen, name: string, y: Channel<'y'>): Layer {
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
