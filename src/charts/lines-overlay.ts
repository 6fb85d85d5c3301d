import type { Layer } from './frame.js'
import { markWidth } from './next-labels.js'
import { numberIn, type Overlay, type OverlaySource, type PlacedBar } from './overlay.js'
import { columnsOf, type LineKind } from './plotted.js'
import type { PricePen } from './price-layers.js'

/** A termination line for the bar after the last. */
interface NextLine {
  name: string
  role: 'support line' | 'resistance line'
  price: number
}

/** The line through two extremes of the last two bars that ends at a level. */
interface Guide {
  role: NextLine['role']
  start: number
  first: number
  end: number
  price: number
}

/**
 * Returns the termination lines for the bar after the last: their levels with their names, and of the 5 lines the extremes
 * of the last two bars from which they were projected.
 */
export function linesOverlay({ bars, palette, isWhole }: OverlaySource, kinds: readonly LineKind[]): Overlay {
  const last = bars[bars.length - 1]
  const lines = nextLines(last, kinds)
  const roles = new Set(lines.map(({ role }) => role))
  const legend = ([['support line', palette.win], ['resistance line', palette.loss]] as const)
  return {
    legend: legend.filter(([role]) => roles.has(role)),
    datasets: { lines, guides: isWhole && bars.length > 1 ? lines.flatMap((line) => guidesOf(line, last)) : [] },
    labels: joinedNames(lines).map(({ name, price }) => ({ price, text: name, hasPrice: true })),
    layers: (pen) => [guideLayer(pen), levelLayer(pen, last.i)],
  }
}

function nextLines(bar: PlacedBar, kinds: readonly LineKind[]): NextLine[] {
  return columnsOf('lines').flatMap((column) => {
    const [, family, member, way, closed] = column.split('_')
    const price = numberIn(bar, column)
    if (price === null || !kinds.some((kind) => kind === `${family}-${member}`)) return []
    const name = [`${family}-${member}`, way, closed].filter(Boolean).join(' ')
    return [{ name, role: way === 'up' ? 'support line' : 'resistance line', price }]
  })
}

/** Lines at the same price share a label. */
function joinedNames(lines: readonly NextLine[]): { name: string; price: number }[] {
  const names = new Map<number, string[]>()
  for (const { name, price } of lines) names.set(price, [...(names.get(price) ?? []), name])
  return [...names].map(([price, list]) => ({ price, name: list.join(', ') }))
}

/** 5 lines run from an extreme of the bar before through one of the last bar: through its low or through its high. */
function guidesOf({ name, role, price }: NextLine, { i, low, high }: PlacedBar): Guide[] {
  const through = guideExtremes[name]
  if (through === undefined) return []
  const middle = through === 'low' ? low : high
  return [{ role, start: i - 1, first: 2 * middle - price, end: i + 1, price }]
}

const guideExtremes: Partial<Record<string, 'low' | 'high'>> = {
  '5-9 up': 'low', '5-2 up': 'low', '5-3 up': 'low', '5-1 down': 'low',
  '5-9 down': 'high', '5-2 down': 'high', '5-3 down': 'high', '5-1 up': 'high',
}

function guideLayer({ scale, y, palette }: PricePen): Layer {
  return {
    data: { name: 'guides' },
    mark: { type: 'rule', strokeWidth: 1.1, strokeDash: [3, 3], color: palette.muted },
    encoding: { x: scale.x('start'), x2: { field: 'end' }, y: y('first'), y2: { field: 'price' } },
  }
}

function levelLayer({ scale, y, step, colors }: PricePen, last: number): Layer {
  return {
    data: { name: 'lines' },
    transform: [
      { calculate: `${last + 0.5}`, as: 'start' },
      { calculate: `${last + 0.5 + markWidth / step}`, as: 'end' },
    ],
    mark: { type: 'rule', strokeWidth: 2.4 },
    encoding: { x: scale.x('start'), x2: { field: 'end' }, y: y('price'), color: colors.by('role') },
  }
}
