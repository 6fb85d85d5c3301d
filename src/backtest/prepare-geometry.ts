import type { Database } from '../database/database.js'
import { DgasError } from '../errors.js'
import { storedSymbols, storedTimeframes, type Store } from '../store/layout.js'
import { parseTimeframes } from '../store/timeframe.js'
import { resourcesOf, usualBatchBars } from './batch-size.js'
import { computeGeometry, type BatchSource } from './batch.js'
import { backtestConfig } from './config.js'
import { storedBarCount } from './geometry-identity.js'
import { usualCache } from './geometry-use.js'
import { prepareWithPlan } from './prepare-source.js'

/** What runs to come find in the store. */
export interface PreparedGeometry {
  /** The strategy that reads it. */
  strategy: string
  timeframe: string
  /** The higher timeframes beside which it was computed. */
  higher: string[]
  symbols: number
  /** Stored bars of these symbols. */
  bars: number
  /** Whether it was there already. */
  isOld: boolean
  /** Why it could not be left in the store; null: it was. */
  fault: string | null
}

/** How the work is told of and ended; all fields optional. */
export interface PreparationControl {
  /** Told how many bars it is, before they are computed. */
  onBegin?: (bars: number) => void
  /** Whether it is to end before the next batch. */
  isStopped?: () => boolean
}

/** Returns about how many bars `prepareGeometry` computes the geometry of. */
export function barsToPrepare(store: Store, timeframe: string): number {
  const config = backtestConfig({ timeframe }, parseTimeframes(storedTimeframes(store)))
  return Math.round(storedBarCount(store, config, storedSymbols(store, timeframe)))
}

/**
 * Computes what a backtest without further choices reads of the geometry of all stored bars of `timeframe`, and leaves it in the store,
 * as the first run would. What is there already is not computed again. Throws a `DgasError` for bars that cannot be read or computed, and
 * one with exit code 130 when it is stopped.
 */
export async function prepareGeometry(
  database: Database,
  store: Store,
  timeframe: string,
  { onBegin, isStopped = () => false }: PreparationControl = {},
): Promise<PreparedGeometry> {
  const chosen = backtestConfig({ timeframe }, parseTimeframes(storedTimeframes(store)))
  const stored = storedSymbols(store, timeframe)
  const config = { ...chosen, batchBars: usualBatchBars(await resourcesOf(database), barsToPrepare(store, timeframe)) }
  const [common, plan] = await prepareWithPlan({ database, store, config, use: { ...usualCache, leastBars: 0 } }, stored)
  const { cache } = common
  try {
    const symbols = plan.symbols.map(({ symbol }) => symbol)
    const source: BatchSource = { ...common, symbols, isPart: symbols.length < stored.length }
    const computed = plan.symbols.reduce((sum, symbol) => sum + symbol.bars, 0)
    const { strategy, higher } = config
    const of = { strategy: strategy.name, timeframe, higher: higher.map(({ name }) => name), symbols: symbols.length, bars: computed }
    if (cache.isOnlyRead()) return { ...of, isOld: true, fault: null }
    onBegin?.(computed)
    for (const batch of plan.batches) {
      if (isStopped()) throw new DgasError({ what: 'interrupted', exit: 130 })
      await computeGeometry(source, batch.map(({ symbol }) => symbol))
    }
    return { ...of, isOld: false, fault: await cache.finish(symbols) }
  } finally {
    await cache.close()
  }
}
