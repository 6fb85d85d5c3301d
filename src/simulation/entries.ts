import { orderTypes, type BarColumns } from '../rows.js'
import { commissionOf, slipped } from './costs.js'
import { allowedShares, refusal } from './limits.js'
import { roundedShares, wantedShares } from './sizing.js'
import { accountOf, decline, type World } from './world.js'

const market = orderTypes.indexOf('market')
const stop = orderTypes.indexOf('stop')

/** Fills the waiting order of a symbol at `price`, before slippage if it `slips`: what of it may be filled, or nothing. */
export function enter(world: World, bars: BarColumns, row: number, price: number, slips: boolean): void {
  const { state, rules } = world
  const symbol = bars.symbol[row]
  const paid = slips ? slipped(rules, bars, row, price, state.order[symbol]) : price
  if (state.order_rest[symbol] > 0) return goOn(world, bars, row, price, paid)
  const refused = refusal(world, symbol, paid)
  const shares = refused ?? allowedShares(world, symbol, paid, wantedShares(world, symbol, paid))
  if (typeof shares === 'string') {
    decline(world, symbol, state.order_at[symbol], shares)
    state.order[symbol] = 0
    return
  }
  const filled = Math.min(shares, state.room[symbol])
  open(world, bars, row, symbol, paid)
  buy(world, symbol, filled, paid, Math.abs(paid - price))
  state.order_bars[symbol] = state.order_rest_bars[symbol]
  state.order_other_price[symbol] = NaN
  if (state.order_type[symbol] === stop) state.order_type[symbol] = market
  keepRest(world, symbol, shares - filled)
}

/** Fills what is left of an order; a rest that the account cannot pay any more is given up. */
function goOn(world: World, bars: BarColumns, row: number, price: number, paid: number): void {
  const { state } = world
  const symbol = bars.symbol[row]
  const shares = allowedShares(world, symbol, paid, state.order_rest[symbol])
  if (typeof shares === 'string') return keepRest(world, symbol, 0)
  const filled = Math.min(shares, state.room[symbol])
  const held = Math.abs(state.quantity[symbol])
  state.entry_price[symbol] = (held * state.entry_price[symbol] + filled * paid) / (held + filled)
  buy(world, symbol, filled, state.last_close[symbol], Math.abs(paid - price), paid)
  keepRest(world, symbol, shares - filled)
}

function keepRest({ state, rules }: World, symbol: number, rest: number): void {
  state.order_rest[symbol] = roundedShares(rules, rest)
  if (state.order_rest[symbol] === 0) state.order[symbol] = 0
}

/** Adds shares, valued at `value` until the close, to a position in the direction of the order. */
function buy(world: World, symbol: number, shares: number, value: number, slippage: number, paid = value): void {
  const { state, rules, accounts } = world
  const account = accountOf(world, symbol)
  const direction = state.order[symbol]
  const commission = commissionOf(rules, shares, paid)
  accounts.cash[account] -= direction * shares * paid + commission
  if (direction > 0) accounts.long_value[account] += shares * value
  else accounts.short_value[account] += shares * value
  state.quantity[symbol] += direction * shares
  state.room[symbol] -= shares
  state.commission[symbol] += commission
  state.slippage[symbol] += shares * slippage
}

/** Begins a position, as yet without shares, as the waiting order of a symbol asks for. */
function open(world: World, bars: BarColumns, row: number, symbol: number, price: number): void {
  const { state, accounts } = world
  const account = accountOf(world, symbol)
  accounts.positions[account]++
  accounts.entered[account]++
  if (world.isShared) {
    world.holding.add(symbol)
    world.sectorPositions[world.sectors[symbol]]++
  }
  state.entry_price[symbol] = state.lowest[symbol] = state.highest[symbol] = state.last_close[symbol] = price
  state.entry_at[symbol] = bars.bar_at[row]
  state.signal_at[symbol] = state.order_at[symbol]
  state.entry_reason[symbol] = state.order_reason[symbol]
  state.commission[symbol] = state.borrow_fees[symbol] = state.slippage[symbol] = state.dividends[symbol] = 0
  state.charged_date[symbol] = bars.session_date[row]
  state.stop_price[symbol] = state.first_stop_price[symbol] = state.order_stop[symbol]
  state.target_price[symbol] = state.order_target[symbol]
  state.first_target_price[symbol] = firstTarget(world, symbol)
  state.time_stop[symbol] = state.order_time_stop[symbol]
  state.bars_held[symbol] = 0
  state.leave[symbol] = 0
}

/** A first target at or beyond the target is never reached before it. */
function firstTarget({ state }: World, symbol: number): number {
  const first = state.order_first_target[symbol]
  return state.order[symbol] * (state.order_target[symbol] - first) <= 0 ? NaN : first
}
