import type { Layer } from './frame.js'
import type { Channel } from './panel.js'
import type { PricePen } from './price-layers.js'
import type { PlacedTrade } from './price-trades.js'
import type { Palette } from './theme.js'

const tooltip: Channel<'tooltip'> = [
  { field: 'side', type: 'nominal', title: 'side' },
  ...['entry_price', 'exit_price', 'stop_price', 'target_price', 'net_profit'].map((field) => {
    return { field, type: 'quantitative' as const, title: field, format: ',.2f' }
  }),
  { field: 'exit_reason', type: 'nominal', title: 'exit_reason' },
]

const data = { name: 'trades' }
const present = (...fields: string[]) => ({ filter: fields.map((field) => `isValid(datum.${field})`).join(' && ') })

/**
 * Returns the trades: a line from entry to exit, a filled triangle at the entry that points the way of the trade, a hollow one
 * at the exit, stop and target as dashed lines for as long as the trade lasts. Where trades are so many that stops and targets
 * could not be told apart, they are left out and the triangles are small.
 */
export function tradeLayers(pen: PricePen, trades: readonly PlacedTrade[]): Layer[] {
  if (trades.length === 0) return []
  const room = roomPerTrade(trades, pen.step)
  const size = Math.max(16, Math.min(90, room * 3))
  const levels = room < 12 ? [] : [levelLayer(pen, 'stop_price', [2, 3]), levelLayer(pen, 'target_price', [7, 3])]
  return [...levels, linkLayer(pen, room), markerLayer(pen, 'exit', size), markerLayer(pen, 'entry', size)]
}

/** Returns how many pixels of the axis there are for each trade, between the first and the last. */
function roomPerTrade(trades: readonly PlacedTrade[], step: number): number {
  const places = trades.flatMap(({ entry_i, exit_i }) => [entry_i, exit_i]).filter((place) => place !== null)
  const [first, last] = [Math.min(...places), Math.max(...places)]
  return ((last - first + 1) * step) / trades.length
}

function linkLayer({ scale, y, colors }: PricePen, room: number): Layer {
  return {
    data,
    transform: [present('entry_i', 'exit_i')],
    mark: { type: 'rule', strokeWidth: room < 12 ? 1.2 : 1.8 },
    encoding: {
      x: scale.x('entry_i'), x2: { field: 'exit_i' }, y: y('entry_price'), y2: { field: 'exit_price' },
      color: colors.by('outcome'), tooltip,
    },
  }
}

function levelLayer({ scale, y, colors }: PricePen, field: string, strokeDash: number[]): Layer {
  return {
    data,
    transform: [
      present('entry_i', 'exit_i', field),
      { calculate: 'max(datum.exit_i, datum.entry_i + 1)', as: 'level_end' },
    ],
    mark: { type: 'rule', strokeWidth: 1.2, strokeDash },
    encoding: {
      x: scale.x('entry_i'), x2: { field: 'level_end' }, y: y(field), y2: { field },
      color: colors.by('outcome'), tooltip,
    },
  }
}

const shapes = ['long entry', 'long exit', 'short entry', 'short exit']
const scale = { domain: shapes, range: ['triangle-up', 'triangle-down', 'triangle-down', 'triangle-up'] }

/** The legend of the shapes, those of exits hollow as they are drawn. */
function shapeLegend({ ink, background }: Palette) {
  return {
    title: null,
    symbolStrokeColor: ink,
    symbolStrokeWidth: 1.5,
    symbolOpacity: 1,
    symbolFillColor: { expr: `indexof(datum.value, 'entry') < 0 ? '${background}' : '${ink}'` },
  }
}

function markerLayer({ palette, scale: bars, y, colors }: PricePen, moment: 'entry' | 'exit', size: number): Layer {
  const isEntry = moment === 'entry'
  return {
    data,
    transform: [present(`${moment}_i`)],
    mark: {
      type: 'point', filled: isEntry, size, opacity: 1, strokeWidth: isEntry ? 1 : 1.8,
      ...(isEntry ? { stroke: palette.background } : { fill: palette.background }),
    },
    encoding: {
      x: bars.x(`${moment}_i`),
      y: y(`${moment}_price`),
      color: colors.by('outcome'),
      shape: { field: moment, type: 'nominal', scale, legend: shapeLegend(palette) },
      tooltip,
    },
  }
}
