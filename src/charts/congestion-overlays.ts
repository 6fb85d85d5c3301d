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
