import { numberIn, type Overlay, type OverlaySource, type PlacedBar } from './overlay.js'
import { priceFormat } from './price-layers.js'

/** A confluence zone on the bar for which it was made. */
interface ConfluenceZone {
  zone: 'confluence support' | 'confluence resistance'
  start: number
  low: number
  high: number
  weight: number
}

/**
 * Returns the nearest confluence zones on the bars for which they were made, the heavier the darker. Those further than half the
 * height of the candles above or below them are left out, for they would press the candles flat.
 */
export function confluenceOverlay({ bars, palette }: OverlaySource): Overlay {
  const [low, high] = [Math.min(...bars.map((bar) => bar.low)), Math.max(...bars.map((bar) => bar.high))]
  const margin = (high - low) / 2
  const confluence = bars.flatMap(zonesOf).filter((zone) => zone.high >= low - margin && zone.low <= high + margin)
  const found = new Set(confluence.map(({ zone }) => zone))
  const legend = [['confluence support', palette.win], ['confluence resistance', palette.loss]] as const
  return {
    legend: legend.filter(([name]) => found.has(name)),
    datasets: { confluence },
    labels: [],
    isAhead: true,
    layers: ({ scale, y, colors, palette: { win, loss } }) => [{
      data: { name: 'confluence' },
      transform: [{ calculate: 'datum.start + 1', as: 'end' }],
      mark: { type: 'rect', strokeWidth: 1.6 },
      encoding: {
        x: scale.x('start'), x2: { field: 'end' }, y: y('low'), y2: { field: 'high' }, color: colors.by('zone'),
        stroke: { condition: { test: "datum.zone === 'confluence support'", value: win }, value: loss },
        fillOpacity: heavier, strokeOpacity: heavier,
        tooltip: [
          { field: 'zone', type: 'nominal', title: 'zone' },
          ...['low', 'high', 'weight'].map((field) => ({ field, type: 'quantitative' as const, title: field, format: priceFormat })),
        ],
      },
    }],
  }
}

/** A zone of the least weight has 2.5; from 6 on they look alike. */
const heavier = { field: 'weight', type: 'quantitative', scale: { domain: [2, 6], range: [0.35, 1], clamp: true }, legend: null } as const

function zonesOf(bar: PlacedBar): ConfluenceZone[] {
  return (['support', 'resistance'] as const).flatMap((side) => {
    const [low, high, weight] = ['low', 'high', 'weight'].map((value) => numberIn(bar, `${side}_zone_${value}`))
    if (low === null || high === null || weight === null) return []
    return [{ zone: `confluence ${side}` as const, start: bar.i + 0.5, low, high, weight }]
  })
}
