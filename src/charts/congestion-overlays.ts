import { numberIn, stretches, type Overlay, type OverlaySource } from './overlay.js'

/** Returns the confines of each congestion: a band from the first block level to the dotted line, which is drawn dotted. */
export function confinesOverlay({ bars, palette }: OverlaySource): Overlay {
  const confines = stretches(bars, (bar) => {
    const [dotted, block] = [numberIn(bar, 'dotted_line'), numberIn(bar, 'first_block_level')]
    return dotted === null || block === null ? null : { dotted, block }
  })
  return {
    legend: confines.length === 0 ? [] : [['confines', palette.series[4]]],
    datasets: { confines },
    labels: [],
    layers: ({ scale, y, colors }) => {
      const place = { x: scale.x('start'), x2: { field: 'end' }, color: colors.of('confines') }
      const data = { name: 'confines' }
      return [
        { data, mark: { type: 'rect', opacity: 0.16 }, encoding: { ...place, y: y('dotted'), y2: { field: 'block' } } },
        { data, mark: { type: 'rule', strokeWidth: 2, strokeDash: [1.5, 3] }, encoding: { ...place, y: y('dotted') } },
        { data, mark: { type: 'rule', strokeWidth: 1.5 }, encoding: { ...place, y: y('block') } },
      ]
    },
  }
}

/** Returns the block level of each bar in a congestion. */
export function blockOverlay({ bars, palette }: OverlaySource): Overlay {
  const blocks = stretches(bars, (bar) => {
    const price = numberIn(bar, 'block_level')
    return price === null ? null : { price }
  })
  return {
    legend: blocks.length === 0 ? [] : [['block level', palette.series[7]]],
    datasets: { blocks },
    labels: [],
    layers: ({ scale, y, colors }) => [{
      data: { name: 'blocks' },
      mark: { type: 'rule', strokeWidth: 2.6 },
      encoding: { x: scale.x('start'), x2: { field: 'end' }, y: y('price'), color: colors.of('block level') },
    }],
  }
}

/** Returns the block zone of each bar on the bar after it, for which it was made. */
export function blockZoneOverlay({ bars, palette }: OverlaySource): Overlay {
  const rows = bars.flatMap((bar) => {
    const [low, high] = [numberIn(bar, 'block_zone_low'), numberIn(bar, 'block_zone_high')]
    return low === null || high === null ? [] : [{ start: bar.i + 0.5, end: bar.i + 1.5, low, high }]
  })
  return {
    legend: rows.length === 0 ? [] : [['block zone', palette.series[5]]],
    datasets: { block_zones: rows },
    labels: [],
    isAhead: true,
    layers: ({ scale, y, colors }) => [{
      data: { name: 'block_zones' },
      mark: { type: 'rect', fillOpacity: 0.3, strokeWidth: 0.8 },
      encoding: { x: scale.x('start'), x2: { field: 'end' }, y: y('low'), y2: { field: 'high' }, color: colors.of('block zone'), stroke: colors.of('block zone') },
    }],
  }
}
