import { isDaily } from './bar-axis.js'
import { barScale } from './bar-scale.js'
import type { Frame } from './frame.js'
import { legendColors, type LegendEntries } from './legend.js'
import { labelRoom, placedLabels, type NextLabel, type PlacedLabel } from './next-labels.js'
import { stripRange, type Strip } from './panel.js'
import type { PricePen } from './price-layers.js'
import type { Candle } from './price-rows.js'

/** What the pen of a price chart depends on. */
export interface PenSource {
  frame: Frame
  rows: readonly Candle[]
  price: Strip
  legend: LegendEntries
  /** Pixels that the legend of trades takes beside that of colours. */
  besideLegend: number
  /** Prices at which parts of the geometry are drawn. */
  drawn: readonly number[]
  /** Names of levels to the right of the bars, which leave the bars less room. */
  labels: readonly NextLabel[]
  /** Whether something is drawn on the bar after the last. */
  isAhead: boolean
}

/** Returns what the layers of a price chart draw with. */
export function pricePen({ frame, rows, price, legend, labels, isAhead, besideLegend }: PenSource): PricePen {
  const room = labelRoom(labels)
  const ahead = isAhead ? 0.6 : 0
  const step = Math.min((frame.plotWidth - room) / (rows.length + 1), frame.plotWidth / (rows.length + 1 + ahead))
  const title = isDaily(rows) ? 'Session' : 'Opening of the bar (UTC)'
  return {
    palette: frame.palette,
    scale: barScale({
      places: rows,
      labels: Math.floor((frame.labels * (frame.plotWidth - room)) / frame.plotWidth),
      title,
      more: Math.max(room / step, ahead),
    }),
    step,
    y: (field) => ({
      field,
      type: 'quantitative',
      axis: { orient: 'right', title: 'Price', tickCount: { expr: `ceil(height * ${price.bottom - price.top} / 40)` } },
      scale: { zero: false, nice: false, padding: 8, range: stripRange(price) },
    }),
    colors: legendColors(legend, frame.plotWidth - besideLegend),
  }
}

/** Pixels of a chart's height that title, legend and axis take. */
const margins = 190
/** Pixels of a line of the legend after the first, which holds about eight names. */
const legendLine = 16
/** Pixels between the middles of two labels. */
const lineHeight = 17

/** Returns the labels of levels at heights at which they can be read. */
export function spreadLabels({ frame, rows, price, legend, besideLegend, labels, drawn }: PenSource): PlacedLabel[] {
  const perLine = Math.max(1, (8 * (frame.plotWidth - besideLegend)) / frame.plotWidth)
  const prices = [...rows.flatMap(({ low, high }) => [low, high]), ...labels.map((label) => label.price), ...drawn]
  const pixels = Math.max(lineHeight, (frame.height - margins - legendLine * Math.floor(legend.length / perLine)) * (price.bottom - price.top))
  return placedLabels(labels, ((Math.max(...prices) - Math.min(...prices)) * lineHeight) / pixels)
}
