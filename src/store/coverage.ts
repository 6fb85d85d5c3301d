import { storedTimeframes, timeframeFolder, type Store } from './layout.js'
import { readManifest, type Manifest } from './manifest.js'
import { isFinerThan, parseTimeframes, type Timeframe } from './timeframe.js'

/**
 * Returns the stored timeframes of which the bars of `wanted` are made, finest first: itself where it is stored, and finer ones
 * unless they have neither a symbol nor a month that `wanted` lacks.
 */
export function sourceTimeframes(store: Store, wanted: Timeframe): Timeframe[] {
  return parseTimeframes(storedTimeframes(store)).filter((timeframe) => {
    return timeframe === wanted || (isFinerThan(timeframe, wanted) && addsBars(store, timeframe, wanted))
  })
}

/** Whether bars resampled from `finer` add symbols or months to the stored ones of `coarser`, which may be none. */
export function addsBars(store: Store, finer: Timeframe, coarser: Timeframe): boolean {
  const [more, present] = [finer, coarser].map(({ name }) => readManifest(timeframeFolder(store, name)))
  const symbols = new Set(present.symbols)
  if (more.symbols.some((symbol) => !symbols.has(symbol))) return true
  const isMonthly = Object.keys(present.partitions).every((key) => key.startsWith('month='))
  const periods = new Set(periodsOf(present, isMonthly))
  return periodsOf(more, isMonthly).some((period) => !periods.has(period))
}

/** The months, or only the years, of a timeframe's partitions, such as `2026-01` or `2026`. */
function periodsOf({ partitions }: Manifest, isMonthly: boolean): string[] {
  return Object.keys(partitions).map((key) => key.slice(key.indexOf('=') + 1).slice(0, isMonthly ? 7 : 4))
}
