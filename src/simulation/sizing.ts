import type { Rules } from './rules.js'

/** Forgives what rounding takes from a whole number of shares. */
const rounding = 2 ** -36

/** Fractional shares are traded in millionths, so that rounding errors of cash buy nothing. */
const millionths = 1e6

/**
 * Returns how many shares an entry at `price` asks for: so many that the way to the stop costs `risk_fraction` of the
 * equity, or without a stop those that `fraction` of the equity buys; `size` times that.
 */
export function wantedShares(rules: Rules, equity: number, price: number, stop: number, size: number): number {
  const { sizing, risk_fraction, fraction } = rules
  const share = sizing === 'risk' && !Number.isNaN(stop) ? (risk_fraction * equity) / Math.abs(price - stop) : (fraction * equity) / price
  return size * share
}

/** Returns the shares, whole or in millionths, that are wanted and fit `power` together with their commission. */
export function affordableShares(rules: Rules, wanted: number, price: number, power: number): number {
  const most = power / (price * (1 + rules.commission_rate))
  const shares = Math.max(0, Math.min(wanted, most))
  const parts = rules.fractional_shares ? millionths : 1
  return Math.floor(shares * parts * (1 + rounding)) / parts
}
