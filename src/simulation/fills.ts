import { exitReasons, type BarColumns } from '../rows.js'
import { commissionOf, slipped } from './costs.js'
import { accountOf, type World } from './world.js'

/** Code of an exit reason that is not the strategy's own. */
export function exitCode(reason: (typeof exitReasons)[number]): number {
  return exitReasons.indexOf(reason)
}

const stopped = exitCode('stop')
const trailed = exitCode('trailing_stop')
const inLieu = exitCode('split')

/**
 * Leaves `shares` of the position of a symbol at `price`, before slippage if it `slips`, and records the trade; `reason`
 * is as in the trades' column. What was still to be bought is given up; a fraction paid for after a split is no fill: it costs
 * no commission and leaves the order.
 */
export function leave(
  world: World,
  bars: BarColumns,
  row: number,
  price: number,
  slips: boolean,
  reason: number,
  shares: number,
): void {
  const { state, rules, accounts, isShared } = world
  const symbol = bars.symbol[row]
  const account = accountOf(world, symbol)
  const quantity = state.quantity[symbol]
  const direction = Math.sign(quantity)
  const share = shares / Math.abs(quantity)
  const entry = state.entry_price[symbol]
  const paid = slips ? slipped(rules, bars, row, price, -direction) : price
  const entry_commission = state.commission[symbol] * share
  const commission = entry_commission + (reason === inLieu ? 0 : commissionOf(rules, shares, paid))
  const borrow_fees = state.borrow_fees[symbol] * share
  const entry_slippage = state.slippage[symbol] * share
  const gross_profit = direction * shares * (paid - entry)
  const dividends = state.dividends[symbol] * share
  const costs = commission + borrow_fees
  const net_profit = gross_profit + dividends - costs
  touch(world, symbol, paid, paid)
  accounts.cash[account] += direction * shares * paid - (commission - entry_commission)
  accounts.realised[account] += net_profit
  const value = shares * state.last_close[symbol]
  if (direction > 0) accounts.long_value[account] -= value
  else accounts.short_value[account] -= value
  const low = direction * shares * (state.lowest[symbol] - entry)
  const high = direction * shares * (state.highest[symbol] - entry)
  const risk = shares * Math.abs(entry - state.first_stop_price[symbol])
  const trade = world.trades.add()
  const { columns } = world.trades
  columns.account[trade] = account
  columns.symbol[trade] = symbol
  columns.side[trade] = direction > 0 ? 0 : 1
  columns.quantity[trade] = shares
  columns.signal_at[trade] = state.signal_at[symbol]
  columns.entry_at[trade] = state.entry_at[symbol]
  columns.entry_price[trade] = entry
  columns.exit_at[trade] = bars.bar_at[row]
  columns.exit_price[trade] = paid
  columns.stop_price[trade] = state.first_stop_price[symbol]
  columns.target_price[trade] = state.target_price[symbol]
  columns.gross_profit[trade] = gross_profit
  columns.costs[trade] = costs
  columns.commission[trade] = commission
  columns.borrow_fees[trade] = borrow_fees
  columns.slippage[trade] = entry_slippage + shares * Math.abs(paid - price)
  columns.dividends[trade] = dividends
  columns.net_profit[trade] = net_profit
  columns.return_pct[trade] = (net_profit / (shares * entry)) * 100
  columns.r_multiple[trade] = net_profit / risk
  columns.bars_held[trade] = state.bars_held[symbol]
  columns.maximum_adverse_excursion[trade] = Math.min(0, low, high)
  columns.maximum_favorable_excursion[trade] = Math.max(0, low, high)
  columns.entry_reason[trade] = state.entry_reason[symbol]
  columns.exit_reason[trade] = reason
  const isGone = shares === Math.abs(quantity)
  if (state.order_rest[symbol] > 0 && (isGone || reason !== inLieu)) state.order[symbol] = state.order_rest[symbol] = 0
  if (reason === stopped || reason === trailed) state.cooldown[symbol] = rules.cooldown_bars
  state.room[symbol] -= shares
  if (isGone) return forget(world, symbol, account, isShared)
  state.quantity[symbol] -= direction * shares
  state.commission[symbol] -= entry_commission
  state.borrow_fees[symbol] -= borrow_fees
  state.slippage[symbol] -= entry_slippage
  state.dividends[symbol] -= dividends
}

/** The position is gone. */
function forget({ state, accounts, holding, sectors, sectorPositions }: World, symbol: number, account: number, isShared: boolean): void {
  accounts.positions[account]--
  if (isShared) {
    holding.delete(symbol)
    sectorPositions[sectors[symbol]]--
  }
  state.quantity[symbol] = 0
  state.leave[symbol] = 0
}

/** Widens the range of prices that a position has seen. */
export function touch({ state }: World, symbol: number, low: number, high: number): void {
  if (low < state.lowest[symbol]) state.lowest[symbol] = low
  if (high > state.highest[symbol]) state.highest[symbol] = high
}
