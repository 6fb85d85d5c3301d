import type { Database } from '../database/database.js'
import { bindParameters, type Parameters } from '../database/parameters.js'
import { identifier, literal } from '../database/quote.js'
import type { Timeframe } from '../store/timeframe.js'
import { createBars, createView, finerStored } from './bar-views.js'
import { createSymbolExchanges, higherSchema, higherTexts } from './higher-views.js'
import { composeModel } from './compose.js'
import { createMacrosOf } from './macros.js'
import { modelsNeeded, readModels, type Model } from './model.js'
import { modelParameters } from './parameters.js'
import { pruneModels, wordsIn } from './prune.js'

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
 * Creates the views that `names` need, in the main schema under the models' own names: the union of the timeframes, each a text
 * of its own down to the bars in a schema of its name, and the macros that these call. Nothing is computed until a view is read.
 */
export async function createRelations(database: Database, spec: RelationsSpec): Promise<void> {
  await createFrames(database, spec)
  const texts = relationTexts(spec)
  await createMacrosOf(database, [...texts.values()].join('\n'))
  for (const [name, text] of texts) await createView(database, 'main', name, text)
}

/** Creates the bars that `names` need, for each timeframe in a schema of its name. */
export async function createFrames(database: Database, spec: RelationsSpec): Promise<void> {
  const made = new Set<string>()
  for (const timeframe of spec.timeframes) {
    await createStoredFrame(database, timeframe, spec, made)
    if (spec.names.includes('context')) await createHigherBars(database, timeframe, spec)
  }
}

/** Returns the texts of the relations `names` by name, over the bars of `createFrames`. */
export function relationTexts(spec: RelationsSpec): Map<string, string> {
  const models = modelsOf(spec)
  const asked = spec.names.filter((name) => name === 'bars' || models.has(name))
  return new Map(asked.map((name) => {
    const parts = spec.timeframes.map((frame) => publicText(relationText(name, frame, models, spec), frame))
    return [name, parts.join('\nunion all\n')]
  }))
}

/** Returns the models that are read, directly or not, without the columns that nobody asks for. */
export function modelsOf(spec: Pick<RelationsSpec, 'names' | 'columnsRead' | 'parameters'>): Map<string, Model> {
  const { names, columnsRead, parameters = {} } = spec
  const models = readModels()
  const method = parameters.envelope_method ?? 'mean'
  if (method !== 'mean') models.set('envelopes', { ...models.get('other_envelopes')!, name: 'envelopes' })
  models.delete('other_envelopes')
  const needed = modelsNeeded(names.includes('context') ? [...names, 'geometry'] : names, models)
    .filter(({ name }) => !barModels.has(name))
  const pruned = columnsRead === null ? needed : pruneModels(needed, columnsRead)
  const read = new Map(pruned.map((model) => [model.name, model]))
  const narrower = read.get('alignments')
  if (narrower === undefined || readsSecondHigher(pruned, columnsRead)) return read
  return read.set('wider_frames', { ...narrower, name: 'wider_frames' })
}

/** Whether anything reads a column of the second higher timeframe. */
function readsSecondHigher(models: readonly Model[], columnsRead: string | null): boolean {
  const texts = models.filter(({ name }) => name !== 'wider_frames').map(({ text }) => text)
  return columnsRead === null || [columnsRead, ...texts].some((text) => text.includes('second_higher_'))
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

/** Creates the bars of the higher timeframes of `timeframe`. */
async function createHigherBars(database: Database, timeframe: Timeframe, spec: RelationsSpec): Promise<void> {
  for (const frame of spec.higher(timeframe)) {
    await createBars(database, higherSchema(timeframe, frame), { timeframe: frame, finerSchema: timeframe.name })
  }
  await createSymbolExchanges(database, timeframe)
}

/** Returns the SQL of a relation of one timeframe. */
function relationText(name: string, timeframe: Timeframe, models: ReadonlyMap<string, Model>, spec: RelationsSpec): string {
  if (name === 'bars') return barsOf(timeframe.name)
  const own = new Map(models).set('bars', { name: 'bars', grain: '', text: barsOf(timeframe.name) })
  if (name !== 'context') return modelText(name, own, spec.parameters)
  const isWide = models.get('wider_frames')?.text !== models.get('alignments')?.text
  const geometryOf = (schema: string, prefix: string) => {
    const read = frameModels(models, spec.columnsRead, prefix).set('bars', { name: 'bars', grain: '', text: barsOf(schema) })
    return `(\n${composeModel('geometry', read)}\n)`
  }
  const texts = higherTexts(timeframe, spec.higher(timeframe), isWide ? 2 : 1, geometryOf)
  for (const [inner, text] of texts) own.set(inner, { name: inner, grain: '', text })
  return modelText(name, own, spec.parameters)
}

/** Returns the models of a geometry without the columns that nobody reads with a prefix, such as `higher_`. */
function frameModels(models: ReadonlyMap<string, Model>, columnsRead: string | null, prefix: string): Map<string, Model> {
  const needed = modelsNeeded(['geometry'], models)
  const below = new Set(needed.map(({ name }) => name))
  const above = [...models.values()].filter(({ name }) => !below.has(name)).map(({ text }) => text)
  if (columnsRead === null) return new Map(models)
  const words = wordsIn([columnsRead, ...above].join('\n')).filter((word) => word.startsWith(prefix))
  const names = words.map((word) => word.slice(prefix.length))
  return new Map(pruneModels(needed, names.join(' ')).map((model) => [model.name, model]))
}

function barsOf(schema: string): string {
  return `select * from ${identifier(schema)}.bars`
}

/** Returns the SQL of a model and of all that it reads of `models`. */
export function modelText(name: string, models: ReadonlyMap<string, Model>, parameters: Parameters = {}): string {
  return bindParameters(composeModel(name, models), { ...modelParameters, ...parameters }, `${name}.sql`)
}

/** Models that `createBars` makes. */
const barModels = new Set(['bars', 'resampled_session_bars', 'resampled_period_bars'])

/**
 * All but the columns that models only hand to each other, such as `high_2` and `run_number`. The timeframe is written down last:
 * no window has to carry it.
 */
function publicText(text: string, { name }: Timeframe): string {
  return `
    select columns(name -> not regexp_matches(name, '_([0-9]|number)$'))
    from (select * replace (${literal(name)} as timeframe) from (\n${text}\n))`
}
