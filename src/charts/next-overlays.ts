import { numberIn, type Overlay, type OverlaySource } from './overlay.js'

/** Returns the PLdot for the bar after the last, as a circle that is not filled. */
export function nextDotOverlay({ bars, palette }: OverlaySource): Overlay {
  const last = bars[bars.length - 1]
  const price = numberIn(last, 'pldot_next')
  return {
    legend: price === null ? [] : [['PLdot', palette.ink]],
    datasets: { next_dot: price === null ? [] : [{ i: last.i + 1, price }] },
    labels: [],
    isAhead: price !== null,
    layers: ({ scale, y, step, colors, palette: { background } }) => [{
      data: { name: 'next_dot' },
      mark: { type: 'point', shape: 'circle', size: Math.min(40, 10 + step * step * 0.4), opacity: 1, fill: background, strokeWidth: 1.6 },
      encoding: { x: scale.x('i'), y: y('price'), stroke: colors.of('PLdot') },
    }],
  }
}

/** Returns the envelope for the bar after the last. */
export function nextEnvelopeOverlay({ bars, palette }: OverlaySource): Overlay {
  const last = bars[bars.length - 1]
  const [top, bottom] = [numberIn(last, 'envelope_top_next'), numberIn(last, 'envelope_bottom_next')]
  const rows = top === null || bottom === null ? [] : [{ start: last.i + 0.5, end: last.i + 1.5, top, bottom }]
  return {
    legend: rows.length === 0 ? [] : [['envelope', palette.band]],
    datasets: { next_envelope: rows },
    labels: [],
    isAhead: rows.length > 0,
    layers: ({ scale, y, colors }) => [{
      data: { name: 'next_envelope' },
      mark: { type: 'rect', fillOpacity: 0.22, strokeWidth: 1, strokeOpacity: 0.8 },
      encoding: { x: scale.x('start'), x2: { field: 'end' }, y: y('top'), y2: { field: 'bottom' }, color: colors.of('envelope'), stroke: colors.of('envelope') },
    }],
  }
}
