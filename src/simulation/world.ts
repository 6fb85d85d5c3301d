import { declinedColumns, declineReasons, equityColumns, tradeColumns } from '../rows.js'
import type { DeclinedColumn, DeclineReason, EquityColumn, TradeColumn } from '../rows.js'
import { openAccounts, type Accounts } from './accounts.js'
import { growing, type Growing } from './growing.js'
import type { Rules } from './rules.js'
import { emptyState, type SymbolState } from './state.js'

/** Everything that a simulation knows. */
export interface World {
  rules: Rules
  state: SymbolState
  accounts: Accounts
  isShared: boolean
  /** Opening instant of the last bar of each symbol: at its close an open position ends. */
  lastBarAt: Float64Array
  /** Symbols with a position, of a shared account only. */
  holding: Set<number>
  trades: Growing<TradeColumn>
  equity: Growing<EquityColumn>
  declined: Growing<DeclinedColumn>
  ledgerChecks: number
}

/** Returns the world before the first bar; `lastBarAt` has an entry for each symbol. */
export function newWorld(rules: Rules, lastBarAt: Float64Array): World {
  const count = lastBarAt.length
  const isShared = rules.accounts === 'shared'
  return {
    ...{ rules, isShared, lastBarAt, state: emptyState(count), holding: new Set() },
    accounts: openAccounts(isShared ? 1 : count, rules.capital),
    ...{ trades: growing(tradeColumns), equity: growing(equityColumns), declined: growing(declinedColumns) },
    ledgerChecks: 0,
  }
}

/** The account of a symbol. */
export function accountOf({ isShared }: World, symbol: number): number {
  return isShared ? 0 : symbol
}

/** Records that the entry which was decided at `bar_at` does not become a position, and why. */
export function decline({ declined }: World, symbol: number, bar_at: number, reason: DeclineReason): void {
  declined.push({ symbol, bar_at, reason: declineReasons.indexOf(reason) })
}
