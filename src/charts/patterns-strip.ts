import { numberIn, type OverlaySource, type PlacedBar } from './overlay.js'
import { stripRange, type Channel } from './panel.js'
import type { PatternKind } from './plotted.js'
import type { StripOverlay } from './strips.js'

/** The column that holds the direction of a kind of pattern and the one that holds its strength. */
interface PatternColumns {
  direction: string
  strength?: string
  /** Strength from which it is a pattern, for one without direction. */
  from?: number
  /** Tells whether the dot has lost momentum. */
  losing?: string
}

const columns: Record<PatternKind, PatternColumns> = {
  push: { direction: 'push', strength: 'push_bars', losing: 'is_losing_push' },
  refresh: { direction: 'refresh', strength: 'refresh_bars' },
  exhaust: { direction: 'exhaust' },
  'c-wave': { direction: 'c_wave', strength: 'c_wave' },
  'envelope-exhaust': { direction: 'envelope_exhaust', strength: 'envelope_exhaust_bars' },
  oscillation: { direction: 'oscillation_bars', strength: 'oscillation_bars', from: 4 },
  touch: { direction: 'termination_touch', strength: 'termination_count', losing: 'momentum_fade' },
  approach: { direction: 'termination_approach' },
}

const ways = ['bullish pattern', 'bearish pattern', 'pattern without direction'] as const

const losingName = 'losing momentum'

/** A pattern of a bar; `row` counts the kinds from the bottom. */
interface PatternMark {
  i: number
  label: string
  kind: PatternKind
  row: number
  way: (typeof ways)[number]
  strength: number | null
  isLosing: boolean
}

/**
 * Returns a row for each kind of pattern: triangles that point the way of the pattern, at the bars that show one; hollow where the dot
 * loses momentum.
 */
export function patternsStrip({ bars, palette }: OverlaySource, kinds: readonly PatternKind[]): StripOverlay {
  const marks = bars.flatMap((bar) => kinds.flatMap((kind, at) => markOf(bar, kind, kinds.length - at - 0.5)))
  const found = new Set(marks.map(({ way }) => way))
  const legend = [[ways[0], palette.win], [ways[1], palette.loss], [ways[2], palette.muted]] as const
  const losingLegend = [[losingName, palette.muted, 'hollow']] as const
  return {
    title: 'patterns',
    height: 0.03 + 0.045 * kinds.length,
    legend: [...legend.filter(([way]) => found.has(way)), ...losingLegend.filter(() => marks.some(({ isLosing }) => isLosing))],
    datasets: { patterns: marks },
    layers: ({ scale, step, colors, palette: { background } }, strip) => {
      const names = kinds.map((kind) => `'${kind.replace('-', ' ').replace('c wave', 'c-wave')}'`).reverse()
      const y: Channel<'y'> = {
        field: 'row',
        type: 'quantitative',
        axis: { title: null, orient: 'right', values: names.map((_, at) => at + 0.5), labelOverlap: false, labelExpr: `[${names.join(', ')}][floor(datum.value)]`, grid: true },
        scale: { domain: [0, kinds.length], range: stripRange(strip) },
      }
      const size = Math.max(16, Math.min(70, step * step * 0.5))
      const shape = {
        condition: [
          { test: `datum.way === '${ways[0]}'`, value: 'triangle-up' },
          { test: `datum.way === '${ways[1]}'`, value: 'triangle-down' },
        ],
        value: 'circle',
      }
      const tooltip = [
        { field: 'label', type: 'nominal' as const, title: 'Bar (UTC)' },
        ...['kind', 'way'].map((field) => ({ field, type: 'nominal' as const, title: field })),
        { field: 'strength', type: 'quantitative' as const, title: 'strength' },
      ]
      return [{
        data: { name: 'patterns' },
        mark: { type: 'point', filled: true, size, opacity: 1, stroke: background, strokeWidth: 0.5 },
        encoding: { x: scale.x('i'), y, color: colors.by('way'), shape, tooltip },
      }, {
        data: { name: 'patterns' },
        transform: [{ filter: 'datum.isLosing' }],
        mark: { type: 'point', filled: true, size: size * 0.3, opacity: 1, color: background },
        encoding: { x: scale.x('i'), y, shape, tooltip },
      }]
    },
  }
}

function markOf(bar: PlacedBar, kind: PatternKind, row: number): PatternMark[] {
  const { direction: column, strength, from, losing } = columns[kind]
  const direction = numberIn(bar, column)
  if (direction === null || (from === undefined ? direction === 0 : direction < from)) return []
  const value = strength === undefined ? null : numberIn(bar, strength)
  const way = from === undefined ? ways[direction > 0 ? 0 : 1] : ways[2]
  const isLosing = losing !== undefined && bar.valueOf(losing) === true
  return [{ i: bar.i, label: bar.label, kind, row, way, strength: value === null ? null : Math.abs(value), isLosing }]
}
