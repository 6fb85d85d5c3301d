import type { Layer } from './frame.js'
import { numberIn, stretches, type Overlay, type OverlaySource } from './overlay.js'
import type { PricePen } from './price-layers.js'

/** Returns the PLdot and the envelope for the higher bar that was forming, as steps; `name` is that of its timeframe. */
export function higherOverlay({ bars, palette }: OverlaySource, name: string): Overlay {
  const steps = stretches(bars, (bar) => {
    const dot = numberIn(bar, 'higher_pldot_next')
    const top = numberIn(bar, 'higher_envelope_top_next')
    const bottom = numberIn(bar, 'higher_envelope_bottom_next')
    return dot === null || top === null || bottom === null ? null : { dot, top, bottom }
  })
  const [dotName, envelopeName] = [`${name} PLdot`, `${name} envelope`]
  const legend = [[dotName, palette.series[3]], [envelopeName, palette.series[5]]] as const
  return {
    legend: steps.length === 0 ? [] : legend,
    datasets: { steps },
    labels: [],
    layers: (pen) => [
      stepBand(pen, envelopeName),
      stepLine(pen, 'top', envelopeName, 1.2),
      stepLine(pen, 'bottom', envelopeName, 1.2),
      stepLine(pen, 'dot', dotName, 2.2),
    ],
  }
}

function stepBand({ scale, y, colors }: PricePen, name: string): Layer {
  const place = { x: scale.x('start'), x2: { field: 'end' }, y: y('bottom'), y2: { field: 'top' } }
  return { data: { name: 'steps' }, mark: { type: 'rect', opacity: 0.14 }, encoding: { ...place, color: colors.of(name) } }
}

function stepLine({ scale, y, colors }: PricePen, field: string, name: string, strokeWidth: number): Layer {
  const place = { x: scale.x('start'), x2: { field: 'end' }, y: y(field) }
  return { data: { name: 'steps' }, mark: { type: 'rule', strokeWidth }, encoding: { ...place, color: colors.of(name) } }
}
