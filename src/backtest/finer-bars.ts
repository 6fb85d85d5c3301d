import type { Database } from '../database/database.js'
import { usageError } from '../errors.js'
import type { BarColumns, FinerBars } from '../rows.js'
import type { Timeframe } from '../store/timeframe.js'
import type { BarOrder } from './bars.js'
import type { SourceFiles } from './source-files.js'

/** Returns the finest of the timeframes in `files`. Throws a usage error when none is finer than the traded one. */
export function finestBelow(files: SourceFiles, traded: Timeframe): Timeframe {
  const [finest] = files.keys()
  if (finest !== traded) return finest
  const expected = `bars finer than ${traded.name} in the store, or --intrabar pessimistic`
  throw usageError({ what: `nothing is known of the inside of ${traded.name} bars`, where: '--intrabar finer', expected })
}

/**
 * Reads the stored bars of the timeframe `finer` that lie in `bars`, which are those of `relation` for which `condition`
 * holds.
 */
export async function readFinerBars(
  database: Database,
  bars: BarColumns,
  finer: Timeframe,
  relation: string,
  condition: string,
  order: BarOrder,
): Promise<FinerBars> {
  const parts = (await database.columns(`
    with bars as (
      select symbol, code, bar_at, closed_at, session_date
      from ${relation} as bars join run_symbols using (symbol)
      where ${condition}
    )

    select
      code as symbol,
      epoch_ms(bars.bar_at)::double as bar_at,
      (bars.session_date - date '1970-01-01')::integer as session_date,
      finer.open, finer.high, finer.low, finer.close, finer.volume::double as volume
    from "${finer.name}".stored_bars as finer
    asof join bars on finer.symbol = bars.symbol and finer.bar_at >= bars.bar_at
    where finer.bar_at < bars.closed_at
    order by ${order.split(', ').map((name) => `bars.${name}`).join(', ')}, finer.bar_at`)) as unknown as BarColumns
  return { ...parts, first: firstRows(bars, parts) }
}

/** Returns at which row of `parts` those of each bar begin; both are in the same order. */
function firstRows(bars: BarColumns, parts: BarColumns): Int32Array {
  const first = new Int32Array(bars.length + 1)
  let part = 0
  for (let row = 0; row < bars.length; row++) {
    first[row] = part
    while (part < parts.length && parts.symbol[part] === bars.symbol[row] && parts.bar_at[part] === bars.bar_at[row]) part++
  }
  first[bars.length] = part
  return first
}
