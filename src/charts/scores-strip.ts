import type { Layer } from './frame.js'
import { numberIn, stretches, type OverlaySource } from './overlay.js'
import { stripRange, type Channel, type Strip } from './panel.js'
import type { ScorePart } from './plotted.js'
import type { StripOverlay } from './strips.js'

/** Scores between 0 and 1, drawn as lines. */
interface Scores {
  title: string
  /** The columns with the names of their lines and the places of their colours in a palette's series. */
  lines: readonly { column: string; name: string; place: number }[]
  /** The thresholds that count, with their names. */
  thresholds: readonly { value: number; name: string }[]
}

const scores: Record<ScorePart, Scores> = {
  alignment: {
    title: 'alignment with the higher timeframe',
    lines: [{ column: 'alignment_score', name: 'alignment score', place: 7 }],
    thresholds: [{ value: 0.3, name: 'divergent' }, { value: 0.6, name: 'partial' }, { value: 0.8, name: 'perfect' }],
  },
  strength: {
    title: 'strength',
    lines: [
      { column: 'higher_strength', name: 'higher strength', place: 3 },
      { column: 'signal_strength', name: 'signal strength', place: 7 },
    ],
    thresholds: [{ value: 0.5, name: 'medium risk' }, { value: 0.7, name: 'low risk' }],
  },
}

/** Returns the scores of a part over bands of the bars on which trade was permitted. */
export function scoresStrip({ bars, palette }: OverlaySource, part: ScorePart): StripOverlay {
  const { title, lines, thresholds } = scores[part]
  const rows = bars.flatMap((bar) => lines.flatMap(({ column, name }) => {
    const score = numberIn(bar, column)
    return score === null ? [] : [{ i: bar.i, label: bar.label, name, score }]
  }))
  const permitted = stretches(bars, (bar) => (bar.valueOf('is_trade_permitted') === true ? { floor: 0, ceiling: 1 } : null))
  const drawn = new Set(rows.map(({ name }) => name))
  const legend = lines.map(({ name, place }) => [name, palette.series[place]] as const).filter(([name]) => drawn.has(name))
  return {
    title,
    height: 0.22,
    legend: [...legend, ...(permitted.length === 0 ? [] : [['trade permitted', palette.series[4]] as const])],
    datasets: { [part]: rows, [`${part}_permitted`]: permitted },
    layers: ({ scale, colors }, strip) => {
      const y = scoreChannel(thresholds, strip)
      const tooltip: Channel<'tooltip'> = [
        { field: 'label', type: 'nominal', title: 'Bar (UTC)' },
        { field: 'name', type: 'nominal', title: 'what' },
        { field: 'score', type: 'quantitative', title: 'score', format: '.3f' },
      ]
      const band: Layer = {
        data: { name: `${part}_permitted` },
        mark: { type: 'rect', strokeWidth: 0, opacity: 0.22 },
        encoding: { x: scale.x('start'), x2: { field: 'end' }, y: y('floor'), y2: { field: 'ceiling' }, color: colors.of('trade permitted') },
      }
      const curves = lines.filter(({ name }) => drawn.has(name)).map(({ name }): Layer => ({
        data: { name: part },
        transform: [{ filter: `datum.name === '${name}'` }],
        mark: { type: 'line', interpolate: 'step', strokeWidth: 1.8 },
        encoding: { x: scale.x('i'), y: y('score'), color: colors.of(name), tooltip },
      }))
      // one layer, with one axis
      return [{ layer: [...(permitted.length === 0 ? [] : [band]), ...curves] }]
    },
  }
}

/** Returns the vertical channel of scores; its axis names the thresholds. */
function scoreChannel(thresholds: Scores['thresholds'], strip: Strip): (field: string) => Channel<'y'> {
  const texts = thresholds.map(({ value, name }) => `${value}: '${value} ${name}'`)
  return (field) => ({
    field,
    type: 'quantitative',
    axis: {
      title: null, orient: 'right', values: [0, ...thresholds.map(({ value }) => value), 1], grid: true,
      labelOverlap: false,
      labelExpr: `{${texts.join(', ')}}[datum.value] || datum.label`,
    },
    scale: { domain: [0, 1], range: stripRange(strip) },
  })
}
