import type { Database } from '../database/database.js'
import { identifier } from '../database/quote.js'
import type { Timeframe } from '../store/timeframe.js'
import { createView } from './bar-views.js'

/** How `frames` finds the higher bar of a trading bar: both carry the start of the higher bar's period. */
const sides = [
  { prefix: 'higher', period: 'period' },
  { prefix: 'second_higher', period: 'second_period' },
]

/** The schema that holds the bars of `higher` as resampled from those of `timeframe`. */
export function higherSchema(timeframe: Timeframe, higher: Timeframe): string {
  return `${timeframe.name}>${higher.name}`
}

/**
 * Creates, in the schema of a trading timeframe, the views that `frames` joins: `focus_geometry`, its own geometry with the
 * periods that its bars lie in, and the geometries of the higher timeframes with the period in which they are shown: the
 * next one of the symbol, so that a higher bar is seen only when it has ended. `count` of these are made; one for which there
 * is no timeframe in `higher` has no rows.
 */
export async function createHigherViews(
  database: Database,
  timeframe: Timeframe,
  higher: readonly Timeframe[],
  count: 1 | 2,
): Promise<void> {
  const schema = timeframe.name
  await createView(database, schema, 'symbol_exchanges', 'select distinct symbol, exchange from exchange_bars')
  await createView(database, schema, 'focus_geometry', focusText(higher))
  for (const [index, { prefix }] of sides.slice(0, count).entries()) {
    const frame = higher.at(Math.min(index, higher.length - 1))
    const source = frame === undefined ? 'geometry' : `${identifier(higherSchema(timeframe, frame))}.geometry`
    const shown = frame === undefined ? 'bar_at' : shownIn(frame)
    const limit = index < higher.length ? '' : ' limit 0'
    const text = `select *, lead(${shown}) over (partition by symbol order by bar_at) as shown_in from ${source}${limit}`
    await createView(database, schema, `${prefix}_geometry`, text)
  }
}

function focusText(higher: readonly Timeframe[]): string {
  const periods = sides.map(({ period }, index) => `${periodOf(higher[index])} as ${period}`).join(', ')
  const joins = higher.some(({ minutes }) => minutes !== undefined)
    ? ' join symbol_exchanges using (symbol) join sessions using (exchange, session_date)'
    : ''
  return `select geometry.*, ${periods} from geometry${joins}`
}

/** The start of the period of a higher timeframe in which a trading bar lies. */
function periodOf(frame: Timeframe | undefined): string {
  if (frame === undefined) return 'bar_at'
  if (frame.unit !== undefined) return `date_trunc('${frame.unit}', session_date)::timestamp`
  return `opens_at + to_minutes(date_diff('minute', opens_at, bar_at) // ${frame.minutes!} * ${frame.minutes!})`
}

/** The start of the period of a higher bar itself. */
function shownIn({ unit }: Timeframe): string {
  return unit === undefined ? 'bar_at' : `date_trunc('${unit}', session_date)::timestamp`
}
