import type { Database } from '../database/database.js'
import { literal } from '../database/quote.js'
import { nearest, usageError } from '../errors.js'
import type { Curve } from '../metrics/comparison.js'
import { barFiles, storedSymbols, storedTimeframes, type Store } from '../store/layout.js'
import { storedSql } from '../store/partition-file.js'
import { parseTimeframes, type Timeframe } from '../store/timeframe.js'
import type { BacktestConfig } from './config.js'

/**
 * Reads the closes of the benchmark, one a session, up to the end of the run; `firstDate` is the run's first session, in days
 * since 1970. Null when none is asked for.
 */
export async function readBenchmark(
  database: Database,
  store: Store,
  { benchmark, to }: BacktestConfig,
  frames: readonly Timeframe[],
  firstDate: number,
): Promise<Curve | null> {
  if (benchmark === null) return null
  const parts = frames.map(({ name }, order) => `
    select session_date, arg_max(close, bar_at) as close, ${order} as place
    from (${storedSql(barFiles(store, name))})
    where symbol = ${literal(benchmark)} and ${to === null ? 'true' : `session_date <= date ${literal(to)}`}
    group by session_date`)
  const { length, date, close } = await database.columns<'date' | 'close'>(`
    select (session_date - date '1970-01-01')::integer as date, arg_min(close, place)::double as close
    from (${parts.join(' union all ')})
    group by session_date order by session_date`)
  const before = date.findIndex((day) => day >= firstDate)
  const first = before === -1 ? length : before
  return { start: first === 0 ? NaN : close[first - 1], dates: date.subarray(first), values: close.subarray(first) }
}

/**
 * Returns the stored timeframes that give closes of the benchmark: daily bars, then what else is in a day; for bars of more
 * than a day, the same bars. Throws a usage error when there are none.
 */
export function benchmarkFrames(store: Store, { benchmark, timeframe }: BacktestConfig): Timeframe[] {
  if (benchmark === null) return []
  const stored = parseTimeframes(storedTimeframes(store))
  const isLong = isLongerThanDay(timeframe)
  const useful = stored.filter((frame) => (isLong ? frame === timeframe : !isLongerThanDay(frame))).reverse()
  const found = useful.filter(({ name }) => storedSymbols(store, name).includes(benchmark))
  if (found.length > 0) return found
  const symbols = [...new Set(useful.flatMap(({ name }) => storedSymbols(store, name)))]
  const kind = isLong ? timeframe.name : 'daily or shorter'
  const what = `the store has no ${kind} bars of "${benchmark}"`
  throw usageError({ what, where: '--benchmark', expected: 'a symbol of the store', nearest: nearest(benchmark, symbols) })
}

function isLongerThanDay({ unit }: Timeframe): boolean {
  return unit !== undefined && unit !== 'day'
}
