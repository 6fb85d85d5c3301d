/**
 * The rows that cross from SQL into TypeScript and back, as columns: one typed array per column, entry `i` of every
 * array belongs to row `i`. Field names are the column names of the relations. A missing number is `NaN`; a missing
 * text or code is `-1`. Times are milliseconds since 1970-01-01 UTC, dates are days since then.
 */

/** Bars in the order in which they are simulated. A row is one bar of one symbol. */
export interface BarColumns {
  length: number
  /** Index into the symbols of the run. */
  symbol: Int32Array
  /** The bar's opening instant. */
  bar_at: Float64Array
  session_date: Int32Array
  open: Float64Array
  high: Float64Array
  low: Float64Array
  close: Float64Array
  volume: Float64Array
}

/** Market orders act at the next open, limits and stops when their price is reached. */
export const orderTypes = ['market', 'limit', 'stop'] as const
export type OrderType = (typeof orderTypes)[number]

/** What a strategy asks for, decided at the close of `bar_at`; ordered as the bars are, at most one row per bar. */
export interface SignalColumns {
  length: number
  symbol: Int32Array
  bar_at: Float64Array
  /** +1 long, -1 short, 0 none. */
  entry: Int8Array
  /** Index into `orderTypes`. */
  order_type: Int8Array
  limit_price: Float64Array
  stop_entry_price: Float64Array
  /** Bars for which an order stays valid; NaN: until filled for limit and stop entries, one bar for market orders. */
  valid_bars: Float64Array
  stop_price: Float64Array
  target_price: Float64Array
  trail_price: Float64Array
  /** 1 to leave a long position at the next open. */
  exit_long: Int8Array
  exit_short: Int8Array
  /** Share of the usual size, 0 to 1; NaN counts as 1. */
  size_factor: Float64Array
  score: Float64Array
  /** Index into the reasons of the strategy, -1 for none. */
  reason: Int32Array
}

export const sides = ['long', 'short'] as const
export type Side = (typeof sides)[number]

/** One row per closed trade (a position opened and closed), in the order of their exits within an account. */
export interface TradeRow {
  /** Index of the account: the symbol's index for separate accounts, 0 for a shared one. */
  account: number
  symbol: number
  side: Side
  quantity: number
  signal_at: number
  entry_at: number
  entry_price: number
  exit_at: number
  exit_price: number
  /** The protective stop at entry; NaN when there was none. */
  stop_price: number
  target_price: number
  /** Profit in account currency before commissions and fees; slippage is part of the prices. */
  gross_profit: number
  /** Commissions and fees, at least 0. */
  costs: number
  net_profit: number
  /** Net profit as a percentage of the entry's notional. */
  return_pct: number
  /** Net profit divided by the initial risk to the stop; NaN without a stop. */
  r_multiple: number
  bars_held: number
  /** Worst unrealised gross result while open, in account currency, at most 0. */
  maximum_adverse_excursion: number
  /** Best unrealised gross result while open, in account currency, at least 0. */
  maximum_favorable_excursion: number
  /** Index into the reasons of the strategy, -1 for none. */
  entry_reason: number
  exit_reason: string
}

/** Equity of an account at a close: every bar for a shared account, session closes for separate ones. */
export interface EquityColumns {
  length: number
  account: Int32Array
  bar_at: Float64Array
  session_date: Int32Array
  cash: Float64Array
  position_value: Float64Array
  equity: Float64Array
}

/** What became of a symbol in a run. */
export type Outcome = 'completed' | 'skipped' | 'failed'
