import type { Database } from '../database/database.js'
import type { Parameters } from '../database/parameters.js'
import { literal } from '../database/quote.js'
import { createView } from '../models/bar-views.js'
import { modelsNeeded, namesRead, type Model } from '../models/model.js'
import { namesIn, pruneModels } from '../models/prune.js'
import { modelText } from '../models/relations.js'
import { createSeries, createSeriesBars, type FrameBars } from './series.js'

/** How much of each series is computed. */
export interface RecentSpec {
  /** Bars to start with; null: all. */
  tail: number | null
  /** SQL that names every column that will be read; null: all are. */
  columnsRead: string | null
  /** Values of the models' parameters. */
  parameters: Parameters
}

/** Bars at the beginning of a tail whose columns may lack what lies before the tail. */
const warmUp = 12

/** Bars by which the envelope of some methods looks back further than the usual one. */
function further({ envelope_method: method, atr_bars: bars }: Parameters): number {
  if (method === 'atr') return Number(bars)
  return method === 'pldot_stdev' ? 2 : 0
}

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
  spec: RecentSpec,
): Promise<void> {
  const before = further(spec.parameters)
  const tail = spec.tail === null ? null : spec.tail + before
  await database.run('create schema recent')
  await createSeries(database, frames, tail)
  if (tail === null) await createSeriesBars(database, frames, 'tail_from', false)
  const text = geometryText(tail === null ? models : await createTails(database, frames, models), spec)
  await database.run('use recent')
  await database.run(`create table recent.geometry as\n${text}`)
  if (tail !== null && await lengthenUncertain(database, tail, warmUp + before)) {
    await database.run(`insert into recent.geometry\n${text}`)
  }
  await database.run('use main')
  for (const { schema, timeframe } of frames) await createView(database, schema, 'geometry', frameText(timeframe))
}

/**
 * The mean range looks back further than a tail needs to be for everything else: it is computed on its own, by what its model
 * says, and the bars carry it. Returns the models without it.
 */
async function createTails(
  database: Database,
  frames: readonly FrameBars[],
  models: ReadonlyMap<string, Model>,
): Promise<ReadonlyMap<string, Model>> {
  const lagged = models.get('lagged_bars')!
  const names = namesIn(lagged.text)
  if (!names.delete('mean_range')) {
    await createSeriesBars(database, frames, 'tail_from', false)
    return models
  }
  const [ranges] = pruneModels([lagged], 'mean_range symbol bar_at is_checked')
  const [rest] = pruneModels([lagged], [...names].join(' '))
  await createSeriesBars(database, frames, 'range_from', false)
  await database.run(`
    use recent;
    create table ranges as select symbol, bar_at, mean_range from (\n${ranges.text}\n) where is_checked;
    use main`)
  await createSeriesBars(database, frames, 'tail_from', true)
  return new Map([...models, ['lagged_bars', rest]])
}

/**
 * The last bars of the geometry, with the numbers of the bars at which things began, which models only hand to each other, and
 * without the columns that nobody reads: each would be carried through every sort.
 */
function geometryText(models: ReadonlyMap<string, Model>, { columnsRead, parameters }: RecentSpec): string {
  const inner = namesRead(models.get('geometry')!.text).find((name) => models.has(name))
  const below = modelsNeeded(['geometry'], models).map(({ name }) => name)
  const above = [...models.values()].filter(({ name }) => !below.includes(name)).map(({ text }) => text)
  const read = columnsRead === null ? null : [...namesIn([...above, columnsRead].join('\n')), ...keys]
  const isKept = read === null ? 'true' : `(name in ${tuple(read)} or name like '%\\_number' escape '\\')`
  return `
    select columns(name -> ${isKept} and not regexp_matches(name, '_[0-9]$'))
    from (\n${modelText(inner!, models, parameters)}\n)
    where is_checked`
}

/** Columns that find bars and frames. */
const keys = ['symbol', 'timeframe', 'bar_at', 'closed_at', 'session_date']

function tuple(names: readonly string[]): string {
  return `(${[...new Set(names)].map(literal).join(', ')})`
}

/**
 * Takes out the series of which something began before their tail, or in its first `uncertain` bars so that what lies before the
 * tail may matter, and wants all bars of them and no others. Returns whether there are any.
 */
async function lengthenUncertain(database: Database, tail: number, uncertain: number): Promise<boolean> {
  await database.run(`
    create table recent.uncertain as
    select distinct geometry.symbol as series
    from recent.geometry
    join (select series as symbol, bars from recent.series) as series using (symbol)
    where bars > ${tail}
      and list_min(list_transform([*columns('_number$')], number -> coalesce(number, 0))) <= ${uncertain}`)
  await database.run(`
    update recent.series set is_wanted = false;
    update recent.series set is_wanted = true, tail_from = '-infinity' where series in (from recent.uncertain);
    delete from recent.geometry where symbol in (from recent.uncertain)`)
  return Number(await database.value('select count(*) from recent.uncertain')) > 0
}

/** The series of a timeframe under their symbols, with the columns that `geometry` has. */
function frameText(timeframe: string): string {
  return `
    select columns(name -> name <> 'is_checked' and not regexp_matches(name, '_number$'))
    from (
      select series.symbol, geometry.* exclude (symbol)
      from recent.geometry
      join recent.series on geometry.symbol = series.series
      where series.timeframe = ${literal(timeframe)} and geometry.bar_at >= kept_from
    )`
}
