import { numberIn, type Overlay, type OverlaySource } from './overlay.js'
import { columnsOf, type LevelPart } from './plotted.js'

/** Levels that every bar projects for the next one. */
interface Levels {
  name: string
  /** The place of their colour in a palette's series. */
  place: number
}

const levels: Record<LevelPart, Levels> = {
  one_ones: { name: 'one-one', place: 4 },
  main_channel: { name: 'main channel', place: 5 },
  red_bird: { name: 'red bird', place: 7 },
}

/** Returns the levels of a part on the bars for which they were projected, those of the last bar ahead of it. */
export function levelsOverlay({ bars, palette }: OverlaySource, part: LevelPart): Overlay {
  const { name, place } = levels[part]
  const rows = bars.flatMap((bar) => columnsOf(part).flatMap((column) => {
    const price = numberIn(bar, column)
    return price === null ? [] : [{ start: bar.i + 0.5, price }]
  }))
  return {
    legend: rows.length === 0 ? [] : [[name, palette.series[place]]],
    datasets: { [part]: rows },
    labels: [],
    isAhead: true,
    layers: ({ scale, y, colors }) => [{
      data: { name: part },
      transform: [{ calculate: 'datum.start + 1', as: 'end' }],
      mark: { type: 'rule', strokeWidth: 2 },
      encoding: { x: scale.x('start'), x2: { field: 'end' }, y: y('price'), color: colors.of(name) },
    }],
  }
}
