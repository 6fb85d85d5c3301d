import type { Database } from '../database/database.js'
import { identifier, literal } from '../database/quote.js'
import { createView } from '../models/bar-views.js'

/** The schema that holds the bars of a timeframe, and an SQL condition on those that count. */
export interface FrameBars {
  timeframe: string
  schema: string
  condition: string
  /** How many of the last bars of each symbol are kept. */
  kept: number
}

/** Bars over which the mean range is taken. */
const rangeBars = 100

/** Bars before a kept one of whose streaks its patterns take account. */
const checkedBars = 4

/**
 * Creates the table `recent.series`: a number for each symbol and timeframe, how many bars it has, and from which bar on it is
 * kept, checked, computed (the last `tail`; null: all), and needed for the mean range of those that are checked.
 */
export async function createSeries(database: Database, frames: readonly FrameBars[], tail: number | null): Promise<void> {
  const counted = frames.map((frame) => `
    select
      ${literal(frame.timeframe)} as timeframe,
      symbol,
      count(*) as bars,
      ${frame.kept} as kept,
      max(bar_at, ${Math.max(rangeBars + frame.kept + checkedBars, tail ?? 0)}) as latest
    from (${barsText(frame)})
    group by symbol`)
  await database.run(`
    create table recent.series as
    select
      row_number() over () as series,
      true as is_wanted,
      timeframe,
      symbol,
      bars,
      latest[least(kept, bars)] as kept_from,
      latest[least(kept + ${checkedBars}, bars)] as checked_from,
      ${tail === null ? `'-infinity'::timestamp` : `latest[least(${tail}, bars)]`} as tail_from,
      latest[least(kept + ${rangeBars + checkedBars}, bars)] as range_from
    from (${counted.join(' union all ')})`)
}

/**
 * Creates the view `recent.bars` over the bars of all series from `start` on, under the number of their series in the place of
 * a symbol; with the mean ranges of the table `recent.ranges` when it is there.
 */
export async function createSeriesBars(
  database: Database,
  frames: readonly FrameBars[],
  start: 'tail_from' | 'range_from',
  withRanges: boolean,
): Promise<void> {
  await createView(database, 'recent', 'bars', `
    select
      series as symbol,
      timeframe,
      ${barColumns.map((column) => `bars.${column}`).join(', ')},
      ${withRanges ? 'mean_range,' : ''}
      bars.bar_at >= checked_from as is_checked
    from (${frames.map(barsText).join(' union all ')}) as bars
    join recent.series using (timeframe, symbol)
    ${withRanges ? 'left join recent.ranges on ranges.symbol = series and ranges.bar_at = bars.bar_at' : ''}
    where is_wanted and bars.bar_at >= ${start}`)
}

function barsText({ timeframe, schema, condition }: FrameBars): string {
  const bars = `${identifier(schema)}.exchange_bars`
  return `select ${literal(timeframe)} as timeframe, symbol, ${barColumns.join(', ')} from ${bars} where ${condition}`
}

const barColumns = ['bar_at', 'closed_at', 'session_date', 'open', 'high', 'low', 'close', 'volume']
