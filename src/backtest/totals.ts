import { buyAndHold, type Holding } from '../metrics/holding.js'
import type { BatchHealth } from '../report/record.js'
import type { BatchRecord, FailedSymbol } from './batch-record.js'
import { measures, type Measures } from './measures.js'
import { TradeGrouping } from './trade-groups.js'
import type { RunWork } from './work.js'

/** What the figures of a run are made of, collected batch by batch in the order of the symbols. */
export interface Totals {
  figures: Measures
  holding: Holding
  grouping: TradeGrouping
  ledgerChecks: number
  finerBars: { ambiguous: number; resolved: number }
  failed: FailedSymbol[]
  /** What the report says of the batches, in their order. */
  batches: BatchHealth[]
}

/** Returns the totals of a run of which nothing is done. */
export function noTotals(work: RunWork): Totals {
  const { plan, config } = work
  const count = plan.symbols.length
  return {
    ...{ figures: measures(plan.symbols, config), holding: buyAndHold(count), ledgerChecks: 0 },
    grouping: new TradeGrouping(work),
    ...{ finerBars: { ambiguous: 0, resolved: 0 }, failed: [], batches: [] },
  }
}

/** Adds the record of a batch; the figures of its accounts are added by themselves. */
export function addRecord(totals: Totals, record: BatchRecord): void {
  const { memory_bytes, attempts, failures, is_degraded } = record
  totals.figures.addDeclined(record.declined)
  totals.holding.addChanges(record.held)
  addChecks(totals, record.ledger_checks, record.finer_bars)
  totals.failed.push(...record.failed)
  totals.batches.push({ memory_bytes, attempts, failures, is_degraded })
}

/** Adds what a simulation says of itself. */
export function addChecks(totals: Totals, ledgerChecks: number, { ambiguous, resolved }: Totals['finerBars']): void {
  totals.ledgerChecks += ledgerChecks
  totals.finerBars.ambiguous += ambiguous
  totals.finerBars.resolved += resolved
}
