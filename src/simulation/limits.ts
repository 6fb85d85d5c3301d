import type { DeclineReason } from '../rows.js'
import { buyingPower, worth } from './accounts.js'
import { fittingShares, roundedShares } from './sizing.js'
import { accountOf, type World } from './world.js'

/** Share of an account's worth which is no room for a position any more, but what rounding left over. */
const leftover = 1e-6

/** Returns why the waiting order of a symbol must not become one more position at `price`, or null. */
export function refusal(world: World, symbol: number, price: number): DeclineReason | null {
  const { state, rules, accounts } = world
  const account = accountOf(world, symbol)
  const direction = state.order[symbol]
  if (direction * (price - state.order_stop[symbol]) <= 0) return 'stop on the wrong side'
  if (direction * (state.order_target[symbol] - price) <= 0) return 'target on the wrong side'
  if (direction * (state.order_first_target[symbol] - price) <= 0) return 'target on the wrong side'
  if (isReached(accounts.positions[account], rules.max_positions)) return 'too many positions'
  if (isReached(accounts.entered[account], rules.max_new_positions)) return 'too many new positions'
  const isFull = isReached(world.sectorPositions[world.sectors[symbol]], rules.max_sector_positions)
  return isFull ? 'too many positions of the sector' : null
}

function isReached(count: number, most: number | null): boolean {
  return most !== null && count >= most
}

/**
 * Returns how many of `wanted` shares the waiting order of a symbol may buy or sell short at `price`, rounded down, or
 * the limit that allows none.
 */
export function allowedShares(world: World, symbol: number, price: number, wanted: number): number | DeclineReason {
  const { rules, accounts, state } = world
  const account = accountOf(world, symbol)
  const value = worth(accounts, account)
  const power = buyingPower(accounts, account, rules.leverage)
  if (power <= value * leftover) return 'not enough cash'
  let shares = wanted
  let binding: DeclineReason = 'less than one share'
  const limit = (room: number, perShare: number, factor: number, reason: DeclineReason) => {
    const most = room <= value * leftover ? 0 : fittingShares(rules, room, perShare, price, factor)
    if (most < shares) [shares, binding] = [most, reason]
  }
  limit(power, price, rules.leverage, 'not enough cash')
  const { max_gross_exposure: gross, max_net_exposure: net, max_open_risk: risk } = rules
  const [long, short] = [accounts.long_value[account], accounts.short_value[account]]
  if (gross !== null) limit(gross * value - long - short, price, gross, 'gross exposure')
  if (net !== null) limit(net * value - state.order[symbol] * (long - short), price, net, 'net exposure')
  if (risk !== null) limit(risk * value - openRisk(world, symbol), riskOfShare(price, state.order_stop[symbol]), risk, 'open risk')
  const rounded = roundedShares(rules, shares)
  return rounded > 0 ? rounded : binding
}

/** What an account loses if all its positions go from the last close to their stops. */
function openRisk({ state, holding, isShared }: World, symbol: number): number {
  let sum = 0
  for (const held of isShared ? holding : [symbol]) {
    const quantity = state.quantity[held]
    const close = state.last_close[held]
    const stop = state.stop_price[held]
    if (quantity !== 0) sum += Number.isNaN(stop) ? Math.abs(quantity) * close : Math.max(0, quantity * (close - stop))
  }
  return sum
}

/** What a share loses on the way to its stop; without a stop all of it. */
function riskOfShare(price: number, stop: number): number {
  return Number.isNaN(stop) ? price : Math.abs(price - stop)
}
