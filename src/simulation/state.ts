const kinds = {
  /** 1 while the symbol has a position, an order or a cooldown; everything else is stale at 0. */
  isActive: Uint8Array,
  /** Shares that can still be filled in this bar. */
  room: Float64Array,
  /** Closes at which no entry is taken yet. */
  cooldown: Int32Array,
  /** Signed shares; 0: no position. */
  quantity: Float64Array,
  /** Mean price of the shares bought or sold short. */
  entry_price: Float64Array,
  entry_at: Float64Array,
  signal_at: Float64Array,
  entry_reason: Int32Array,
  /** Costs of the shares still held. */
  commission: Float64Array,
  borrow_fees: Float64Array,
  /** What slippage has cost, as part of the entry price. */
  slippage: Float64Array,
  /** Dividends on the shares still held; below 0 for a short position. */
  dividends: Float64Array,
  /** Session up to which a short position has paid for borrowing. */
  charged_date: Int32Array,
  /** Protective stop as it is now and as it was at entry; NaN: none. */
  stop_price: Float64Array,
  first_stop_price: Float64Array,
  target_price: Float64Array,
  /** Price at which a part is left; NaN: none, or it has been. */
  first_target_price: Float64Array,
  /** Bars after which the position is left; Infinity: never. */
  time_stop: Float64Array,
  bars_held: Int32Array,
  /** Whether the position was entered inside the present bar. */
  isFresh: Uint8Array,
  /** Lowest and highest price since entry. */
  lowest: Float64Array,
  highest: Float64Array,
  /** Close of the symbol's last bar: what a position is worth. */
  last_close: Float64Array,
  /** 1 when the position is to be left at the next open; why, as in the trades' column. */
  leave: Uint8Array,
  leave_reason: Int32Array,
  /** Direction of the entry order that waits: +1, -1, or 0 for none; and what its signal asked for. */
  order: Int8Array,
  /** Index into `orderTypes`. */
  order_type: Int8Array,
  /** Price of a limit or stop order. */
  order_price: Float64Array,
  /** Bars for which the order still waits, and for which its rest does once a part is filled. */
  order_bars: Float64Array,
  order_rest_bars: Float64Array,
  /** Shares of a partly filled order that are still to come; 0: nothing is filled yet. */
  order_rest: Float64Array,
  order_stop: Float64Array,
  order_target: Float64Array,
  order_first_target: Float64Array,
  order_time_stop: Float64Array,
  /** The same order to the other side, of which one cancels the other; NaN: none. */
  order_other_price: Float64Array,
  order_other_stop: Float64Array,
  order_other_target: Float64Array,
  /** Mean range when the order was decided. */
  order_range: Float64Array,
  order_size: Float64Array,
  order_score: Float64Array,
  order_reason: Int32Array,
  order_at: Float64Array,
}

/** What the simulation remembers of each symbol, by its index: an open position, an entry order, an exit to be made. */
export type SymbolState = { [Name in keyof typeof kinds]: InstanceType<(typeof kinds)[Name]> }

/** Returns the state of `count` symbols without positions and orders. */
export function emptyState(count: number): SymbolState {
  return Object.fromEntries(Object.entries(kinds).map(([name, Kind]) => [name, new Kind(count)])) as unknown as SymbolState
}
