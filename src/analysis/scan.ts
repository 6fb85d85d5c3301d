import { assertCondition, whereSql } from '../database/condition.js'
import { openDatabase, type Database } from '../database/database.js'
import type { SqlOrigin } from '../database/sql-error.js'
import { DgasError } from '../errors.js'
import { createInstruments } from '../models/instruments.js'
import { readSql } from '../models/model.js'
import type { Geometry } from '../models/parameters.js'
import { instrumentsFile, type Store } from '../store/layout.js'
import { resolveUniverse } from '../store/universe.js'
import { knownSymbols } from './analyze.js'
import type { Frames } from './frames.js'
import type { Moment } from './moment.js'
import { createSnapshot } from './snapshot.js'

/** Which symbols to rank, in which timeframes, when, and how. */
export interface ScanSpec {
  /** Symbols by name; null: those of `universe`. */
  symbols: readonly string[] | null
  universe: string
  frames: Frames
  moment: Moment
  /** How the geometry is computed. */
  geometry: Geometry
  /** SQL condition on the columns of `context`, and on name, sector and industry; null: all symbols. */
  where: string | null
  /** SQL of the order; null: `usualOrder`. */
  orderBy: string | null
  limit: number
}

/** The order of a scan that asks for none. */
export const usualOrder = 'signal_strength desc nulls last, symbol'

/** The columns of a scan. */
export const scanColumns = [
  'symbol', 'timeframe', 'bar_at', 'close',
  'recommended_action', 'signal_strength', 'risk_level', 'alignment_score', 'alignment',
  'market_state', 'market_direction', 'higher_market_state', 'higher_market_direction', 'higher_strength',
  'zone_role', 'zone_distance', 'confluence_count',
  'support_zone_low', 'support_zone_high', 'support_zone_weight',
  'resistance_zone_low', 'resistance_zone_high', 'resistance_zone_weight',
  'termination_touch', 'termination_lines',
] as const

/** Bars to start with: few series have to be computed in full. */
const usualTail = 48

/**
 * Creates the table `scan`, a row for each symbol, and returns the query that ranks them. Throws a `DgasError` with a caret
 * for a mistake in condition or order.
 */
export async function scan(database: Database, store: Store, spec: ScanSpec, tail = usualTail): Promise<string> {
  const known = knownSymbols(store, spec.frames)
  const { symbols, universe } = spec
  const wanted = await resolveUniverse(database, store, { symbols, universe, where: null }, known)
  const isAll = symbols === null && universe === 'all'
  await createScan(database, store, spec, { symbols: isAll ? null : wanted, isWhole: false, tail })
  await database.confine([store.folder])
  await checkTexts(database, spec).catch(async (error: unknown) => {
    // among all columns there may be one that a misspelt name is near to
    if (isOfNames(error)) await checkWithAllColumns(store, spec)
    throw error
  })
  return `
    ${whereSql(`select ${scanColumns.join(', ')} from scan`, spec.where ?? 'true')}
    order by\n${spec.orderBy ?? usualOrder}\n
    limit ${spec.limit}`
}

interface ScanBars {
  symbols: readonly string[] | null
  isWhole: boolean
  tail: number
}

async function createScan(database: Database, store: Store, spec: ScanSpec, bars: ScanBars): Promise<void> {
  const { frames, moment, geometry, where, orderBy } = spec
  const text = readSql('queries/scan.sql')
  const columnsRead = bars.isWhole ? null : [text, ...scanColumns, where, orderBy ?? usualOrder].join('\n')
  await createSnapshot(database, store, { frames, moment, geometry, symbols: bars.symbols, columnsRead, tail: bars.tail, kept: { focus: 1, higher: 4 }, hasNext: false })
  await createInstruments(database, instrumentsFile(store))
  await database.run(`create table scan as\n${text}`, { name: 'scan.sql', linesBefore: 1 })
}

/** Throws when the condition or the order is no SQL over the columns of `scan`. */
async function checkTexts(database: Database, { where, orderBy }: ScanSpec): Promise<void> {
  if (where !== null) await assertCondition(database, 'select 1 from scan', { text: where, option: '--where', relations: ['scan'] })
  if (orderBy !== null) await assertOrder(database, orderBy)
}

/** Whether a mistake is one of SQL that can be read. */
function isOfNames(error: unknown): boolean {
  return error instanceof DgasError && error.exitCode === 1 && !error.problem.what.startsWith('syntax error')
}

async function assertOrder(database: Database, order: string): Promise<void> {
  const origin: SqlOrigin = { name: '--order-by', linesBefore: 1, relations: ['scan'] }
  if (order.trim() === '') throw new DgasError({ what: 'the order is empty', where: '--order-by', exit: 2 })
  const sql = `select 1 from scan order by\n${order}`
  await database.statements(sql, origin)
  // limit and offset of its own would be the second ones
  const { isQuery } = await database.statements(`${sql}\nlimit 1 offset 0`, origin)
  if (!isQuery) throw new DgasError({ what: 'this is no order', where: '--order-by', exit: 2 })
}

/** Checks the texts against all columns, of no symbol. */
async function checkWithAllColumns(store: Store, spec: ScanSpec): Promise<void> {
  const database = await openDatabase({ threads: 1 })
  await createScan(database, store, spec, { symbols: [''], isWhole: true, tail: usualTail })
  await checkTexts(database, spec)
  database.close()
}
