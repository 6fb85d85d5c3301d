import { commissionOf } from './costs.js'
import type { Rules } from './rules.js'
import { accountOf, type World } from './world.js'

/** Forgives what rounding takes from a whole number of shares. */
const rounding = 2 ** -36

/** Fractional shares are traded in millionths, so that rounding errors of cash buy nothing. */
const millionths = 1e6

/** Rounds shares down to whole ones, or to millionths where fractions are allowed. */
export function roundedShares({ fractional_shares }: Rules, shares: number): number {
  const parts = fractional_shares ? millionths : 1
  return Math.floor(shares * parts * (1 + rounding)) / parts
}

/** Returns how many shares the waiting order of a symbol asks for at `price`, not rounded. */
export function wantedShares(world: World, symbol: number, price: number): number {
  const { state, accounts } = world
  const equity = Math.max(0, accounts.equity[accountOf(world, symbol)])
  return state.order_size[symbol] * fullShares(world, symbol, price, equity)
}

function fullShares({ rules, state, isShared, lastBarAt }: World, symbol: number, price: number, equity: number): number {
  const stop = state.order_stop[symbol]
  switch (rules.sizing) {
    case 'risk':
      return Number.isNaN(stop) ? (rules.fraction * equity) / price : (rules.risk_fraction * equity) / Math.abs(price - stop)
    case 'fraction':
      return (rules.fraction * equity) / price
    case 'notional':
      return rules.notional! / price
    case 'equal':
      return equity / (isShared ? Math.min(rules.max_positions ?? Infinity, lastBarAt.length) : 1) / price
    case 'volatility':
      return (rules.risk_fraction * equity) / state.order_range[symbol]
  }
}

/**
 * Returns how many shares at `price`, each of which takes `perShare` of it, fit into `room`, which besides shrinks by
 * `factor` times their commission. Not rounded, at least 0.
 */
export function fittingShares(rules: Rules, room: number, perShare: number, price: number, factor: number): number {
  const { commission_rate, commission_per_share, commission_per_trade, commission_minimum } = rules
  const each = perShare + factor * (price * commission_rate + commission_per_share)
  const most = Math.max(0, (room - factor * commission_per_trade) / each)
  if (commissionOf(rules, most, price) > commission_minimum) return most
  return Math.max(0, Math.min(most, (room - factor * commission_minimum) / perShare))
}
