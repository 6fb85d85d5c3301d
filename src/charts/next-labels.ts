import { decimal, priceDecimals } from '../format.js'
import type { Layer } from './frame.js'
import type { PricePen } from './price-layers.js'
import { textWidth } from './text-width.js'

/** A level for the bar after the last, with its name. */
export interface NextLabel {
  price: number
  text: string
  /** Whether the price is written behind the name. */
  hasPrice: boolean
}

/** A label with the height at which it is written, so far from its neighbours that it can be read. */
export interface PlacedLabel {
  price: number
  text: string
  label_price: number
}

const fontSize = 12
/** Pixels from the last candle to the labels: the marks of the levels, then lines that lead to the labels. */
export const markWidth = 34
const leadWidth = 22

/** Returns the pixels that labels need to the right of the last candle. */
export function labelRoom(labels: readonly NextLabel[]): number {
  if (labels.length === 0) return 0
  return markWidth + leadWidth + Math.max(...labels.map((label) => textWidth(textOf(label), fontSize))) + 8
}

/** Returns labels from low to high, moved apart to a distance of at least `gap`, each as near to its level as can be. */
export function placedLabels(labels: readonly NextLabel[], gap: number): PlacedLabel[] {
  const sorted = [...labels].sort((a, b) => a.price - b.price)
  const groups: { first: number; wanted: number; count: number }[] = []
  for (const { price } of sorted) {
    let group = { first: price, wanted: price, count: 1 }
    for (let below = groups.at(-1); below !== undefined && topOf(below) + gap > group.first; below = groups.at(-1)) {
      groups.pop()
      group = joined(below, group)
    }
    groups.push(group)
  }
  const heights = groups.flatMap(({ first, count }) => Array.from({ length: count }, (_, at) => first + at * gap))
  return sorted.map((label, at) => ({ price: label.price, text: textOf(label), label_price: heights[at] }))

  function topOf({ first, count }: { first: number; count: number }): number {
    return first + (count - 1) * gap
  }

  /** `wanted` is the sum of where each label would have its group begin. */
  function joined(below: (typeof groups)[number], above: (typeof groups)[number]): (typeof groups)[number] {
    const wanted = below.wanted + above.wanted - above.count * below.count * gap
    const count = below.count + above.count
    return { first: wanted / count, wanted, count }
  }
}

function textOf({ text, price, hasPrice }: NextLabel): string {
  return hasPrice ? `${text} ${decimal(price, priceDecimals(price))}` : text
}

/** Returns the labels with thin lines from their levels. */
export function labelLayers({ palette, scale, y, step }: PricePen, last: number): Layer[] {
  const start = last + 0.5 + markWidth / step
  const transform = [
    { calculate: `${start}`, as: 'start' },
    { calculate: `${start + leadWidth / step}`, as: 'end' },
  ]
  const data = { name: 'labels' }
  return [
    {
      data, transform,
      mark: { type: 'rule', strokeWidth: 0.8, color: palette.muted },
      encoding: { x: scale.x('start'), x2: { field: 'end' }, y: y('price'), y2: { field: 'label_price' } },
    },
    {
      data, transform,
      mark: { type: 'text', align: 'left', baseline: 'middle', dx: 4, fontSize, color: palette.ink },
      encoding: { x: scale.x('end'), y: y('label_price'), text: { field: 'text', type: 'nominal' } },
    },
  ]
}
