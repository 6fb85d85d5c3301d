import type { Database } from '../database/database.js'
import type { Store } from '../store/layout.js'
import type { BatchSource } from './batch.js'
import { withBlame } from './blame.js'
import type { BacktestConfig } from './config.js'
import { appliedActions } from './corporate-actions.js'
import type { CacheUse } from './geometry-use.js'
import { KeptGeometry } from './kept-geometry.js'
import { makePlan, tradedRange, type Plan } from './plan.js'
import { prepareStrategy, type Preparation } from './prepare.js'
import { sourceFiles } from './source-files.js'

/** What the batches of a run have in common, whatever its symbols are. */
export type CommonSource = Omit<BatchSource, 'symbols' | 'isPart'>

/** A run that is being prepared, and what it may do with the geometry that runs share. */
export interface PreparedRun {
  database: Database
  store: Store
  config: BacktestConfig
  use: CacheUse
}

/**
 * Prepares what the batches of a run have in common, and plans those of the symbols `wanted`. Geometry that other runs have left
 * is used when it is there for every symbol of the plan.
 */
export async function prepareWithPlan(run: PreparedRun, wanted: readonly string[]): Promise<[CommonSource, Plan]> {
  const prepared = await prepareAndPlan(run, wanted)
  const [{ cache }, { symbols }] = prepared
  if (cache.covers(symbols.map(({ symbol }) => symbol))) return prepared
  await cache.close()
  return prepareAndPlan({ ...run, use: { ...run.use, reads: false } }, wanted)
}

/** Prepares what the batches of a run have in common of which the symbols are known. */
export async function prepareForSymbols(run: PreparedRun, symbols: readonly string[]): Promise<CommonSource> {
  const common = await prepareSource(run, { symbols })
  if (common.cache.covers(symbols)) return common
  await common.cache.close()
  return prepareSource({ ...run, use: { ...run.use, reads: false } }, { symbols })
}

/** Counts the bars of a run while its strategy is planned. */
async function prepareAndPlan(run: PreparedRun, wanted: readonly string[]): Promise<[CommonSource, Plan]> {
  const { database, store, config } = run
  const files = [...sourceFiles(store, config.timeframe).values()].flat()
  const beside = await database.fork()
  let planning: Promise<Plan> | undefined
  const plan = () => planning ??= makePlan(beside, `"${config.timeframe.name}".bars`, wanted, config, files)
  try {
    const onBars = () => {
      // a failure is dealt with when the strategy is known to be right
      plan().catch(() => undefined)
    }
    const common = await prepareSource(run, { symbols: wanted, onBars })
    try {
      return [common, await withBlame(database, common.files, plan)]
    } catch (error) {
      await common.cache.close()
      throw error
    }
  } finally {
    await planning?.catch(() => undefined)
    beside.close()
  }
}

async function prepareSource({ database, store, config, use }: PreparedRun, preparation: Omit<Preparation, 'cache'>): Promise<CommonSource> {
  const files = sourceFiles(store, config.timeframe, config.strategy.text)
  const actions = appliedActions(store, config)
  const known = config.to === null ? 'true' : `session_date <= date '${config.to}'`
  const cache = new KeptGeometry(database, store, config, files, use)
  try {
    const columns = await withBlame(database, files, () => prepareStrategy(database, store, config, files, known, { ...preparation, cache }))
    return { database, config, files, known, columns, traded: tradedRange(config), actions, cache }
  } catch (error) {
    await cache.close()
    throw error
  }
}
