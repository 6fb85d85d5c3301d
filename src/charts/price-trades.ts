import type { Candle } from './price-rows.js'
import { milliseconds, type Time } from './times.js'

/** A closed trade, as the relation `trades` has it. */
export interface PriceTrade {
  side: 'long' | 'short'
  entry_at: Time
  entry_price: number
  exit_at: Time
  exit_price: number
  stop_price?: number | null
  target_price?: number | null
  net_profit: number
  exit_reason?: string | null
}

/** The name of an outcome in the legend; a trade that earned nothing did not win. */
export const outcomes = ['winning trade', 'losing trade'] as const
export type Outcome = (typeof outcomes)[number]

/** A trade at its places on the axis of bars; a place is null when it lies before the first or after the last bar. */
export interface PlacedTrade extends Omit<PriceTrade, 'entry_at' | 'exit_at'> {
  entry_i: number | null
  exit_i: number | null
  outcome: Outcome
}

/**
 * Returns the trades of which an end lies within the candles, each at its places. `end` is when the last candle closes,
 * in milliseconds.
 */
export function placedTrades(trades: readonly PriceTrade[], candles: readonly Candle[], end: number): PlacedTrade[] {
  const starts = candles.map(({ at }) => at)
  return trades
    .map((trade) => placed(trade, starts, end))
    .filter(({ entry_i, exit_i }) => entry_i !== null || exit_i !== null)
}

function placed({ entry_at, exit_at, ...trade }: PriceTrade, starts: readonly number[], end: number): PlacedTrade {
  return {
    ...trade,
    entry_i: placeOf(milliseconds(entry_at), starts, end),
    exit_i: placeOf(milliseconds(exit_at), starts, end),
    outcome: outcomes[trade.net_profit > 0 ? 0 : 1],
  }
}

/** Returns the place of the last start at or before `at`, or null when `at` lies outside. */
function placeOf(at: number, starts: readonly number[], end: number): number | null {
  if (at < starts[0] || at > end) return null
  let [low, high] = [0, starts.length]
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if (starts[middle] <= at) low = middle
    else high = middle
  }
  return low
}

/** An end of a trade as a marker. */
export interface TradeMarker {
  i: number
  price: number
  kind: 'long entry' | 'short entry' | 'exit'
  outcome: Outcome
}

/** Returns the markers of trades: an entry and an exit of each, as far as they lie within the chart. */
export function tradeMarkers(trades: readonly PlacedTrade[]): TradeMarker[] {
  return trades.flatMap(({ side, outcome, ...trade }) => [
    ...markerAt(trade.entry_i, trade.entry_price, `${side} entry`, outcome),
    ...markerAt(trade.exit_i, trade.exit_price, 'exit', outcome),
  ])
}

function markerAt(i: number | null, price: number, kind: TradeMarker['kind'], outcome: Outcome): TradeMarker[] {
  return i === null ? [] : [{ i, price, kind, outcome }]
}

/** A stop or target for as long as its trade lasts. */
export interface TradeLevel {
  level: 'stop' | 'target'
  start: number
  end: number
  price: number
}

/**
 * Returns the stops and targets of trades that lie within the chart as a whole. Those further than half the height of
 * the candles above or below them are left out, for they would press the candles flat.
 */
export function tradeLevels(trades: readonly PlacedTrade[], candles: readonly Candle[]): TradeLevel[] {
  const [low, high] = [Math.min(...candles.map((row) => row.low)), Math.max(...candles.map((row) => row.high))]
  const margin = (high - low) / 2
  const levels = trades.flatMap(({ entry_i, exit_i, stop_price, target_price }) => {
    if (entry_i === null || exit_i === null) return []
    const [start, end] = [entry_i, Math.max(exit_i, entry_i + 1)]
    return [levelAt('stop', start, end, stop_price), levelAt('target', start, end, target_price)].flat()
  })
  return levels.filter(({ price }) => price >= low - margin && price <= high + margin)
}

function levelAt(level: TradeLevel['level'], start: number, end: number, price?: number | null): TradeLevel[] {
  return price === null || price === undefined ? [] : [{ level, start, end, price }]
}
