import { declinedColumns, declineReasons, equityColumns, tradeColumns } from '../rows.js'
import type { BarColumns, DeclinedColumn, DeclineReason, EquityColumn, TradeColumn } from '../rows.js'
import { Accounts } from './accounts.js'
import { Growing } from './growing.js'
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

/**
 * Everything that a simulation knows. It is a class, and so are its parts, because what is compiled for the first object of a
 * literal is thrown away with the second one: each batch of a run would begin slowly.
 */
export class World {
  declare readonly rules: Rules
  declare readonly isShared: boolean
  /** Opening instant of the last bar of each symbol: at its close an open position ends. */
  declare readonly lastBarAt: Float64Array
  declare readonly state: SymbolState
  declare readonly accounts: Accounts
  /** Symbols with a position, of a shared account only. */
  readonly holding = new Set<number>()
  /** Sectors of the symbols from 0, in which 0 is no sector; and the positions of a shared account in each. */
  declare readonly sectors: Int32Array
  declare readonly sectorPositions: Int32Array
  /** Kept only when a rule needs them. */
  declare readonly ranges: Ranges | null
  readonly trades = new Growing<TradeColumn>(tradeColumns)
  readonly equity = new Growing<EquityColumn>(equityColumns)
  readonly declined = new Growing<DeclinedColumn>(declinedColumns)
  ledgerChecks = 0
  /** Bars of which the order of events mattered and was not known, and those of them that finer bars told. */
  ambiguousBars = 0
  resolvedBars = 0

  /** Makes the world before the first bar. */
  constructor(rules: Rules, { lastBarAt, sectors }: SymbolFacts) {
    const count = lastBarAt.length
    this.rules = rules
    this.isShared = rules.accounts === 'shared'
    this.lastBarAt = lastBarAt
    this.state = emptyState(count)
    this.accounts = new Accounts(this.isShared ? 1 : count, rules.capital)
    this.sectors = sectors === undefined ? new Int32Array(count) : sectors.map((sector) => sector + 1)
    this.sectorPositions = new Int32Array(this.sectors.reduce((most, sector) => Math.max(most, sector), 0) + 1)
    const needsRanges = rules.sizing === 'volatility' || rules.trail_ranges !== null
    this.ranges = needsRanges ? trueRanges(count, rules.range_bars) : null
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
