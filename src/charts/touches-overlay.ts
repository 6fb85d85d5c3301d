import { numberIn, type Overlay, type OverlaySource } from './overlay.js'
import { priceFormat } from './price-layers.js'

/** Returns the termination lines that each bar touched, on that bar; they were projected from the bar before it. */
export function touchesOverlay({ bars, palette, isWhole }: OverlaySource): Overlay {
  const touches = isWhole ? bars.slice(1).flatMap((bar, at) => {
    const names = bar.valueOf('termination_lines')
    if (typeof names !== 'string' || names === '') return []
    return names.split(', ').flatMap((line) => {
      const price = numberIn(bars[at], line)
      const role = line.includes('_up') ? 'touched support' : 'touched resistance'
      return price === null ? [] : [{ start: bar.i - 0.5, end: bar.i + 0.5, price, line, role }]
    })
  }) : []
  const found = new Set(touches.map(({ role }) => role))
  const legend = [['touched support', palette.win], ['touched resistance', palette.loss]] as const
  return {
    legend: legend.filter(([role]) => found.has(role)),
    datasets: { touches },
    labels: [],
    layers: ({ scale, y, colors }) => [{
      data: { name: 'touches' },
      mark: { type: 'rule', strokeWidth: 2.2 },
      encoding: {
        x: scale.x('start'), x2: { field: 'end' }, y: y('price'), color: colors.by('role'),
        tooltip: [{ field: 'line', type: 'nominal', title: 'line' }, { field: 'price', type: 'quantitative', title: 'price', format: priceFormat }],
      },
    }],
  }
}
