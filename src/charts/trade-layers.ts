import type { Layer } from './frame.js'
import { legendWidth } from './legend.js'
import type { Channel } from './panel.js'
import type { PricePen } from './price-layers.js'
import { tradeLevels, tradeMarkers, type PlacedTrade, type TradeLevel, type TradeMarker } from './price-trades.js'
import type { Candle } from './price-rows.js'

/** Where trades have less room than this many pixels each, their stops and targets could not be told apart. */
const crowded = 20

const tooltip: Channel<'tooltip'> = [
  { field: 'side', type: 'nominal', title: 'side' },
  ...['entry_price', 'exit_price', 'stop_price', 'target_price', 'net_profit'].map((field) => {
    return { field, type: 'quantitative' as const, title: field, format: ',.2f' }
  }),
  { field: 'exit_reason', type: 'nominal', title: 'exit_reason' },
]

/** The rows that the layers of trades read. */
export interface TradeDatasets {
  trades: readonly PlacedTrade[]
  markers: readonly TradeMarker[]
  levels: readonly TradeLevel[]
}

/** Returns the rows that the layers of trades read. Stops and targets are left out where trades are too many. */
export function tradeDatasets(trades: readonly PlacedTrade[], candles: readonly Candle[], step: number): TradeDatasets {
  const levels = roomPerTrade(trades, step) < crowded ? [] : tradeLevels(trades, candles)
  return { trades, markers: tradeMarkers(trades), levels }
}

/** Returns the pixels that the names of stops, targets, entries and exits take in the legend at most. */
export function tradeLegendWidth(trades: readonly PlacedTrade[], candles: readonly Candle[], plotWidth: number): number {
  if (trades.length === 0) return 0
  const levels = tradeDatasets(trades, candles, plotWidth / (candles.length + 1)).levels.map(({ level }) => level)
  const names = [...namesIn(dashes, levels), ...namesIn(shapes, tradeMarkers(trades).map(({ kind }) => kind))]
  return legendWidth(names)
}

/**
 * Returns the layers of trades: a line from entry to exit, a triangle at the entry that points the way of the trade, a
 * diamond at the exit, stop and target as dashed lines for as long as the trade lasts.
 */
export function tradeLayers(pen: PricePen, { trades, markers, levels }: TradeDatasets): Layer[] {
  if (trades.length === 0) return []
  const room = roomPerTrade(trades, pen.step)
  return [
    ...(levels.length === 0 ? [] : [levelLayer(pen, levels)]),
    linkLayer(pen, room < crowded ? 1.2 : 2),
    markerLayer(pen, markers, Math.max(20, Math.min(110, room * 3))),
  ]
}

/** Returns how many pixels of the axis there are for each trade, between the first and the last. */
function roomPerTrade(trades: readonly PlacedTrade[], step: number): number {
  const places = trades.flatMap(({ entry_i, exit_i }) => [entry_i, exit_i]).filter((place) => place !== null)
  return ((Math.max(...places) - Math.min(...places) + 1) * step) / trades.length
}

const dashes: Record<TradeLevel['level'], number[]> = { stop: [2, 2.5], target: [7, 3] }
/** Pixels in which the dashes of a stop can be told from those of a target. */
const shortestLevel = 11

function levelLayer({ palette, scale, y, step }: PricePen, levels: readonly TradeLevel[]): Layer {
  const domain = namesIn(dashes, levels.map(({ level }) => level))
  return {
    data: { name: 'levels' },
    transform: [{ calculate: `max(datum.end, datum.start + ${shortestLevel / step})`, as: 'until' }],
    mark: { type: 'rule', strokeWidth: 1.7, color: palette.ink },
    encoding: {
      x: scale.x('start'), x2: { field: 'until' }, y: y('price'),
      strokeDash: {
        field: 'level', type: 'nominal', scale: { domain, range: domain.map((name) => dashes[name]) },
        legend: { symbolType: 'stroke', symbolStrokeColor: palette.ink, symbolStrokeWidth: 1.7 },
      },
    },
  }
}

function linkLayer({ scale, y, colors }: PricePen, strokeWidth: number): Layer {
  return {
    data: { name: 'trades' },
    transform: [{ filter: 'isValid(datum.entry_i) && isValid(datum.exit_i)' }],
    mark: { type: 'rule', strokeWidth },
    encoding: {
      x: scale.x('entry_i'), x2: { field: 'exit_i' }, y: y('entry_price'), y2: { field: 'exit_price' },
      color: colors.by('outcome'), tooltip,
    },
  }
}

const shapes: Record<TradeMarker['kind'], string> = {
  'long entry': 'triangle-up',
  'short entry': 'triangle-down',
  exit: 'diamond',
}

function markerLayer({ palette, scale, y, colors }: PricePen, markers: readonly TradeMarker[], size: number): Layer {
  const domain = namesIn(shapes, markers.map(({ kind }) => kind))
  return {
    data: { name: 'markers' },
    mark: { type: 'point', filled: true, size, opacity: 1, stroke: palette.background, strokeWidth: 1 },
    encoding: {
      x: scale.x('i'),
      y: y('price'),
      color: colors.by('outcome'),
      shape: {
        field: 'kind', type: 'nominal', scale: { domain, range: domain.map((name) => shapes[name]) },
        legend: { symbolFillColor: palette.ink, symbolStrokeColor: palette.ink, symbolOpacity: 1 },
      },
    },
  }
}

/** Returns the keys of `table` that occur in `names`, in the table's order: a legend shows only what is drawn. */
function namesIn<Name extends string>(table: Readonly<Record<Name, unknown>>, names: readonly Name[]): Name[] {
  return (Object.keys(table) as Name[]).filter((name) => names.includes(name))
}
