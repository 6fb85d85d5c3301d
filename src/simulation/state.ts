/** What the simulation remembers of each symbol: an open position and the orders for its next bar. */
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
  /** Protective stop as it is now, and as it was at entry. */
  stop_price: Float64Array
  first_stop_price: Float64Array
  target_price: Float64Array
  bars_held: Int32Array
  lowest: Float64Array
  highest: Float64Array
  /** Close of the symbol's last bar. */
  last_close: Float64Array
  last_at: Float64Array
  /** Entry order for the next bar: +1, -1 or 0, and what its signal asked for. */
  order: Int8Array
  order_stop: Float64Array
  order_target: Float64Array
  order_size: Float64Array
  order_score: Float64Array
  order_reason: Int32Array
  order_at: Float64Array
  /** 1 when the position is to be left at the next open. */
  leave: Uint8Array
}

/** Returns the state of `count` symbols without positions and orders. */
export function emptyState(count: number): SymbolState {
  const numbers = () => new Float64Array(count).fill(NaN)
  const codes = () => new Int32Array(count)
  const flags = () => new Uint8Array(count)
  return {
    isActive: flags(),
    quantity: new Float64Array(count),
    ...{ entry_price: numbers(), entry_at: numbers(), signal_at: numbers() },
    ...{ entry_commission: new Float64Array(count), entry_reason: codes() },
    ...{ stop_price: numbers(), first_stop_price: numbers(), target_price: numbers() },
    ...{ bars_held: codes(), lowest: numbers(), highest: numbers() },
    ...{ last_close: numbers(), last_at: numbers() },
    ...{ order: new Int8Array(count), order_stop: numbers(), order_target: numbers(), order_size: numbers() },
    ...{ order_score: numbers(), order_reason: codes(), order_at: numbers(), leave: flags() },
  }
}
