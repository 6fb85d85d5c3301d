import type { Database } from '../database/database.js'
import { literal } from '../database/quote.js'
import { callsMacro, createMacros } from '../models/macros.js'
import { readModels } from '../models/model.js'
import { geometryParameters, type GeometrySpec } from '../models/parameters.js'
import { relationsNamed } from '../models/relation-names.js'
import { createRelations } from '../models/relations.js'
import { storedBarsSql } from '../models/stored-bars.js'
import { createRunRelations, runRelations } from '../store/run-relations.js'
import { listRuns } from '../store/runs.js'
import { createInstruments } from '../models/instruments.js'
import { createActions } from '../store/corporate-actions.js'
import { addsBars } from '../store/coverage.js'
import { barFiles, instrumentsFile, runsFolder, storedTimeframes, type Store } from '../store/layout.js'
import { createSessions } from '../store/sessions.js'
import { isFinerThan, parseTimeframes, timeframes, usualHigher, type Timeframe } from '../store/timeframe.js'

/** How the relations of a query are made; all fields optional. */
export interface QueryRelationsSpec {
  /** Whether they have all columns, or only the ones that the query may read, the default. */
  isWhole?: boolean
  /** How the geometry is computed; default: as `usualGeometry` has it. */
  geometry?: GeometrySpec
  /** Returns the higher timeframes of `context` for bars of a timeframe, nearest first; default: the usual ones. */
  higher?: (timeframe: Timeframe) => readonly Timeframe[]
}

/**
 * Creates the relations that a query reads. The models hold the
 * stored timeframes and those that the query names in a literal, as in `where timeframe = '1d'`, and that can be made of them.
 */
export async function createQueryRelations(
  database: Database,
  store: Store,
  sql: string,
  { isWhole = false, geometry = {}, higher = usualHigher }: QueryRelationsSpec = {},
): Promise<void> {
  const names = relationsNamed(sql)
  const stored = parseTimeframes(storedTimeframes(store))
  // a macro is called by its name; the models call them too
  if (names.some((name) => name !== 'bars') || callsMacro(sql)) await createMacros(database)
  if (names.includes('instruments')) await createInstruments(database, instrumentsFile(store))
  if (names.includes('corporate_actions')) await createActions(database, store)
  if (names.some(isOfRuns)) await createRunRelations(database, listRuns(runsFolder(store)), names)
  const bars = new Map(stored.map((timeframe) => [timeframe, storedBarsSql(barFiles(store, timeframe.name))]))
  if (names.includes('context') || shown(sql, stored).length > 1) await createSessions(database, store)
  const columnsRead = isWhole || readsEverything(sql) ? null : sql
  await createRelations(database, {
    ...{ names, timeframes: shown(sql, stored), higher, stored: bars, columnsRead },
    addsBars: (finer, coarser) => addsBars(store, finer, coarser),
    parameters: geometryParameters(geometry),
  })
}

function isOfRuns(name: string): boolean {
  return name === 'runs' || name === 'batches' || name in runRelations
}

function shown(sql: string, stored: readonly Timeframe[]): Timeframe[] {
  return timeframes.filter((timeframe) => (isNamed(timeframe, sql) && canBeMade(timeframe, stored)) || stored.includes(timeframe))
}

/** Returns the names of the timeframes that a query of bars names in a literal and that cannot be made of the store's bars. */
export function timeframesMissed(store: Store, sql: string): string[] {
  const models = readModels()
  if (!relationsNamed(sql).some((name) => models.has(name))) return []
  const stored = parseTimeframes(storedTimeframes(store))
  return timeframes.filter((timeframe) => isNamed(timeframe, sql) && !canBeMade(timeframe, stored)).map(({ name }) => name)
}

function isNamed({ name }: Timeframe, sql: string): boolean {
  return sql.includes(literal(name))
}

function canBeMade(timeframe: Timeframe, stored: readonly Timeframe[]): boolean {
  return stored.some((one) => one === timeframe || isFinerThan(one, timeframe))
}

/** Whether a query may return columns that it does not name. */
function readsEverything(sql: string): boolean {
  return /(?:\bselect(?:\s+distinct)?|,|\.)\s*\*|\bcolumns\s*\(|\b(?:describe|summarize|pivot|natural)\b/i.test(sql) || !/\bselect\b/i.test(sql)
}
