import { numberIn, stretches, type Overlay, type OverlaySource } from './overlay.js'
import { stripRange, type Channel, type Strip } from './panel.js'

/** The market states, with the place of their colour in a palette's series. */
const stateColors = {
  trend: 2,
  congestion_entrance: 4,
  congestion_action: 6,
  congestion_exit: 5,
  reversal: 3,
} as const

/** Returns a ribbon of the market states in a strip of its own: in the upper half while their direction is up. */
export function statesOverlay({ bars, palette }: OverlaySource, strip: Strip): Overlay {
  const states = stretches(bars, (bar) => {
    const state = bar.valueOf('market_state')
    const direction = numberIn(bar, 'market_direction')
    if (typeof state !== 'string' || direction === null) return null
    return { state: nameOf(state), low: Math.min(0, direction), high: Math.max(0, direction) }
  })
  const found = new Set(states.map(({ state }) => state))
  const legend = Object.entries(stateColors).map(([state, place]) => [nameOf(state), palette.series[place]] as const)
  const y: Channel<'y'> = {
    field: 'low',
    type: 'quantitative',
    axis: { title: null, orient: 'right', values: [-0.5, 0.5], labelExpr: "datum.value > 0 ? 'up' : 'down'", grid: false },
    scale: { domain: [-1, 1], range: stripRange(strip) },
  }
  return {
    legend: legend.filter(([name]) => found.has(name)),
    datasets: { states },
    labels: [],
    layers: ({ scale, colors }) => [{
      data: { name: 'states' },
      mark: { type: 'rect', strokeWidth: 0 },
      encoding: { x: scale.x('start'), x2: { field: 'end' }, y, y2: { field: 'high' }, color: colors.by('state') },
    }],
  }
}

function nameOf(state: string): string {
  return state.replaceAll('_', ' ')
}
