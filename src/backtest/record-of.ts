import { hostname } from 'node:os'
import { buyAndHold } from '../metrics/holding.js'
import { fileSizes, partName, type BatchRecord } from './batch-record.js'
import { countDeclined } from './measures.js'
import { pace, type Pace } from './pace.js'
import { pieceRelations, tradedBars, type SimulatedPiece } from './piece.js'
import type { PlannedSymbol } from './plan.js'
import type { Survivors } from './survive.js'
import type { Spent } from './stopwatch.js'
import type { RunWork } from './work.js'

/** When a batch was begun, and how long it took to write its rows. */
export interface BatchTimes {
  startedAt: Date
  writing: Spent
}

/** Returns the record of a batch of which the rows are written. */
export function recordOf(
  { run, plan }: Pick<RunWork, 'run' | 'plan'>,
  batch: number,
  { pieces, failed, attempts, failures }: Survivors<SimulatedPiece>,
  { startedAt, writing }: BatchTimes,
  { pace: speed = pace([]), worker = workerName() }: { pace?: Pace; worker?: string },
): BatchRecord {
  const sum = (of: (piece: SimulatedPiece) => number) => pieces.reduce((total, piece) => total + of(piece), 0)
  const [compute_ms, simulate_ms] = [sum(({ computing }) => computing.wall), sum(({ simulating }) => simulating.wall)]
  const [bars, elapsed_ms] = [sum(({ symbols }) => tradedBars(symbols)), compute_ms + simulate_ms + writing.wall]
  const cpu_ms = sum(({ computing, simulating }) => computing.processor + simulating.processor) + writing.processor
  const names = pieces.flatMap((_, part) => pieceRelations.map((relation) => `${relation}/${partName(batch, part)}.parquet`))
  return {
    ...{ run_id: run.id, batch, symbols: sum(({ symbols }) => symbols.length) },
    ...{ first_symbol: plan.batches[batch][0].symbol, last_symbol: plan.batches[batch].at(-1)!.symbol },
    ...{ bars, started_at: startedAt.toISOString(), elapsed_ms, cpu_ms, compute_ms, simulate_ms, write_ms: writing.wall },
    ...{ bars_per_second: (bars / elapsed_ms) * 1000, memory_bytes: process.memoryUsage.rss() },
    ...{ attempts, failures, worker, is_degraded: speed.isDegraded({ bars, elapsed_ms, cpu_ms }), failed },
    ...{ declined: declinedOf(pieces), ledger_checks: sum(({ ledgerChecks }) => ledgerChecks) },
    finer_bars: { ambiguous: sum(({ finerBars }) => finerBars.ambiguous), resolved: sum(({ finerBars }) => finerBars.resolved) },
    held: heldOf(pieces),
    files: fileSizes(run.folder, names),
  }
}

/** Returns the record of a batch of a shared account: its signals are computed as they are written. */
export function recordOfSignals(
  { run, plan }: Pick<RunWork, 'run' | 'plan'>,
  batch: number,
  { pieces, failed, attempts, failures }: Survivors<readonly PlannedSymbol[]>,
  { startedAt, writing: { wall: elapsed_ms, processor: cpu_ms } }: BatchTimes,
  { pace: speed = pace([]), worker = workerName() }: { pace?: Pace; worker?: string },
): BatchRecord {
  const symbols = pieces.flat()
  const bars = tradedBars(symbols)
  return {
    ...{ run_id: run.id, batch, symbols: symbols.length },
    ...{ first_symbol: plan.batches[batch][0].symbol, last_symbol: plan.batches[batch].at(-1)!.symbol },
    ...{ bars, started_at: startedAt.toISOString(), elapsed_ms, cpu_ms, compute_ms: elapsed_ms, simulate_ms: null, write_ms: 0 },
    ...{ bars_per_second: (bars / elapsed_ms) * 1000, memory_bytes: process.memoryUsage.rss() },
    ...{ attempts, failures, worker, is_degraded: speed.isDegraded({ bars, elapsed_ms, cpu_ms }), failed },
    ...{ declined: [], ledger_checks: 0, finer_bars: { ambiguous: 0, resolved: 0 }, held: { dates: [], wholes: [], parts: [] } },
    files: fileSizes(run.folder, pieces.map((_, part) => `computed/${partName(batch, part)}.parquet`)),
  }
}

/** Returns the name of this process among those that may do batches of a run. */
export function workerName(): string {
  return `${hostname()}:${process.pid}`
}

function declinedOf(pieces: readonly SimulatedPiece[]): number[] {
  const counts = pieces.map(({ declined }) => countDeclined(declined))
  return counts.length === 0 ? [] : counts.reduce((total, some) => total.map((entries, code) => entries + some[code]))
}

function heldOf(pieces: readonly SimulatedPiece[]) {
  const all = buyAndHold(0)
  for (const { held } of pieces) all.addChanges(held)
  return all.changes()
}
