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
 * Creates, in the schema of a trading timeframe, the views that `frames` joins, over the relations `geometry` of the schemas, see
 * `higherTexts`; `focus` returns what takes the place of the text of `focus_geometry`.
 */
export async function createHigherViews(
  database: Database,
  timeframe: Timeframe,
  higher: readonly Timeframe[],
  { count, shownLast }: { count: 1 | 2; shownLast?: string },
  focus: (text: string) => string = (text) => text,
): Promise<void> {
  await createSymbolExchanges(database, timeframe)
  const texts = higherTexts(timeframe, higher, count, (schema) => `${identifier(schema)}.geometry`, shownLast)
  for (const [name, text] of texts) await createView(database, timeframe.name, name, name === 'focus_geometry' ? focus(text) : text)
}

/** Creates the view by which intraday periods of trading bars are found. */
export async function createSymbolExchanges(database: Database, { name }: Timeframe): Promise<void> {
  await createView(database, name, 'symbol_exchanges', 'select distinct symbol, exchange from exchange_bars')
}

/**
 * Returns SQL of what `frames` joins: `focus_geometry`, the geometry of a trading timeframe with the periods that its bars lie
 * in, and the geometries of the higher timeframes with the period in which they are shown: the next one of the symbol, so that
 * a higher bar is seen only when it has ended. `count` of these are made; one for which there is no timeframe in `higher` has no
 * rows. `geometryOf` returns SQL of the geometry of a schema's bars, of the columns that are read with a prefix. The last bar of a
 * symbol is shown in the period `shownLast`; default: in none.
 */
export function higherTexts(
  timeframe: Timeframe,
  higher: readonly Timeframe[],
  count: 1 | 2,
  geometryOf: (schema: string, prefix: string) => string,
  shownLast?: string,
): Map<string, string> {
  const texts = new Map([['focus_geometry', focusText(timeframe, higher, geometryOf(timeframe.name, ''))]])
  for (const [index, { prefix }] of sides.slice(0, count).entries()) {
    const frame = higher.at(Math.min(index, higher.length - 1))
    const schema = frame === undefined ? timeframe.name : higherSchema(timeframe, frame)
    const shown = frame === undefined ? 'bar_at' : shownIn(frame)
    const limit = index < higher.length ? '' : ' limit 0'
    const source = geometryOf(schema, `${prefix}_`)
    const last = shownLast === undefined ? '' : `, 1, ${shownLast}`
    const text = `select *, lead(${shown}${last}) over (partition by symbol order by bar_at) as shown_in from ${source}${limit}`
    texts.set(`${prefix}_geometry`, text)
  }
  return texts
}

function focusText({ name }: Timeframe, higher: readonly Timeframe[], geometry: string): string {
  const periods = sides.map(({ period }, index) => `${periodOf(higher[index])} as ${period}`).join(', ')
  const joins = higher.some(({ minutes }) => minutes !== undefined)
    ? ` join ${identifier(name)}.symbol_exchanges using (symbol) join sessions using (exchange, session_date)`
    : ''
  return `select geometry.*, ${periods} from ${geometry} as geometry${joins}`
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
