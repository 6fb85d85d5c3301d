import { numberIn, stretches, type OverlaySource, type PlacedBar } from './overlay.js'
import { stripRange, type Channel } from './panel.js'
import type { StripOverlay } from './strips.js'
import type { RibbonPart } from './plotted.js'

/** A ribbon of named states, in the upper half of its strip while they point up and in the lower half while they point down. */
interface Ribbon {
  title: string
  /** The state of a bar and its direction; null: it has none. */
  stateOf: (bar: PlacedBar) => { state: string; direction: number } | null
  /** The states with the place of their colour in a palette's series, in the order of the legend. */
  colors: Readonly<Record<string, number>>
}

const ribbons: Record<RibbonPart, Ribbon> = {
  runs: {
    title: 'side of the close, and runs',
    stateOf: (bar) => {
      const [side, run] = [numberIn(bar, 'side'), numberIn(bar, 'run')]
      return side === null ? null : { state: run === null || run === 0 ? 'no run yet' : 'run', direction: side }
    },
    colors: { 'run': 2, 'no run yet': 6 },
  },
  bar_states: {
    title: 'bar state',
    stateOf: named('bar_state', 'direction'),
    colors: { trend_run: 2, entrance: 4, action: 6, exit: 5 },
  },
  grades: {
    title: 'grade of the run',
    stateOf: named('run_grade', 'run'),
    colors: { intact: 2, slowing: 4, aborting: 3 },
  },
  states: {
    title: 'market state',
    stateOf: named('market_state', 'market_direction'),
    colors: { trend: 2, congestion_entrance: 4, congestion_action: 6, congestion_exit: 5, reversal: 3 },
  },
  momentum: {
    title: 'momentum of the dot',
    stateOf: named('dot_momentum', 'pldot_slope'),
    colors: { accelerating: 2, increasing: 5, equidistant: 6, decreasing: 4, decelerating: 3 },
  },
  actions: {
    title: 'recommended action',
    stateOf: named('recommended_action', 'trade_direction'),
    colors: { long: 2, short: 3, wait: 6, reduce: 4 },
  },
  risk: {
    title: 'risk of a trade',
    stateOf: named('risk_level', 'trade_direction'),
    colors: { low: 2, medium: 4, high: 3 },
  },
}

/** Returns the state in one column with the direction in another. */
function named(column: string, direction: string): Ribbon['stateOf'] {
  return (bar) => {
    const state = bar.valueOf(column)
    const sign = numberIn(bar, direction)
    return typeof state !== 'string' || sign === null ? null : { state, direction: Math.sign(sign) }
  }
}

/** Returns the ribbon of a part. Bars without direction belong to both halves. */
export function ribbonStrip({ bars, palette }: OverlaySource, part: RibbonPart): StripOverlay {
  const { title, stateOf, colors } = ribbons[part]
  const rows = stretches(bars, (bar) => {
    const found = stateOf(bar)
    return found === null ? null : { state: nameOf(found.state), low: found.direction > 0 ? 0 : -1, high: found.direction < 0 ? 0 : 1 }
  })
  const found = new Set(rows.map(({ state }) => state))
  const legend = Object.entries(colors).map(([state, place]) => [nameOf(state), palette.series[place]] as const)
  return {
    title,
    height: 0.08,
    legend: legend.filter(([name]) => found.has(name)),
    datasets: { [part]: rows },
    layers: ({ scale, colors: legendColors }, strip) => {
      const y: Channel<'y'> = {
        field: 'low',
        type: 'quantitative',
        axis: { title: null, orient: 'right', values: [-0.5, 0.5], labelExpr: "datum.value > 0 ? 'up' : 'down'", grid: false },
        scale: { domain: [-1, 1], range: stripRange(strip) },
      }
      return [{
        data: { name: part },
        mark: { type: 'rect', strokeWidth: 0 },
        encoding: { x: scale.x('start'), x2: { field: 'end' }, y, y2: { field: 'high' }, color: legendColors.by('state') },
      }]
    },
  }
}

function nameOf(state: string): string {
  return state.replaceAll('_', ' ')
}
