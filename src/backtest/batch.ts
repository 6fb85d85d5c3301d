import { setImmediate } from 'node:timers/promises'
import type { Database } from '../database/database.js'
import { literal } from '../database/quote.js'
import { viewSql } from '../models/bar-views.js'
import { storedBarsSql } from '../models/stored-bars.js'
import type { BarColumns } from '../rows.js'
import type { BacktestConfig } from './config.js'
import { allDone } from './all-done.js'
import { computedBars, type BarOrder } from './bars.js'
import { placeActions, readActions } from './corporate-actions.js'
import { finestBelow, readFinerBars } from './finer-bars.js'
import type { KeptGeometry } from './kept-geometry.js'
import type { PlannedSymbol } from './plan.js'
import { sessionEnds } from './session-ends.js'
import { checkSignals, computedSignals, reasonsSql, signalsSql, type Signals } from './signals.js'
import type { SourceFiles } from './source-files.js'

/** What the batches of a run have in common. */
export interface BatchSource {
  database: Database
  config: BacktestConfig
  files: SourceFiles
  /** SQL condition on the bars that the run may know at all: those up to its end. */
  known: string
  /** SQL condition on the bars that may be traded. */
  traded: string
  /** The columns that the strategy returns. */
  columns: readonly string[]
  /** Symbols by their codes. */
  symbols: readonly string[]
  /** Whether the store holds other symbols than these. */
  isPart: boolean
  /** SQL of the corporate actions that are applied; null: none. */
  actions: string | null
  /** Where columns of the geometry come from that are not computed. */
  cache: KeptGeometry
}

/** Bars and their signals, ready to be simulated. */
export interface Batch {
  bars: BarColumns
  signals: Signals
}

/** A relation of signals and the texts of their reasons. */
export interface SignalTable {
  table: string
  reasons: readonly string[]
}

/** Computes the signals of consecutive symbols, to which the bars are narrowed, into `table` and returns the texts of their reasons. */
export async function computeBatch(
  source: BatchSource,
  batch: readonly PlannedSymbol[],
  table: string,
): Promise<readonly string[]> {
  const { database, columns, config, cache } = source
  const symbols = batch.map(({ symbol }) => symbol)
  const cached = await cache.narrowed(symbols, conditionOn(source, symbols))
  // in one go: before a second statement is begun, the thread may be busy with the batch before
  const sql = [...cached, signalsSql(table, columns), reasonsSql(table, columns)].join(';\n')
  try {
    const reasons = textsOf(await database.rows(sql, { name: config.strategy.file }))
    cache.write(symbols)
    return reasons
  } catch (error) {
    // what fails in turn says less
    if (await cache.fails(error).catch(() => false)) return computeBatch(source, batch, table)
    throw error
  }
}

/**
 * Computes the signals of consecutive symbols into `table`, and reads them and the traded bars. `onComputed` is told when nothing is
 * to be computed any more.
 */
export async function loadBatch(
  source: BatchSource,
  symbols: readonly PlannedSymbol[],
  table: string,
  onComputed: () => void,
): Promise<Batch> {
  const { database, config, columns, traded, symbols: names } = source
  const order = 'code, bar_at'
  const relation = `"${config.timeframe.name}".bars`
  const hasMore = needsMore(source)
  let computing = 2
  const computed = () => {
    if (--computing === 0 && !hasMore) onComputed()
  }
  await selectSymbols(source, symbols.map(({ symbol }) => symbol))
  // the bars are there first, and to read them takes the thread for long: meanwhile the signals are computed
  const [bars, signals] = await allDone([
    database.beside(async (other) => {
      const read = await computedBars(other, relation, traded, order, needsVolume(config))
      computed()
      await setImmediate()
      return read()
    }),
    (async () => {
      const reasons = await computeBatch(source, symbols, table)
      await applyActions(source)
      const read = await computedSignals(database, table, columns, reasons, 'true', order)
      computed()
      await setImmediate()
      return { columns: read(), reasons }
    })(),
  ])
  await setImmediate()
  await addMore(source, bars, 'true', order)
  if (hasMore) onComputed()
  checkSignals(bars, signals.columns, names, config.strategy.file)
  return { bars, signals }
}

