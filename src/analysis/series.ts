import type { Database } from '../database/database.js'
import { identifier, literal } from '../database/quote.js'
import { createView } from '../models/bar-views.js'

/** The schema that holds the bars of a timeframe, and an SQL condition on those that count. */
export interface FrameBars {
  timeframe: string
  schema: string
  condition: string
}

/** Bars over which the mean range is taken. */
const rangeBars = 100

/**
 * Creates the table `recent.series`: a number for each symbol and timeframe, how many bars it has, and from which bar on it is
 * kept (the last `kept`), computed (the last `tail`; null: all), and needed for the mean range of those that are kept.
 */
export async function createSeries(
  database: Database,
  frames: readonly FrameBars[],
  tail: number | null,
  kept: number,
): Promise<void> {
  const from = (bars: number) => `list_last(max(bar_at, ${bars}))`
  const counted = frames.map((frame) => `
    select
      ${literal(frame.timeframe)} as timeframe,
      symbol,
      count(*) as bars,
      ${tail === null ? `'-infinity'::timestamp` : from(tail)} as tail_from,
      ${from(kept)} as recent_from,
      ${from(rangeBars + kept)} as range_from
    from (${barsText(frame)})
    group by symbol`)
  await database.run(`
    create table recent.series as
    select row_number() over () as series, true as is_wanted, *
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
      bars.bar_at >= recent_from as is_recent
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
