import type { Database } from '../database/database.js'
import { identifier, literal } from '../database/quote.js'
import { createBars, createView } from '../models/bar-views.js'
import { createHigherViews, higherSchema } from '../models/higher-views.js'
import { namesIn } from '../models/prune.js'
import { createMacros } from '../models/macros.js'
import { geometryParameters, type Geometry } from '../models/parameters.js'
import { createRelations, modelsOf, modelText } from '../models/relations.js'
import { storedBarsSql } from '../models/stored-bars.js'
import { sourceTimeframes } from '../store/coverage.js'
import { barFiles, type Store } from '../store/layout.js'
import { createSessions } from '../store/sessions.js'
import { isFinerThan, type Timeframe } from '../store/timeframe.js'
import type { Frames } from './frames.js'
import { closedBy, type Moment } from './moment.js'
import { createRecentGeometry } from './recent-geometry.js'
import type { FrameBars } from './series.js'

/** Of which symbols, and when, the last bars are looked at. */
export interface SnapshotSpec {
  frames: Frames
  /** Symbols by name; null: all. */
  symbols: readonly string[] | null
  moment: Moment
  /** How the geometry is computed. */
  geometry: Geometry
  /** SQL that names every column of `context` that will be read; null: all are. */
  columnsRead: string | null
  /** Bars of a symbol to start with, see `createRecentGeometry`; null: all. */
  tail: number | null
  /**
   * How many of the last bars of each symbol are kept. The bar of a higher timeframe that is shown beside the last one is its
   * second or third last.
   */
  kept: Readonly<Record<'focus' | 'higher', number>>
  /**
   * Whether `context` has the last bar of a symbol once more, marked by `is_next`, if a bar of a higher timeframe has ended with it:
   * beside that bar, as the next bar will be.
   */
  hasNext: boolean
}

/**
 * Creates the table `context` with the last bars of each symbol, equal to the rows of the relation `context`; and in the
 * schema of each timeframe the relation `geometry` with the last bars of it.
 */
export async function createSnapshot(database: Database, store: Store, spec: SnapshotSpec): Promise<void> {
  const { frames: { focus, higher }, columnsRead, tail, hasNext } = spec
  const parameters = geometryParameters(spec.geometry)
  await createMacros(database)
  await createSessions(database, store)
  const models = modelsOf({ names: ['context'], columnsRead, parameters })
  await createRecentGeometry(database, await createFrameBars(database, store, spec), models, { tail, columnsRead, parameters })
  const next = hasNext ? { shownLast: nextPeriod, focus: (text: string) => withNext(text, spec.frames) } : {}
  await createHigherViews(database, focus, higher, { count: 2, ...next }, next.focus)
  await database.run(`use ${identifier(focus.name)}`)
  // of a row for each symbol: to make a faster plan takes longer than it saves
  await database.run('pragma disable_optimizer')
  await database.run(`create or replace table main.context as\n${modelText('context', models, parameters)}`)
  await database.run('pragma enable_optimizer; use main')
}

/** A period in which no bar lies yet. */
const nextPeriod = `timestamp 'infinity'`

/**
 * Returns SQL of `focus_geometry`, of which `text` is the SQL, and for each symbol of which bars of higher timeframes have ended with the last bar,
 * of that bar once more, in the next period of these.
 */
function withNext(text: string, { focus, higher }: Frames): string {
  const ended = higher.map((frame, index) => {
    const latest = `select symbol, max(closed_at) as ended_at from ${identifier(higherSchema(focus, frame))}.geometry group by symbol`
    return { period: ['period', 'second_period'][index], join: `left join (${latest}) as frame_${index} using (symbol)`, has: `coalesce(closed_at >= frame_${index}.ended_at, false)` }
  })
  const periods = ended.map(({ period, has }) => `if(${has}, ${nextPeriod}, ${period}) as ${period}`)
  const again = `
    union all
    select last_bars.* replace (${periods.join(', ')}), true as is_next
    from (select * from decided qualify row_number() over (partition by symbol order by bar_at desc) = 1) as last_bars
    ${ended.map(({ join }) => join).join(' ')}
    where ${ended.map(({ has }) => has).join(' or ')}`
  return `with decided as (${text}) select *, false as is_next from decided${ended.length === 0 ? '' : again}`
}

/** Creates the bars of every timeframe, those of the focus as far as they had closed. */
async function createFrameBars(database: Database, store: Store, spec: SnapshotSpec): Promise<FrameBars[]> {
  const { frames: { focus, higher }, symbols, moment, columnsRead, kept } = spec
  const closed = await closedBy(database, store, focus, moment)
  const wanted = symbols === null ? closed : `${closed} and symbol in (${symbols.map(literal).join(', ')})`
  const files = sourceTimeframes(store, focus).map((frame) => [frame, storedBarsSql(barFiles(store, frame.name), wanted)] as const)
  const none = { names: ['bars'], higher: () => [], columnsRead: '' }
  await createRelations(database, { ...none, timeframes: [focus], stored: new Map(files) })
  const hasVolume = columnsRead === null || namesIn(columnsRead).has('volume')
  for (const index of higher.keys()) await createHigherBars(database, focus, higher.slice(0, index + 1), hasVolume)
  const above = higher.map((frame) => {
    return { timeframe: frame.name, schema: higherSchema(focus, frame), condition: 'true', kept: kept.higher }
  })
  return [{ timeframe: focus.name, schema: focus.name, condition: closed, kept: kept.focus }, ...above]
}

/**
 * Creates the bars of the last of the `ladder` of higher timeframes as a table: they are read more than once. They are made of
 * those of a timeframe between where that is possible, which are fewer. An exact sum of volumes takes as long as all the rest.
 */
async function createHigherBars(
  database: Database,
  focus: Timeframe,
  ladder: readonly Timeframe[],
  hasVolume: boolean,
): Promise<void> {
  const frame = ladder.at(-1)!
  const schema = higherSchema(focus, frame)
  const nearer = ladder.findLast((other) => isFinerThan(other, frame))
  const finerSchema = nearer === undefined ? focus.name : higherSchema(focus, nearer)
  await createBars(database, schema, { timeframe: frame, finerSchema })
  const columns = hasVolume ? '*' : '* replace (null::double as volume)'
  await database.run(`
    create table ${identifier(schema)}.settled_bars as
    select ${columns} from ${identifier(schema)}.resampled_bars`)
  await createView(database, schema, 'exchange_bars', 'select * from settled_bars')
}
