import type { BarColumns } from '../rows.js'
import type { World } from './world.js'

const daysOfYear = 365

/** Charges a short position for the nights since it was opened or last charged, on its value at the last close. */
export function chargeBorrowing({ state, rules, accounts, isShared }: World, bars: BarColumns, row: number): void {
  const symbol = bars.symbol[row]
  const nights = bars.session_date[row] - state.charged_date[symbol]
  const value = -state.quantity[symbol] * state.last_close[symbol]
  const fee = (value * rules.borrow_rate * nights) / daysOfYear
  state.charged_date[symbol] = bars.session_date[row]
  state.borrow_fees[symbol] += fee
  accounts.cash[isShared ? 0 : symbol] -= fee
}

/** Pays interest for the nights since the last session on the cash that an account had then, short proceeds apart. */
export function payInterest({ accounts, rules }: World, account: number, session_date: number): void {
  const since = accounts.interest_date[account]
  if (since === session_date) return
  accounts.interest_date[account] = session_date
  if (since === -1) return
  const own = accounts.cash[account] - accounts.short_value[account]
  const interest = (own * rules.cash_rate * (session_date - since)) / daysOfYear
  accounts.cash[account] += interest
  accounts.interest[account] += interest
}
