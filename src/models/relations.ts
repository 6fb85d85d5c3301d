import type { Database } from '../database/database.js'
import { bindParameters, type Parameters } from '../database/parameters.js'
import { identifier } from '../database/quote.js'
import type { Timeframe } from '../store/timeframe.js'
import { createBars, createView, finerStored } from './bar-views.js'
import { createHigherViews, higherSchema } from './higher-views.js'
import { composeModel } from './compose.js'
import { modelsNeeded, readModels, readSql, sqlFiles, type Model } from './model.js'
import { modelParameters } from './parameters.js'
import { pruneModels } from './prune.js'

/** Which relations to make, over which bars. */
export interface RelationsSpec {
  /** Names of the relations that will be read; names that are no model's are passed over. */
  names: readonly string[]
  /** The timeframes that the relations hold. */
  timeframes: readonly Timeframe[]
  /** Higher timeframes of `context` for a timeframe, nearest first, resampled from that timeframe's own bars. */
  higher: (timeframe: Timeframe) => readonly Timeframe[]
  /** SQL of the stored bars by timeframe, finest first; the other timeframes are resampled from these. */
  stored: ReadonlyMap<Timeframe, string>
  /** Whether bars of a finer stored timeframe add any to those of a coarser stored one; default: they may. */
  addsBars?: (finer: Timeframe, coarser: Timeframe) => boolean
  /** SQL that names every column that will be read; null: all columns are. */
  columnsRead: string | null
  /** Values of the models' parameters that differ from their defaults. */
  parameters?: Parameters
}

/**
 * Creates the views that `names` need: the models of each timeframe in a schema of its name and, in the main schema,
 * the union of the timeframes under the models' own names. Nothing is computed until a view is read.
 */
export async function createRelations(database: Database, spec: RelationsSpec): Promise<void> {
  const models = modelsOf(spec)
  const asked = spec.names.filter((name) => models.has(name))
  const made = new Set<string>()
  for (const timeframe of spec.timeframes) {
    await createStoredFrame(database, timeframe, spec, made)
    if (models.has('context')) await createHigherFrames(database, timeframe, models, spec)
    await createModels(database, timeframe.name, asked, models, spec)
  }
  for (const name of asked) await createView(database, 'main', name, union(name, spec.timeframes))
}

/** Returns the models that are read, directly or not, without the columns that nobody asks for. */
export function modelsOf(spec: Pick<RelationsSpec, 'names' | 'columnsRead' | 'parameters'>): Map<string, Model> {
  const { names, columnsRead, parameters = {} } = spec
  const models = readModels()
  const method = parameters.envelope_method ?? 'mean'
  if (method !== 'mean') models.set('envelopes', { ...models.get('other_envelopes')!, name: 'envelopes' })
  models.delete('other_envelopes')
  const needed = modelsNeeded(names.includes('context') ? [...names, 'geometry'] : names, models)
  const pruned = columnsRead === null ? needed : pruneModels(needed, columnsRead)
  const read = new Map(pruned.map((model) => [model.name, model]))
  const frames = read.get('frames')
  if (frames === undefined || readsSecondHigher(pruned, columnsRead)) return read
  return read.set('wider_frames', { ...frames, name: 'wider_frames' })
}

/** Whether anything reads a column of the second higher timeframe. */
function readsSecondHigher(models: readonly Model[], columnsRead: string | null): boolean {
  const texts = models.filter(({ name }) => name !== 'wider_frames').map(({ text }) => text)
  return columnsRead === null || [columnsRead, ...texts].some((text) => text.includes('second_higher_'))
}

/** Creates the SQL macros of the geometry, which the models and every query may use. */
export async function createMacros(database: Database): Promise<void> {
  for (const path of sqlFiles('macros')) await database.run(readSql(path), { name: path })
}

/** Creates the bars of a timeframe, and before them the finer ones from which they are resampled. */
async function createStoredFrame(
  database: Database,
  timeframe: Timeframe,
  spec: RelationsSpec,
  made: Set<string>,
): Promise<void> {
  if (made.has(timeframe.name)) return
  made.add(timeframe.name)
  const nearest = finerStored(timeframe, spec.stored.keys())
  const isWhole = nearest === undefined || (spec.stored.has(timeframe) && spec.addsBars?.(nearest, timeframe) === false)
  const finer = isWhole ? undefined : nearest
  if (finer !== undefined) await createStoredFrame(database, finer, spec, made)
  const origin = { timeframe, stored: spec.stored.get(timeframe), finerSchema: finer?.name }
  await createBars(database, timeframe.name, origin)
}

/** Creates the geometry of the higher timeframes of `timeframe`, and the views by which `frames` reads it. */
async function createHigherFrames(
  database: Database,
  timeframe: Timeframe,
  models: ReadonlyMap<string, Model>,
  spec: RelationsSpec,
): Promise<void> {
  const isWide = models.get('wider_frames')?.text !== models.get('frames')?.text
  const higher = spec.higher(timeframe).slice(0, isWide ? 2 : 1)
  for (const frame of higher) {
    const schema = higherSchema(timeframe, frame)
    await createBars(database, schema, { timeframe: frame, finerSchema: timeframe.name })
    await createModels(database, schema, ['geometry'], models, spec)
  }
  await createModels(database, timeframe.name, ['geometry'], models, spec)
  await createHigherViews(database, timeframe, higher, isWide ? 2 : 1)
}

/** Creates the views `names` of one timeframe. */
async function createModels(
  database: Database,
  schema: string,
  names: readonly string[],
  models: ReadonlyMap<string, Model>,
  { parameters }: RelationsSpec,
): Promise<void> {
  for (const name of names.filter((name) => models.has(name) && !barModels.has(name))) {
    await createView(database, schema, name, modelText(name, models, parameters))
  }
}

/** Returns the SQL of a model and of all that it reads, down to the bars of the schema in which it is run. */
export function modelText(name: string, models: ReadonlyMap<string, Model>, parameters: Parameters = {}): string {
  const computed = new Map([...models].filter(([name]) => !barModels.has(name)))
  return bindParameters(composeModel(name, computed), { ...modelParameters, ...parameters }, `${name}.sql`)
}

/** Models that `createBars` makes. */
const barModels = new Set(['bars', 'resampled_session_bars', 'resampled_period_bars'])

/** All but the columns that models only hand to each other, such as `high_2` and `run_number`. */
const publicColumns = `columns(name -> not regexp_matches(name, '_([0-9]|number)$'))`

function union(name: string, timeframes: readonly Timeframe[]): string {
  const parts = timeframes.map((frame) => `select ${publicColumns} from ${identifier(frame.name)}.${identifier(name)}`)
  return parts.join('\nunion all\n')
}
