import { markWidth } from './next-labels.js'
import { numberIn, type Overlay, type OverlaySource, type PlacedBar } from './overlay.js'
import { columnsOf } from './plotted.js'

/** An area on the bar for which it was projected. */
interface AreaBlock {
  area: number
  start: number
  low: number
  high: number
}

/** Returns the six areas on the bars for which they were projected, those of the last bar ahead of it with their numbers. */
export function areasOverlay({ bars, palette }: OverlaySource): Overlay {
  const areas = bars.flatMap(blocksOf)
  const last = bars[bars.length - 1].i
  const next = areas.filter(({ start }) => start > last)
  return {
    legend: areas.length === 0 ? [] : [['area', palette.series[6]]],
    datasets: { areas },
    labels: next.map(({ area, low, high }) => ({ price: (low + high) / 2, text: `area ${area}`, hasPrice: false })),
    layers: ({ scale, y, step, colors }) => [{
      data: { name: 'areas' },
      transform: [{ calculate: `datum.start + (datum.start > ${last} ? ${markWidth / step} : 1)`, as: 'end' }],
      mark: { type: 'rect', strokeWidth: 0 },
      encoding: {
        x: scale.x('start'), x2: { field: 'end' }, y: y('low'), y2: { field: 'high' }, color: colors.of('area'),
        // neighbours differ
        opacity: { field: 'area', type: 'quantitative', scale: opacities, legend: null },
      },
    }],
  }
}

const opacities = { domain: [1, 2, 3, 4, 5, 6], range: [0.12, 0.3, 0.12, 0.3, 0.12, 0.3] }

function blocksOf(bar: PlacedBar): AreaBlock[] {
  const levels = columnsOf('areas').map((column) => numberIn(bar, column))
  return levels.slice(1).flatMap((high, index) => {
    const low = levels[index]
    return low === null || high === null ? [] : [{ area: index + 1, start: bar.i + 0.5, low, high }]
  })
}
