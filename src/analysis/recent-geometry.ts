import type { Database } from '../database/database.js'
import { identifier, literal } from '../database/quote.js'
import { createView } from '../models/bar-views.js'
import { modelsNeeded, namesRead, type Model } from '../models/model.js'
import { namesIn } from '../models/prune.js'
import { modelText } from '../models/relations.js'

/** The schema that holds the bars of a timeframe, and which of them count. */
export interface FrameBars {
  timeframe: string
  schema: string
  condition: string
}

/** How much of each series is computed and kept. */
export interface RecentSpec {
  /** Bars to start with; null: all. */
  tail: number | null
  /** Bars at its end that are kept. The bar of a higher timeframe that is shown is the second or third last. */
  kept: number
  /** SQL that names every column that will be read; null: all are. */
  columnsRead: string | null
}

/** Bars at the beginning of a tail whose columns may lack what lies before the tail. */
const warmUp = 24

/**
 * Creates in the schema of each timeframe the relation `geometry` with the last bars of each symbol.
 *
 * All timeframes are computed in one pass, each symbol and timeframe being a series of its own: to plan the geometry takes
 * longer than to compute it for one symbol. A long series is computed on its last `tail` bars first. Runs, congestions and
 * streaks remember longer than that in principle: each keeps the number of the bar at which it began, and where all of
 * them began within the tail, its history cannot matter. The series for which one did not are computed in full.
 */
export async function createRecentGeometry(
  database: Database,
  frames: readonly FrameBars[],
  models: ReadonlyMap<string, Model>,
  { tail, kept, columnsRead }: RecentSpec,
): Promise<void> {
  await database.run('create schema recent')
  await createSeries(database, frames, tail, kept)
  const text = geometryText(models, columnsRead)
  await database.run('use recent')
  await database.run(`create table recent.geometry as\n${text}`)
  if (tail !== null && await lengthenUncertain(database, tail)) {
    await database.run(`insert into recent.geometry\n${text}`)
  }
  await database.run('use main')
  for (const { schema, timeframe } of frames) await createView(database, schema, 'geometry', frameText(timeframe))
}

/**
 * The last bars of the geometry, with the numbers of the bars at which things began, which models only hand to each other, and
 * without the columns that nobody reads: each would be carried through every sort.
 */
function geometryText(models: ReadonlyMap<string, Model>, columnsRead: string | null): string {
  const inner = namesRead(models.get('geometry')!.text).find((name) => models.has(name))
  const below = modelsNeeded(['geometry'], models).map(({ name }) => name)
  const above = [...models.values()].filter(({ name }) => !below.includes(name)).map(({ text }) => text)
  const read = columnsRead === null ? null : [...namesIn([...above, columnsRead].join('\n')), ...keys]
  const isKept = read === null ? 'true' : `(name in ${tuple(read)} or name like '%\\_number' escape '\\')`
  return `
    select columns(name -> ${isKept} and not regexp_matches(name, '_[0-9]$'))
    from (\n${modelText(inner!, models)}\n)
    where is_recent`
}

/** Columns that find bars and frames. */
const keys = ['symbol', 'timeframe', 'bar_at', 'closed_at', 'session_date']

function tuple(names: readonly string[]): string {
  return `(${[...new Set(names)].map(literal).join(', ')})`
}

/** Numbers the series and says from which bar on each is computed, and from which on it is kept; a number stands for the symbol. */
async function createSeries(
  database: Database,
  frames: readonly FrameBars[],
  tail: number | null,
  kept: number,
): Promise<void> {
  const counted = frames.map((frame) => `
    select
      ${literal(frame.timeframe)} as timeframe,
      symbol,
      count(*) as bars,
      ${tail === null ? '' : `list_last(max(bar_at, ${tail})) as tail_from,`}
      list_last(max(bar_at, ${kept})) as recent_from
    from (${barsText(frame)})
    group by symbol`)
  await database.run(`
    create table recent.series as
    select
      row_number() over () as series,
      ${tail === null ? `'-infinity'::timestamp as tail_from,` : ''}
      true as is_wanted,
      *
    from (${counted.join(' union all ')})`)
  await createView(database, 'recent', 'bars', `
    select
      series as symbol,
      timeframe,
      ${barColumns},
      bar_at >= recent_from as is_recent
    from (${frames.map(barsText).join(' union all ')}) as bars
    join recent.series using (timeframe, symbol)
    where is_wanted and bar_at >= tail_from`)
}

function barsText({ timeframe, schema, condition }: FrameBars): string {
  const bars = `${identifier(schema)}.exchange_bars`
  return `select ${literal(timeframe)} as timeframe, symbol, ${barColumns} from ${bars} where ${condition}`
}

const barColumns = 'bar_at, closed_at, session_date, open, high, low, close, volume'

/**
 * Takes out the series of which something began before their tail, or so early in it that what lies before the tail may
 * matter, and wants all bars of them and no others. Returns whether there are any.
 */
async function lengthenUncertain(database: Database, tail: number): Promise<boolean> {
  await database.run(`
    create table recent.uncertain as
    select distinct geometry.symbol as series
    from recent.geometry
    join (select series as symbol, bars from recent.series) as series using (symbol)
    where bars > ${tail}
      and list_min(list_transform([*columns('_number$')], number -> coalesce(number, 0))) <= ${warmUp}`)
  await database.run(`
    update recent.series set is_wanted = false;
    update recent.series set is_wanted = true, tail_from = '-infinity' where series in (from recent.uncertain);
    delete from recent.geometry where symbol in (from recent.uncertain)`)
  return Number(await database.value('select count(*) from recent.uncertain')) > 0
}

/** The series of a timeframe under their symbols, with the columns that `geometry` has. */
function frameText(timeframe: string): string {
  return `
    select columns(name -> name <> 'is_recent' and not regexp_matches(name, '_number$'))
    from (
      select series.symbol, geometry.* exclude (symbol)
      from recent.geometry
      join recent.series on geometry.symbol = series.series
      where series.timeframe = ${literal(timeframe)}
    )`
}
