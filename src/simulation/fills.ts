import { exitReasons, type BarColumns } from '../rows.js'
import { buyingPower } from './accounts.js'
import { affordableShares, wantedShares } from './sizing.js'
import { accountOf, decline, type World } from './world.js'

/** Returns `price` made worse by slippage for one who buys (+1) or sells (-1), within the range of the bar. */
export function slipped({ rules }: World, bars: BarColumns, row: number, price: number, direction: number): number {
  const worse = price * (1 + (direction * rules.slippage_bps) / 10_000)
  return Math.min(bars.high[row], Math.max(bars.low[row], worse))
}

/** Opens the position that the waiting order of a symbol asks for at `price`, or declines it. The order is gone. */
export function enter(world: World, bars: BarColumns, row: number, symbol: number, price: number): void {
  const { state, rules, accounts } = world
  const direction = state.order[symbol]
  const account = accountOf(world, symbol)
  state.order[symbol] = 0
  const shares = enterableShares(world, symbol, price, direction)
  if (shares === 0) return
  const commission = shares * price * rules.commission_rate
  accounts.cash[account] -= direction * shares * price + commission
  accounts.positions[account]++
  if (direction < 0) accounts.short_value[account] += shares * price
  if (world.isShared) world.holding.add(symbol)
  state.quantity[symbol] = direction * shares
  state.entry_price[symbol] = state.lowest[symbol] = state.highest[symbol] = state.last_close[symbol] = price
  state.entry_at[symbol] = bars.bar_at[row]
  state.signal_at[symbol] = state.order_at[symbol]
  state.entry_commission[symbol] = commission
  state.entry_reason[symbol] = state.order_reason[symbol]
  state.stop_price[symbol] = state.first_stop_price[symbol] = state.order_stop[symbol]
  state.target_price[symbol] = state.order_target[symbol]
  state.bars_held[symbol] = 0
  state.leave[symbol] = 0
}

/** Returns how many shares the order buys or sells short at `price`; 0 when it is declined. */
function enterableShares(world: World, symbol: number, price: number, direction: number): number {
  const { state, rules, accounts } = world
  const account = accountOf(world, symbol)
  const at = state.order_at[symbol]
  const stop = state.order_stop[symbol]
  const refuse = (reason: Parameters<typeof decline>[3]) => {
    decline(world, symbol, at, reason)
    return 0
  }
  if (direction * (price - stop) <= 0) return refuse('stop on the wrong side')
  if (direction * (state.order_target[symbol] - price) <= 0) return refuse('target on the wrong side')
  if (rules.max_positions !== null && accounts.positions[account] >= rules.max_positions) return refuse('too many positions')
  const wanted = wantedShares(rules, accounts.equity[account], price, stop, state.order_size[symbol])
  const shares = affordableShares(rules, wanted, price, buyingPower(accounts, account))
  return shares > 0 ? shares : refuse('not enough cash')
}

/** Closes the position of a symbol at `price` and records the trade; `reason` is as in the trades' column. */
export function leave(world: World, bars: BarColumns, row: number, symbol: number, price: number, reason: number): void {
  const { state, rules, accounts } = world
  const account = accountOf(world, symbol)
  const quantity = state.quantity[symbol]
  const entry = state.entry_price[symbol]
  const shares = Math.abs(quantity)
  const commission = shares * price * rules.commission_rate
  const gross_profit = quantity * (price - entry)
  const costs = state.entry_commission[symbol] + commission
  const net_profit = gross_profit - costs
  touch(world, symbol, price, price)
  accounts.cash[account] += quantity * price - commission
  accounts.realised[account] += net_profit
  accounts.positions[account]--
  if (quantity < 0) accounts.short_value[account] -= shares * state.last_close[symbol]
  if (world.isShared) world.holding.delete(symbol)
  const low = quantity * (state.lowest[symbol] - entry)
  const high = quantity * (state.highest[symbol] - entry)
  const risk = shares * Math.abs(entry - state.first_stop_price[symbol])
  // a plain literal: spreads would make this the slowest line of a run
  world.trades.push({
    account,
    symbol,
    side: quantity > 0 ? 0 : 1,
    quantity: shares,
    signal_at: state.signal_at[symbol],
    entry_at: state.entry_at[symbol],
    entry_price: entry,
    exit_at: bars.bar_at[row],
    exit_price: price,
    stop_price: state.first_stop_price[symbol],
    target_price: state.target_price[symbol],
    gross_profit,
    costs,
    net_profit,
    return_pct: (net_profit / (shares * entry)) * 100,
    r_multiple: net_profit / risk,
    bars_held: state.bars_held[symbol],
    maximum_adverse_excursion: Math.min(0, low, high),
    maximum_favorable_excursion: Math.max(0, low, high),
    entry_reason: state.entry_reason[symbol],
    exit_reason: reason,
  })
  state.quantity[symbol] = 0
  state.leave[symbol] = 0
}

/** Widens the range of prices that a position has seen. */
export function touch({ state }: World, symbol: number, low: number, high: number): void {
  if (low < state.lowest[symbol]) state.lowest[symbol] = low
  if (high > state.highest[symbol]) state.highest[symbol] = high
}

/** Code of an exit reason that is not the strategy's own. */
export function exitCode(reason: (typeof exitReasons)[number]): number {
  return exitReasons.indexOf(reason)
}
