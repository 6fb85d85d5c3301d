import type { Simulation } from '../simulation/simulate.js'
import { applyActions, computeBatch, readBatch, type Batch, type BatchSource } from './batch.js'
import type { PlannedSymbol } from './plan.js'
import type { Stopwatch } from './stopwatch.js'

/** A part of a run that has been simulated. */
export interface DonePart {
  part: number
  bars: number
  /** Texts of the strategy's reasons, by the codes in the trades of this part. */
  reasons: readonly string[]
  /** The table of signals of which is now known what became of them, in pieces of the size of a batch; null: not yet. */
  signals: { table: string; conditions: readonly string[] } | null
}

/** What a run does with the simulation after each part of it. */
export type AfterPart = (done: DonePart) => Promise<void>

/** Simulates batch after batch of symbols with accounts of their own, computing the next one while one is simulated. */
export async function simulateSeparate(
  source: BatchSource,
  batches: readonly (readonly PlannedSymbol[])[],
  simulation: Simulation,
  watch: Stopwatch,
  after: AfterPart,
): Promise<void> {
  const load = async (part: number) => watch.time('compute', () => loadBatch(source, batches[part], part))
  let next = load(0)
  for (const part of batches.keys()) {
    const batch = await watch.time('wait', () => next)
    if (part + 1 < batches.length) next = load(part + 1)
    // while this is thrown or awaited, a failure of the next batch is no stray rejection
    next.catch(() => undefined)
    watch.now('simulate', () => simulation.advance(batch.bars, batch.signals.columns))
    const { reasons } = batch.signals
    await after({ part, reasons, bars: batch.bars.length, signals: { table: tableOf(part), conditions: ['true'] } })
  }
}

async function loadBatch(source: BatchSource, symbols: readonly PlannedSymbol[], part: number): Promise<Batch> {
  await computeBatch(source, symbols, tableOf(part))
  await applyActions(source)
  const bars = symbols.reduce((sum, { tradedBars }) => sum + tradedBars, 0)
  return readBatch(source, tableOf(part), 'true', 'code, bar_at', bars)
}

function tableOf(part: number): string {
  return `signals_${part}`
}
