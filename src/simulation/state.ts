/** What the simulation remembers of each symbol, by its index: an open position, an entry order, an exit to be made. */
export interface SymbolState {
  /** 1 while the symbol has a position or an order; everything else is stale at 0. */
  isActive: Uint8Array
  /** Signed shares; 0: no position. */
  quantity: Float64Array
  entry_price: Float64Array
  entry_at: Float64Array
  signal_at: Float64Array
  entry_commission: Float64Array
  entry_reason: Int32Array
  /** Protective stop as it is now and as it was at entry; NaN: none. */
  stop_price: Float64Array
  first_stop_price: Float64Array
  target_price: Float64Array
  bars_held: Int32Array
  /** Lowest and highest price since entry. */
  lowest: Float64Array
  highest: Float64Array
  /** Close of the symbol's last bar: what a position is worth. */
  last_close: Float64Array
  /** 1 when the position is to be left at the next open; the index of the strategy's reason for it. */
  leave: Uint8Array
  leave_reason: Int32Array
  /** Direction of the entry order that waits: +1, -1, or 0 for none; and what its signal asked for. */
  order: Int8Array
  /** Index into `orderTypes`. */
  order_type: Int8Array
  /** Price of a limit or stop order. */
  order_price: Float64Array
  /** Bars for which the order still waits. */
  order_bars: Float64Array
  order_stop: Float64Array
  order_target: Float64Array
  order_size: Float64Array
  order_score: Float64Array
  order_reason: Int32Array
  order_at: Float64Array
}

/** Returns the state of `count` symbols without positions and orders. */
export function emptyState(count: number): SymbolState {
  const numbers = () => new Float64Array(count)
  const codes = () => new Int32Array(count)
  return {
    isActive: new Uint8Array(count),
    ...{ quantity: numbers(), entry_price: numbers(), entry_at: numbers(), signal_at: numbers() },
    ...{ entry_commission: numbers(), entry_reason: codes() },
    ...{ stop_price: numbers(), first_stop_price: numbers(), target_price: numbers() },
    ...{ bars_held: codes(), lowest: numbers(), highest: numbers(), last_close: numbers() },
    ...{ leave: new Uint8Array(count), leave_reason: codes() },
    ...{ order: new Int8Array(count), order_type: new Int8Array(count), order_price: numbers(), order_bars: numbers() },
    ...{ order_stop: numbers(), order_target: numbers(), order_size: numbers(), order_score: numbers() },
    ...{ order_reason: codes(), order_at: numbers() },
  }
}
