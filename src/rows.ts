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
  /** 1 on the last bar of a symbol in its session; needed only by rules that leave positions there. */
  session_end?: Int8Array
  /** Splits and dividends before the open of each bar; needed only by the rule that applies them. */
  actions?: ActionColumns
  /** What happened inside the bars; needed only by the rule that looks it up. */
  finer?: FinerBars
}

/** What became of a share of a bar's symbol between its previous bar and this one, one entry for each bar. */
export interface ActionColumns {
  /** Shares that each share has become; 1: as before. */
  split: Float64Array
  /** Money that was paid on each share held at the previous close; 0: none. */
  dividend: Float64Array
}

/** Finer bars, in the order of the bars in which they lie and of time; `bar_at` is that of the bar in which they lie. */
export interface FinerBars extends BarColumns {
  /** Row of the first finer bar of each bar, and behind the last one the number of finer bars. */
  first: Int32Array
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
  /**
   * Bars for which an order stays valid; NaN: until filled for limit and stop entries, one bar for market orders, and until
   * filled for the rest of an order of which a part is.
   */
  valid_bars: Float64Array
  stop_price: Float64Array
  target_price: Float64Array
  /** Price at which a part of the position is left. */
  first_target_price: Float64Array
  /** Bars after which the position is left; NaN: as the rules say. */
  time_stop_bars: Float64Array
  /**
   * The same order, limit or stop, to the other side, of which one cancels the other: its price, stop and target; NaN: none.
   */
  other_entry_price: Float64Array
  other_stop_price: Float64Array
  other_target_price: Float64Array
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

/** Columns of trades: one row for each exit, from all of a position or a part, in the order of exits in an account. */
export const tradeColumns = [
  /** Index of the account: the symbol's index for separate accounts, 0 for a shared one. */
  'account',
  'symbol',
  /** Index into `sides`. */
  'side',
  /** Shares, above 0. */
  'quantity',
  'signal_at',
  /** Opening instant of the bar in which the entry was filled. */
  'entry_at',
  'entry_price',
  'exit_at',
  'exit_price',
  /** The protective stop at entry; NaN when there was none. */
  'stop_price',
  'target_price',
  /** Profit in account currency before commissions, fees and dividends; slippage is part of the prices. */
  'gross_profit',
  /** Commissions and fees, at least 0. */
  'costs',
  /** The kinds of costs. */
  'commission',
  'borrow_fees',
  /** What slippage has cost at entry and exit, at least 0; part of the gross profit. */
  'slippage',
  /** Dividends received, or paid on a short position: then below 0. */
  'dividends',
  /** Gross profit and dividends less costs. */
  'net_profit',
  /** Net profit as a percentage of the entry's notional. */
  'return_pct',
  /** Net profit divided by the initial risk to the stop; NaN without a stop. */
  'r_multiple',
  /** Bars in which the position was open, the entry's among them; the exit's is not when it was left at the open. */
  'bars_held',
  /** Worst unrealised gross result while open, in account currency, at most 0. */
  'maximum_adverse_excursion',
  /** Best unrealised gross result while open, in account currency, at least 0. */
  'maximum_favorable_excursion',
  /** Index into the reasons of the strategy, -1 for none. */
  'entry_reason',
  /** Index into `exitReasons`, or beyond them into the reasons of the strategy. */
  'exit_reason',
] as const
export type TradeColumn = (typeof tradeColumns)[number]

/** Why a position was left when no reason of the strategy says it. */
export const exitReasons = [
  'stop',
  'target',
  'trailing_stop',
  'signal',
  'end_of_data',
  'first_target',
  'time_stop',
  'session_end',
  'margin_call',
  'split',
] as const

/** Columns of equity at a close, with all interest until then: every bar for a shared account, session closes for separate ones. */
export const equityColumns = ['account', 'bar_at', 'session_date', 'cash', 'position_value', 'interest', 'equity'] as const
export type EquityColumn = (typeof equityColumns)[number]

/** Columns of signals that did not become a position; `reason` is an index into `declineReasons`. */
export const declinedColumns = ['symbol', 'bar_at', 'reason'] as const
export type DeclinedColumn = (typeof declinedColumns)[number]

/** Why the entry of a signal did not become a position. */
export const declineReasons = [
  'position open',
  'order withdrawn',
  'shorts not allowed',
  'no price for the order',
  'stop on the wrong side',
  'target on the wrong side',
  'too many positions',
  'not enough cash',
  'not reached',
  'end of data',
  'less than one share',
  'too many new positions',
  'too many positions of the sector',
  'gross exposure',
  'net exposure',
  'open risk',
  'cooling down',
  'margin call',
  'mean range not known',
  'no volume',
] as const
export type DeclineReason = (typeof declineReasons)[number]

/** Rows of numbers, one array per column. */
export type NumberRows<Name extends string> = { length: number } & Record<Name, Float64Array>

/** What became of a symbol in a run. */
export type Outcome = 'completed' | 'skipped' | 'failed'
