import type { Database } from '../database/database.js'
import type { BarColumns } from '../rows.js'
import { bySymbol } from './by-symbol.js'
import { missingNumbers } from './missing.js'
import type { BarOrder } from './rows-of.js'

export type { BarOrder } from './rows-of.js'

/**
 * Computes the bars to be traded of `relation`, with symbols as their codes in the table `run_symbols`, and returns what reads
 * them. `condition` is an SQL condition on them. A volume that is not needed is not read, and NaN.
 */
export async function computedBars(
  database: Database,
  relation: string,
  condition: string,
  order: BarOrder,
  needsVolume: boolean,
): Promise<() => BarColumns> {
  const sql = `
    select
      code as symbol,
      epoch_ms(bar_at)::double as bar_at,
      (session_date - date '1970-01-01')::integer as session_date,
      open, high, low, close${needsVolume ? ', volume' : ''}
    from ${relation} as bars join run_symbols using (symbol)
    where ${condition}`
  const isBySymbol = order === 'code, bar_at'
  const read = await database.computed(isBySymbol ? sql : `${sql} order by ${order}`)
  return () => {
    const columns = read(isBySymbol ? bySymbol : undefined) as unknown as ReadBars
    return { ...columns, volume: columns.volume ?? missingNumbers(columns.length) }
  }
}

type ReadBars = Omit<BarColumns, 'volume'> & Partial<Pick<BarColumns, 'volume'>>
