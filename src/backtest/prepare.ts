import type { Database } from '../database/database.js'
import { pointerInto, type SqlOrigin } from '../database/sql-error.js'
import { identifier } from '../database/quote.js'
import { DgasError } from '../errors.js'
import { bindParameters, type Parameters } from '../database/parameters.js'
import { createView } from '../models/bar-views.js'
import { createInstruments } from '../models/instruments.js'
import { createMacros, createMacrosOf } from '../models/macros.js'
import { geometryParameters } from '../models/parameters.js'
import { createFrames, relationTexts, type RelationsSpec } from '../models/relations.js'
import { storedBarsSql } from '../models/stored-bars.js'
import { wordsIn } from '../models/prune.js'
import { barRelationNames, relationNames, relationsNamed } from '../models/relation-names.js'
import { addsBars } from '../store/coverage.js'
import { instrumentsFile, type Store } from '../store/layout.js'
import { createSessions } from '../store/sessions.js'
import { isFinerThan, timeframes, type Timeframe } from '../store/timeframe.js'
import type { BacktestConfig } from './config.js'
import type { KeptGeometry } from './kept-geometry.js'
import { checkColumns } from './signal-columns.js'
import type { SourceFiles } from './source-files.js'

/** What else there is to preparing a strategy; all fields optional. */
export interface Preparation {
  /** Told when the bars are there, which other connections can read while the strategy is planned. */
  onBars?: () => void
  /** Where columns of the geometry are taken from, of these symbols; default: all is computed. */
  cache?: KeptGeometry | null
  symbols?: readonly string[]
}

/**
 * Creates the relations that a strategy reads and the strategy itself as the view `strategy`; returns the names of its
 * columns. `known` is an SQL condition on the bars that may be read at all.
 */
export async function prepareStrategy(
  database: Database,
  store: Store,
  config: BacktestConfig,
  files: SourceFiles,
  known: string,
  { onBars = () => undefined, cache = null, symbols = [] }: Preparation = {},
): Promise<string[]> {
  const { strategy, timeframe, higher } = config
  const own = ownText(config)
  const origin = { name: strategy.file, relations: barRelationNames(), refused: refusedRelations(), ...own }
  const text = withoutSemicolon(bindParameters(own.text, own.values, strategy.file))
  const frames = timeframesRead(text, timeframe, files)
  const named = relationsNamed(text)
  const specOf = (names: readonly string[], columnsRead: string | null): RelationsSpec => ({
    names: ['bars', ...names],
    timeframes: frames,
    higher: (traded) => (traded === timeframe ? higher : []),
    columnsRead,
    parameters: geometryParameters(config),
    addsBars: (finer, coarser) => addsBars(store, finer, coarser),
    stored: new Map([...files].map(([frame, paths]) => [frame, storedBarsSql(paths, known)])),
  })
  const words = new Set(wordsIn(text))
  const isResampled = frames.length > 1 || files.size > 1 || !files.has(timeframe) || named.includes('context')
  if (isResampled || words.has('sessions')) await createSessions(database, store)
  await createFrames(database, specOf(named, null))
  onBars()
  const isByName = await assertQuery(database, text, origin)
  if (words.has('instruments') || config.rules.max_sector_positions !== null) await createInstruments(database, instrumentsFile(store))
  const cached = async (): Promise<Map<string, string>> => {
    // rows of other timeframes have no place there
    if (cache === null || frames.length > 1) return new Map()
    return cache.open(named, text, symbols, async (name, columns) => {
      const relation = relationTexts(specOf([name], columns)).get(name)!
      await createMacrosOf(database, relation)
      return relation
    })
  }
  const create = async (columnsRead: string | null, kept: ReadonlyMap<string, string> = new Map()) => {
    const relations = new Map([...relationTexts(specOf(named.filter((name) => !kept.has(name)), columnsRead)), ...kept])
    await createMacrosOf(database, [text, ...relations.values()].join('\n'))
    // by such a name only views are found
    const isQualified = /\bmain\s*\./i.test(text)
    if (isQualified) for (const [name, relation] of relations) await createView(database, 'main', name, relation)
    const before = withRelations(isQualified ? new Map() : relations)
    await createView(database, 'main', 'strategy', `${before}${text}\n)`, { ...origin, linesBefore: before.split('\n').length })
  }
  // a column that a strategy returns without naming it is none that a simulation knows
  const columnsRead = isByName ? text : null
  const kept = columnsRead === null ? new Map<string, string>() : await cached().catch(async () => {
    // what failed concerns the cache alone, or is met again below
    await cache?.close()
    return new Map<string, string>()
  })
  await create(columnsRead, kept).catch(async (error: unknown) => {
    await cache?.close()
    // a column may be read in a way that the text does not show
    if (kept.size === 0) throw error
    await create(columnsRead)
  }).catch(async (error: unknown) => {
    // among all columns and macros there may be one that a misspelt name is near to
    await createMacros(database)
    await create(null)
    throw error
  })
  return checkColumns(database, 'strategy', { name: strategy.file })
}

/**
 * Returns the beginning of a query over relations: it ends where the text begins that reads them, in brackets. A view of each
 * would be planned by itself before it is planned with the strategy.
 */
function withRelations(relations: ReadonlyMap<string, string>): string {
  const parts = [...relations].map(([name, text]) => `${identifier(name)} as not materialized (\n${text}\n)`)
  return `${parts.length === 0 ? '' : `with ${parts.join(',\n')}\n`}select * from (\n`
}

/** A strategy decides from bars: what earlier runs did, and splits that were not known yet, are not for it. */
function refusedRelations(): SqlOrigin['refused'] {
  const readable = barRelationNames()
  return {
    relations: relationNames().filter((name) => !readable.includes(name)),
    what: (relation) => `a strategy cannot read ${relation}`,
    expected: 'bars, geometry or one of its models, context or instruments',
  }
}

/**
 * Returns whether a strategy reads columns only by their names. Throws a `DgasError` for one that does anything but select, and for one
 * that would come to something else another time.
 */
async function assertQuery(database: Database, text: string, origin: SqlOrigin): Promise<boolean> {
  const { count, isQuery, isByName, unsteady } = await database.parsed(text, text, origin)
  if (unsteady !== null) {
    const expected = 'what the bars and the parameters say, such as bar_at, $from and $to'
    throw new DgasError({ what: `${unsteady.name} is something else each time`, where: origin.name, expected, detail: pointerInto(text, unsteady.place, origin) })
  }
  if (isQuery) return isByName
  const what = count === 1 ? 'this statement would change something' : `there are ${count === 0 ? 'no' : count} statements`
  throw new DgasError({ what, where: origin.name, expected: 'one query: select or with' })
}

/** The traded timeframe and the ones that the strategy names, as far as they can be made of the traded one. */
function timeframesRead(text: string, traded: Timeframe, files: SourceFiles): Timeframe[] {
  const named = timeframes.filter(({ name }) => text.includes(`'${name}'`))
  const possible = named.filter((frame) => files.has(frame) || isFinerThan(traded, frame))
  return timeframes.filter((frame) => frame === traded || possible.includes(frame))
}

/** The strategy's SQL and the values of its parameters and of those that every strategy has. */
function ownText({ strategy, timeframe, higher, from, to }: BacktestConfig): { text: string; values: Parameters } {
  const usual = {
    timeframe: timeframe.name,
    higher: higher.at(0)?.name ?? null,
    from: from ?? '-infinity',
    to: to ?? 'infinity',
  }
  return { text: strategy.text, values: { ...usual, ...strategy.values } }
}

function withoutSemicolon(text: string): string {
  return text.trimEnd().replace(/;$/, '')
}
