import type { BacktestSpec } from '../backtest/config.js'
import type { Observer } from '../backtest/progress.js'
import { runBacktest, type RunResult } from '../backtest/run.js'
import { isInterruption } from '../errors.js'
import type { RunRecord, SymbolRow } from '../report/record.js'
import type { RunRelation } from '../store/run-relations.js'
import { query, type QueryResult } from './query.js'
import { withDatabase, type OpenStore } from './store.js'

/** What to simulate; all fields optional, as on the command line. */
export interface BacktestChoice extends Omit<BacktestSpec, 'parameters'> {
  /** Parameters of the strategy by name. */
  parameters?: Readonly<Record<string, string | number | boolean>>
}

/** How to watch and to end a backtest. */
export interface BacktestControl {
  /** Told of the progress at the beginning and after each batch. */
  onProgress?: Observer
  /** Ends the backtest after the batch that is being computed; the run stays in the store, and `dgas backtest --resume` goes on with it. */
  signal?: AbortSignal
}

/** A finished run. Its rows lie in the store. */
export interface BacktestResult {
  /** Name of the run, as `dgas report` and the column `run_id` know it. */
  id: string
  /** Folder of the run. */
  folder: string
  /** All accounts together: total_return_pct, sharpe_ratio, maximum_drawdown_pct …; `record.metric_reasons` says why one is null. */
  metrics: Readonly<Record<string, number | null>>
  /** What became of each symbol, one row each, skipped and failed ones among them. */
  symbols: readonly SymbolRow[]
  /** All that `run.json` says of the run. */
  record: RunRecord
  /** Reads one relation of this run as columns: trades, equity, signals, symbol_metrics … */
  columns: (relation: RunRelation) => Promise<QueryResult>
}

/**
 * Runs a backtest and writes its folder in the store. Throws a `DgasError` for a wrong choice and when there is nothing to
 * simulate, and the reason of `signal` when it ends the backtest; after the last batch nothing is left to end. Symbols that
 * failed are named in the result.
 */
export async function backtest(
  store: OpenStore,
  choice: BacktestChoice = {},
  { onProgress = () => undefined, signal }: BacktestControl = {},
): Promise<BacktestResult> {
  signal?.throwIfAborted()
  const context = { now: () => new Date(), observe: onProgress, isStopped: () => signal?.aborted === true }
  const run = await withDatabase(store, (database) => runBacktest(database, store, backtestSpec(choice), context)).catch((error: unknown) => {
    throw isInterruption(error) && signal?.aborted === true ? signal.reason : error
  })
  return backtestResult(store, run)
}

function backtestSpec({ parameters = {}, ...choice }: BacktestChoice): BacktestSpec {
  const texts = Object.entries(parameters).map(([name, value]) => [name, String(value)])
  return { ...choice, parameters: Object.fromEntries(texts) as Record<string, string> }
}

function backtestResult(store: OpenStore, { id, folder, record, symbols }: RunResult): BacktestResult {
  const columns = (relation: RunRelation) => {
    return query(store, `select * exclude (run_id) from ${relation} where run_id = $id`, { id })
  }
  return { id, folder, metrics: record.metrics, symbols, record, columns }
}
