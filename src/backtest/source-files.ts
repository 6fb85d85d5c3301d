import { sourceTimeframes } from '../store/coverage.js'
import { barFiles, storedSymbols, storedTimeframes, type Store } from '../store/layout.js'
import { isFinerThan, parseTimeframes, type Timeframe } from '../store/timeframe.js'

/** The Parquet files of the stored timeframes that a run reads, finest first. */
export type SourceFiles = ReadonlyMap<Timeframe, readonly string[]>

/** Returns the files of the traded timeframe, of those from which it is made, and of stored ones that `sql` names in quotes. */
export function sourceFiles(store: Store, traded: Timeframe, sql = ''): SourceFiles {
  const made = sourceTimeframes(store, traded)
  const useful = parseTimeframes(storedTimeframes(store)).filter((timeframe) => {
    return made.includes(timeframe) || (isFinerThan(timeframe, traded) && sql.includes(`'${timeframe.name}'`))
  })
  return new Map(useful.map((timeframe) => [timeframe, barFiles(store, timeframe.name)]))
}

/** Returns the symbols of which there are bars in these files, by name: also those of which the traded timeframe is made of finer bars. */
export function symbolsIn(store: Store, files: SourceFiles): string[] {
  return [...new Set([...files.keys()].flatMap(({ name }) => storedSymbols(store, name)))].sort()
}
