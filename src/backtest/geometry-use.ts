import type { BacktestConfig } from './config.js'

/** What a run may do with the columns of the geometry that runs leave in the store for each other. */
export interface CacheUse {
  /** Whether it may read those that others have left. */
  reads: boolean
  /** Least number of stored bars of its symbols from which on it leaves its own; Infinity: never. */
  leastBars: number
}

/** Neither reads nor leaves anything. */
export const noCache: CacheUse = { reads: false, leastBars: Infinity }

/** The geometry of fewer bars is computed in half a second. */
export const usualCache: CacheUse = { reads: true, leastBars: 50_000 }

/** Returns a use that leaves nothing: of a run that is done in several parts, each has computed some symbols only. */
export function onlyReading(use: CacheUse): CacheUse {
  return { ...use, leastBars: Infinity }
}

/** Returns the use that a run has chosen. */
export function chosenCache({ cache }: BacktestConfig): CacheUse {
  return cache ? usualCache : noCache
}