/** Computes the geometry of consecutive symbols that is left in the store, and nothing else. */
export async function computeGeometry(source: BatchSource, symbols: readonly string[]): Promise<void> {
  await selectSymbols(source, symbols)
  const sql = await source.cache.narrowed(symbols, conditionOn(source, symbols))
  await source.database.run(sql.join(';\n'))
  source.cache.write(symbols)
}

/** Returns the texts of the reasons of the signals in `table`. */
export async function reasonsOf({ database, columns }: BatchSource, table: string): Promise<readonly string[]> {
  return textsOf(await database.rows(reasonsSql(table, columns)))
}

function textsOf(rows: readonly { reason: string }[]): string[] {
  return rows.map(({ reason }) => reason)
}

/** Finds the bars of the symbols that `selectSymbols` left at which corporate actions are applied, if any are to be. */
export async function applyActions({ database, actions, config, traded }: BatchSource): Promise<void> {
  if (actions !== null) await placeActions(database, actions, `"${config.timeframe.name}".bars`, traded)
}

/**
 * Reads the traded bars for which `condition` holds, and their signals from `table`, whose reasons are `reasons`.
 */
export async function readBatch(
  source: BatchSource,
  { table, reasons }: SignalTable,
  condition: string,
  order: BarOrder,
): Promise<Batch> {
  const { database, config, columns, traded, symbols } = source
  const relation = `"${config.timeframe.name}".bars`
  const [readSignals, readBars] = await Promise.all([
    computedSignals(database, table, columns, reasons, condition, order),
    computedBars(database, relation, `${traded} and ${condition}`, order, needsVolume(config)),
  ])
  const [signals, bars] = [readSignals(), readBars()]
  await addMore(source, bars, condition, order)
  checkSignals(bars, signals, symbols, config.strategy.file)
  return { bars, signals: { columns: signals, reasons } }
}

function needsVolume({ rules: { require_volume, participation } }: BacktestConfig): boolean {
  return require_volume || participation !== null
}

/** Whether `addMore` has anything to add. */
function needsMore({ config: { rules }, actions }: BatchSource): boolean {
  return rules.exit_session_end || actions !== null || rules.intrabar === 'finer'
}

/** Adds to bars for which `condition` holds what some rules need besides. */
async function addMore(source: BatchSource, bars: BarColumns, condition: string, order: BarOrder): Promise<void> {
  const { database, config, traded, files, actions } = source
  const relation = `"${config.timeframe.name}".bars`
  if (config.rules.exit_session_end) bars.session_end = await sessionEnds(database, bars, relation, traded, order)
  if (actions !== null) bars.actions = await readActions(database, bars, condition, order)
  if (config.rules.intrabar === 'finer') {
    const finer = finestBelow(files, config.timeframe)
    bars.finer = await readFinerBars(database, bars, finer, relation, `${traded} and ${condition}`, order)
  }
}

/** Narrows the stored bars to consecutive symbols of the run. */
export async function selectSymbols(source: BatchSource, symbols: readonly string[]): Promise<void> {
  await source.database.run(narrowedSql(source, symbols))
}

/** SQL condition on the bars of consecutive symbols of the run. */
function conditionOn({ known, isPart }: BatchSource, symbols: readonly string[]): string {
  const range = `symbol between ${literal(symbols[0])} and ${literal(symbols.at(-1)!)} and ${known}`
  return isPart ? `${range} and symbol in (${symbols.map(literal).join(', ')})` : range
}

function narrowedSql(source: BatchSource, symbols: readonly string[]): string {
  const condition = conditionOn(source, symbols)
  return [...source.files].map(([{ name }, paths]) => {
    return viewSql(name, 'stored_bars', `select ${literal(name)} as timeframe, * from (${storedBarsSql(paths, condition)})`)
  }).join(';\n')
}
