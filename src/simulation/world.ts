import { declinedColumns, declineReasons, equityColumns, tradeColumns } from '../rows.js'
import type { BarColumns, DeclinedColumn, DeclineReason, EquityColumn, TradeColumn } from '../rows.js'
import { openAccounts, type Accounts } from './accounts.js'
import { growing, type Growing } from './growing.js'
import { trueRanges, type Ranges } from './ranges.js'
import type { Rules } from './rules.js'
import { emptyState, type SymbolState } from './state.js'

/** What is known of the symbols of a simulation before its first bar. */
export interface SymbolFacts {
  /** Opening instants of their last bars. */
  lastBarAt: Float64Array
  /** Codes of their sectors, -1 for none; needed with `max_sector_positions`. */
  sectors?: Int32Array
}

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
  /** Sectors of the symbols from 0, in which 0 is no sector; and the positions of a shared account in each. */
  sectors: Int32Array
  sectorPositions: Int32Array
  /** Kept only when a rule needs them. */
  ranges: Ranges | null
  trades: Growing<TradeColumn>
  equity: Growing<EquityColumn>
  declined: Growing<DeclinedColumn>
  ledgerChecks: number
  /** Bars of which the order of events mattered and was not known, and those of them that finer bars told. */
  ambiguousBars: number
  resolvedBars: number
}

/** Returns the world before the first bar. */
export function newWorld(rules: Rules, { lastBarAt, sectors }: SymbolFacts): World {
  const count = lastBarAt.length
  const isShared = rules.accounts === 'shared'
  const ofSymbols = sectors === undefined ? new Int32Array(count) : sectors.map((sector) => sector + 1)
  const needsRanges = rules.sizing === 'volatility' || rules.trail_ranges !== null
  return {
    ...{ rules, isShared, lastBarAt, state: emptyState(count), holding: new Set() },
    accounts: openAccounts(isShared ? 1 : count, rules.capital),
    ...{ sectors: ofSymbols, sectorPositions: new Int32Array(ofSymbols.reduce((most, sector) => Math.max(most, sector), 0) + 1) },
    ranges: needsRanges ? trueRanges(count, rules.range_bars) : null,
    ...{ trades: growing(tradeColumns), equity: growing(equityColumns), declined: growing(declinedColumns) },
    ...{ ledgerChecks: 0, ambiguousBars: 0, resolvedBars: 0 },
  }
}

/** The account of a symbol. */
export function accountOf({ isShared }: World, symbol: number): number {
  return isShared ? 0 : symbol
}

/** Whether a bar has no fills because nothing was traded in it. */
export function isHalted({ rules }: World, bars: BarColumns, row: number): boolean {
  return rules.require_volume && !(bars.volume[row] > 0)
}

/** Records that the entry which was decided at `bar_at` does not become a position, and why. */
export function decline({ declined }: World, symbol: number, bar_at: number, reason: DeclineReason): void {
  const row = declined.add()
  declined.columns.symbol[row] = symbol
  declined.columns.bar_at[row] = bar_at
  declined.columns.reason[row] = declineReasons.indexOf(reason)
}
