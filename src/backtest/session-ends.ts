import type { Database } from '../database/database.js'
import type { BarColumns } from '../rows.js'
import type { BarOrder } from './bars.js'
import { rowsOf, type Keys } from './rows-of.js'

/**
 * Returns for each bar whether it is the last of its symbol in its session, among those of `relation` for which
 * `condition` holds; sessions may end beyond `bars`.
 */
export async function sessionEnds(
  database: Database,
  bars: BarColumns,
  relation: string,
  condition: string,
  order: BarOrder,
): Promise<Int8Array> {
  const isEnd = new Int8Array(bars.length)
  if (bars.length === 0) return isEnd
  const [first, last] = bars.session_date.reduce(([low, high], date) => [Math.min(low, date), Math.max(high, date)], [Infinity, -Infinity])
  const day = (days: number) => `date '1970-01-01' + ${days}`
  const ends = (await database.columns(`
    select code as symbol, epoch_ms(max(bars.bar_at))::double as bar_at
    from ${relation} as bars join run_symbols using (symbol)
    where ${condition} and session_date between ${day(first)} and ${day(last)}
    group by code, session_date
    order by ${order}`)) as unknown as Keys
  for (const row of rowsOf(bars, ends, order)) if (row >= 0) isEnd[row] = 1
  return isEnd
}
