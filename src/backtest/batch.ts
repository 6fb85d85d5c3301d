import type { Database } from '../database/database.js'
import { literal } from '../database/quote.js'
import { createView } from '../models/bar-views.js'
import { storedBarsSql } from '../models/stored-bars.js'
import type { BarColumns } from '../rows.js'
import type { Timeframe } from '../store/timeframe.js'
import { readBars, type BarOrder } from './bars.js'
import type { PlannedSymbol } from './plan.js'
import { checkSignals, readSignals, type Signals } from './signals.js'

/** What the batches of a run have in common. */
export interface BatchSource {
  database: Database
  /** Parquet files of each stored timeframe from which the bars come. */
  files: ReadonlyMap<Timeframe, readonly string[]>
  /** The traded timeframe. */
  timeframe: Timeframe
  /** SQL condition on the bars that the run may know at all: those up to its end. */
  known: string
  /** SQL condition on the bars that may be traded. */
  traded: string
  /** The strategy's file, for messages, and the columns that it returns. */
  strategy: { name: string; columns: readonly string[] }
  symbols: readonly string[]
}

/** The bars and signals of some symbols. */
export interface Batch {
  bars: BarColumns
  signals: Signals
}

/** Computes the signals of a batch of consecutive symbols and reads its bars, both in the order `order`. */
export async function loadBatch(
  source: BatchSource,
  batch: readonly PlannedSymbol[],
  order: BarOrder,
): Promise<Batch> {
  const { database, timeframe, traded, strategy, symbols } = source
  await selectSymbols(source, batch[0].symbol, batch.at(-1)!.symbol)
  const signals = await readSignals(database, 'strategy', strategy.columns, traded, order, {
    name: strategy.name,
    linesBefore: 1,
  })
  const bars = await readBars(database, `"${timeframe.name}".bars`, traded, order)
  checkSignals(bars, signals.columns, symbols, strategy.name)
  return { bars, signals }
}

/** Narrows the stored bars to the symbols from `first` to `last`. */
async function selectSymbols({ database, files, known }: BatchSource, first: string, last: string): Promise<void> {
  const condition = `symbol between ${literal(first)} and ${literal(last)} and ${known}`
  for (const [{ name }, paths] of files) {
    const text = `select ${literal(name)} as timeframe, * from (${storedBarsSql(paths, condition)})`
    await createView(database, name, 'stored_bars', text)
  }
}
