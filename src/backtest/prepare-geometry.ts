import type { Database } from '../database/database.js'
import { DgasError } from '../errors.js'
import { storedTimeframes, type Store } from '../store/layout.js'
import { parseTimeframes } from '../store/timeframe.js'
import { resourcesOf, usualBatchBars } from './batch-size.js'
import { computeGeometry, type BatchSource } from './batch.js'
import { backtestConfig, type BacktestConfig } from './config.js'
import { storedBarCount } from './geometry-identity.js'
import { usualCache } from './geometry-use.js'
import { prepareWithPlan } from './prepare-source.js'
import type { Progress } from './progress.js'
import { sourceFiles, symbolsIn } from './source-files.js'

/** The geometry that runs to come find in the store. */
export interface PreparedGeometry {
  /** The strategy that reads it. */
  strategy: string
  timeframe: string
  /** The higher timeframes beside which it was computed. */
  higher: string[]
  symbols: number
  /** Bars of these symbols. */
  bars: number
}

/** How the work is told of and ended; all fields optional. */
export interface PreparationControl {
  /** Told how many bars it is, before they are computed; returns whether they are to be. */
  onBegin?: (bars: number) => boolean
  /** Told at the beginning and after each batch. */
  observe?: (progress: Progress) => void
  /** Whether it is to end before the next batch. */
  isStopped?: () => boolean
}

/** Returns about how many stored bars there are from which those of `timeframe` are made, and no fewer than of these. */
export function barsToPrepare(store: Store, timeframe: string): number {
  const config = usualConfig(store, timeframe)
  return Math.round(storedBarCount(store, config, symbolsIn(store, sourceFiles(store, config.timeframe))))
}

/**
 * Computes what a backtest without further choices reads of the geometry of all bars of `timeframe`, and leaves it in the store, as the
 * first run would. Returns null when it is there already, or not to be computed. Throws a `DgasError` for bars that cannot be read or
 * computed, for geometry that cannot be left in the store, and one with exit code 130 when it is stopped.
 */
export async function prepareGeometry(
  database: Database,
  store: Store,
  timeframe: string,
  { onBegin = () => true, observe, isStopped = () => false }: PreparationControl = {},
): Promise<PreparedGeometry | null> {
  const chosen = usualConfig(store, timeframe)
  const stored = symbolsIn(store, sourceFiles(store, chosen.timeframe))
  const config = { ...chosen, batchBars: usualBatchBars(await resourcesOf(database), barsToPrepare(store, timeframe)) }
  const [common, plan] = await prepareWithPlan({ database, store, config, use: { ...usualCache, leastBars: 0 } }, stored)
  const { cache } = common
  try {
    const symbols = plan.symbols.map(({ symbol }) => symbol)
    const source: BatchSource = { ...common, symbols, isPart: symbols.length < stored.length }
    const bars = plan.symbols.reduce((sum, symbol) => sum + symbol.bars, 0)
    if (cache.isOnlyRead() || !onBegin(bars)) return null
    if (!cache.isWriting()) throw new DgasError({ what: 'what the strategy reads cannot be kept' })
    const started = performance.now()
    let [symbolsDone, barsDone] = [0, 0]
    const tell = () => observe?.({
      ...{ symbolsDone, symbols: symbols.length, barsDone, bars },
      ...{ elapsedMs: performance.now() - started, memoryBytes: process.memoryUsage.rss(), failures: 0 },
    })
    tell()
    for (const batch of plan.batches) {
      if (isStopped()) throw new DgasError({ what: 'interrupted', exit: 130 })
      await computeGeometry(source, batch.map(({ symbol }) => symbol))
      symbolsDone += batch.length
      barsDone += batch.reduce((sum, symbol) => sum + symbol.bars, 0)
      tell()
    }
    const fault = await cache.finish(symbols)
    if (fault !== null) throw new DgasError({ what: fault })
    if (!cache.isLeft()) throw new DgasError({ what: 'the bars have changed meanwhile' })
    return { strategy: config.strategy.name, timeframe, higher: config.higher.map(({ name }) => name), symbols: symbols.length, bars }
  } finally {
    await cache.close()
  }
}

/** What a backtest of these bars is without further choices. */
function usualConfig(store: Store, timeframe: string): BacktestConfig {
  return backtestConfig({ timeframe }, parseTimeframes(storedTimeframes(store)))
}
