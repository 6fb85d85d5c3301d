import type { BarColumns } from '../rows.js'
import type { Rules } from './rules.js'

/** Returns the commission of a fill. */
export function commissionOf(rules: Rules, shares: number, price: number): number {
  const { commission_rate, commission_per_share, commission_per_trade, commission_minimum } = rules
  return Math.max(commission_minimum, shares * (price * commission_rate + commission_per_share) + commission_per_trade)
}

/** Returns `price` made worse by slippage for one who buys (+1) or sells (-1), usually within the range of the bar. */
export function slipped(rules: Rules, bars: BarColumns, row: number, price: number, direction: number): number {
  const { slippage_bps, slippage_range, slippage_beyond_bar } = rules
  const high = bars.high[row]
  const low = bars.low[row]
  const worse = price + direction * ((price * slippage_bps) / 10_000 + (high - low) * slippage_range)
  if (slippage_beyond_bar) return Math.max(0, worse)
  return Math.min(high, Math.max(low, worse))
}
