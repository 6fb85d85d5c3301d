import { literal } from '../database/quote.js'

const columns = 'symbol, exchange, bar_at, closed_at, session_date, open, high, low, close, volume'

/** Returns SQL that reads stored bars from Parquet files; `condition` limits them. */
export function storedBarsSql(files: readonly string[], condition = 'true'): string {
  return `select ${columns} from read_parquet([${files.map(literal).join(', ')}]) where ${condition}`
}
