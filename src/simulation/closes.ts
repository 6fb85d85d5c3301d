import type { BarColumns } from '../rows.js'
import { checkLedger } from './accounts.js'
import { exitCode, leave } from './fills.js'
import { age } from './orders.js'
import type { World } from './world.js'

/** Ends the bar of a symbol: closes what cannot be held beyond the data, and remembers the close. */
export function closeBar(world: World, bars: BarColumns, row: number): void {
  const { state, lastBarAt, accounts, isShared } = world
  const symbol = bars.symbol[row]
  const isLastBar = bars.bar_at[row] === lastBarAt[symbol]
  age(world, symbol, isLastBar)
  if (isLastBar && state.quantity[symbol] !== 0) {
    leave(world, bars, row, symbol, bars.close[row], exitCode('end_of_data'))
  }
  const quantity = state.quantity[symbol]
  const close = bars.close[row]
  if (quantity < 0) accounts.short_value[isShared ? 0 : symbol] -= quantity * (close - state.last_close[symbol])
  state.last_close[symbol] = close
}

/** Marks the separate account of a symbol and, at the end of a session, records it. */
export function markSeparate(world: World, bars: BarColumns, row: number, isSessionEnd: boolean): void {
  const { state, accounts } = world
  const symbol = bars.symbol[row]
  const quantity = state.quantity[symbol]
  const position_value = quantity === 0 ? 0 : quantity * state.last_close[symbol]
  accounts.equity[symbol] = accounts.cash[symbol] + position_value
  if (isSessionEnd) record(world, bars, row, symbol, position_value, unrealised(world, symbol))
}

/** Marks the shared account at a close of all symbols and records it. */
export function markShared(world: World, bars: BarColumns, row: number): void {
  const { state, accounts } = world
  let position_value = 0
  let open_profit = 0
  for (const symbol of world.holding) {
    position_value += state.quantity[symbol] * state.last_close[symbol]
    open_profit += unrealised(world, symbol)
  }
  accounts.equity[0] = accounts.cash[0] + position_value
  record(world, bars, row, 0, position_value, open_profit)
}

function record(world: World, bars: BarColumns, row: number, account: number, position_value: number, open_profit: number) {
  const { accounts, rules } = world
  const equity = accounts.equity[account]
  checkLedger(rules.capital, accounts.realised[account], open_profit, equity)
  world.ledgerChecks++
  const cash = accounts.cash[account]
  world.equity.push({ account, bar_at: bars.bar_at[row], session_date: bars.session_date[row], cash, position_value, equity })
}

function unrealised({ state }: World, symbol: number): number {
  const quantity = state.quantity[symbol]
  if (quantity === 0) return 0
  return quantity * (state.last_close[symbol] - state.entry_price[symbol]) - state.entry_commission[symbol]
}
