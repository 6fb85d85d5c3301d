import type { Candle } from './price-rows.js'
import { milliseconds, type Time } from './times.js'

/** A closed trade, as the relation `trades` has it. */
export interface PriceTrade {
  symbol?: string
  side: string
  entry_at: Time
  entry_price: number
  exit_at: Time
  exit_price: number
  stop_price?: number | null
  target_price?: number | null
  net_profit: number
  return_pct?: number | null
  entry_reason?: string | null
  exit_reason?: string | null
}

/** A trade at its places on the axis of bars; a place is null when it lies before the first or after the last bar. */
export interface PlacedTrade extends Omit<PriceTrade, 'entry_at' | 'exit_at'> {
  entry_i: number | null
  exit_i: number | null
  outcome: string
  entry: string
  exit: string
  entry_at: number
  exit_at: number
}

/** The name of an outcome in the legend; a trade that earned nothing did not win. */
export const outcomes = ['winning trade', 'losing trade'] as const

/** Returns the trades that lie within the candles at least in part, each at its places. `end` is when the last candle ends. */
export function placedTrades(trades: readonly PriceTrade[], candles: readonly Candle[], end: number): PlacedTrade[] {
  const starts = candles.map(({ at }) => at)
  return trades
    .map((trade) => placed(trade, starts, end))
    .filter(({ entry_i, exit_i }) => entry_i !== null || exit_i !== null)
}

function placed(trade: PriceTrade, starts: readonly number[], end: number): PlacedTrade {
  const entry_at = milliseconds(trade.entry_at)
  const exit_at = milliseconds(trade.exit_at)
  return {
    ...trade,
    entry_at,
    exit_at,
    entry_i: placeOf(entry_at, starts, end),
    exit_i: placeOf(exit_at, starts, end),
    outcome: outcomes[trade.net_profit > 0 ? 0 : 1],
    entry: `${trade.side} entry`,
    exit: `${trade.side} exit`,
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

/** Returns when the last bar ends, taking it to be as long as the time since the bar before; one bar is taken for a day. */
export function endOfBars(bars: readonly { bar_at: Time }[]): number {
  const last = milliseconds(bars[bars.length - 1].bar_at)
  return bars.length === 1 ? last + 86_400_000 : 2 * last - milliseconds(bars[bars.length - 2].bar_at)
}
