import type { BarColumns } from '../rows.js'
import { checkLedger } from './accounts.js'
import { withdraw } from './decisions.js'
import { askToLeave } from './exits.js'
import { exitCode } from './fills.js'
import type { World } from './world.js'

const marginCall = exitCode('margin_call')

/** Marks the separate account of a symbol and, at the end of a session, records it. */
export function markSeparate(world: World, bars: BarColumns, row: number, isSessionEnd: boolean): void {
  const { state, accounts } = world
  const symbol = bars.symbol[row]
  const quantity = state.quantity[symbol]
  const position_value = quantity === 0 ? 0 : quantity * state.last_close[symbol]
  accounts.long_value[symbol] = Math.max(0, position_value)
  accounts.short_value[symbol] = Math.max(0, -position_value)
  accounts.equity[symbol] = accounts.cash[symbol] + position_value
  if (isCalled(world, symbol)) call(world, [symbol])
  if (isSessionEnd) record(world, bars, row, symbol, position_value, unrealised(world, symbol))
}

/** Marks the shared account at a close of all symbols and records it. */
export function markShared(world: World, bars: BarColumns, row: number): void {
  const { state, accounts } = world
  let position_value = 0
  let short_value = 0
  let open_profit = 0
  for (const symbol of world.holding) {
    const value = state.quantity[symbol] * state.last_close[symbol]
    position_value += value
    if (value < 0) short_value -= value
    open_profit += unrealised(world, symbol)
  }
  accounts.long_value[0] = position_value + short_value
  accounts.short_value[0] = short_value
  accounts.equity[0] = accounts.cash[0] + position_value
  if (isCalled(world, 0)) call(world, state.quantity.keys())
  record(world, bars, row, 0, position_value, open_profit)
}

/** Whether an account has too little equity for its positions; without debts it never has. */
function isCalled({ accounts, rules }: World, account: number): boolean {
  const { cash, equity, short_value, long_value, is_called } = accounts
  if (cash[account] >= 0 && short_value[account] === 0) {
    is_called[account] = 0
    return false
  }
  const isShort = equity[account] < rules.maintenance_margin * (long_value[account] + short_value[account])
  is_called[account] = isShort ? 1 : 0
  return isShort
}

/** Has the positions of `symbols` left at the next open and takes back their orders. */
function call(world: World, symbols: Iterable<number>): void {
  const { state } = world
  for (const symbol of symbols) {
    if (state.quantity[symbol] !== 0) askToLeave(world, symbol, marginCall)
    if (state.isActive[symbol] === 1 && state.order[symbol] !== 0) withdraw(world, symbol, 'margin call')
  }
}

function record(world: World, bars: BarColumns, row: number, account: number, position_value: number, open_profit: number) {
  const { accounts, rules } = world
  const equity = accounts.equity[account]
  const interest = accounts.interest[account]
  checkLedger(rules.capital, accounts.realised[account] + interest, open_profit, equity)
  world.ledgerChecks++
  const mark = world.equity.add()
  const { columns } = world.equity
  columns.account[mark] = account
  columns.bar_at[mark] = bars.bar_at[row]
  columns.session_date[mark] = bars.session_date[row]
  columns.cash[mark] = accounts.cash[account]
  columns.position_value[mark] = position_value
  columns.interest[mark] = interest
  columns.equity[mark] = equity
}

function unrealised({ state }: World, symbol: number): number {
  const quantity = state.quantity[symbol]
  if (quantity === 0) return 0
  const costs = state.commission[symbol] + state.borrow_fees[symbol]
  return quantity * (state.last_close[symbol] - state.entry_price[symbol]) + state.dividends[symbol] - costs
}
