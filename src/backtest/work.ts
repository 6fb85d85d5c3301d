import { rmSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import type { Database } from '../database/database.js'
import { duckdbVersion } from '../database/database.js'
import { literal } from '../database/quote.js'
import { DgasError } from '../errors.js'
import { modelsHash } from '../models/model.js'
import type { RunRecord } from '../report/record.js'
import type { SymbolFacts } from '../simulation/world.js'
import { storedTimeframes, storeFolders, runsFolder, type Store } from '../store/layout.js'
import { halfWritten, spillFolders } from '../store/run-leftovers.js'
import { findRun, type RunFolder } from '../store/runs.js'
import { parseTimeframes } from '../store/timeframe.js'
import { resolveUniverse } from '../store/universe.js'
import { presentHash } from '../strategies/strategy.js'
import { packageVersion } from '../version.js'
import type { BatchSource } from './batch.js'
import { resourcesOf, usualBatchBars } from './batch-size.js'
import { benchmarkFrames } from './benchmark.js'
import { backtestConfig, recordedConfig, type BacktestConfig, type BacktestSpec } from './config.js'
import { finestBelow } from './finer-bars.js'
import { storedBarCount } from './geometry-identity.js'
import { chosenCache, onlyReading, type CacheUse } from './geometry-use.js'
import { accountNames, fingerprintOf, openRun, type OpenRun } from './open-run.js'
import type { RunOutput } from './parts.js'
import type { Plan } from './plan.js'
import { readPlan } from './plan-file.js'
import { readRecord } from './read-record.js'
import { prepareForSymbols, prepareWithPlan, type CommonSource } from './prepare-source.js'
import { sourceFiles, symbolsIn } from './source-files.js'
import { symbolFacts } from './symbol-facts.js'

/** A run whose batches can be computed, in this process or any other: what they have in common, and where their rows go. */
export interface RunWork {
  store: Store
  run: OpenRun
  config: BacktestConfig
  plan: Plan
  source: BatchSource
  output: RunOutput
  facts: SymbolFacts
}

/** How a run begins. */
export interface Beginning {
  now: Date
  /** What it may do with the geometry that runs share; default: what its configuration says. */
  use?: CacheUse
  /** Whether it is not to begin after all; default: no. */
  isStopped?: () => boolean
  /** Whether several processes may share its batches among them; default: no. */
  isDivided?: boolean
}

/**
 * Plans a run and makes its folder. The database can do nothing else then than this run. Throws a usage error for a wrong choice, a
 * `DgasError` when there is nothing to simulate or the run is not to begin.
 */
export async function beginWork(
  database: Database,
  store: Store,
  spec: BacktestSpec,
  { now, use, isStopped = () => false, isDivided = false }: Beginning,
): Promise<RunWork> {
  const chosen = backtestConfig(spec, parseTimeframes(storedTimeframes(store)))
  benchmarkFrames(store, chosen)
  const files = sourceFiles(store, chosen.timeframe, chosen.strategy.text)
  if (chosen.rules.intrabar === 'finer' && files.size > 0) finestBelow(files, chosen.timeframe)
  if (files.size === 0) throw noBars(store, chosen)
  const stored = symbolsIn(store, files)
  const wanted = await resolveUniverse(database, store, chosen, stored)
  // of some symbols no more is known than that they have no more bars than all
  const bars = isDivided ? Infinity : storedBarCount(store, chosen, stored)
  const config = { ...chosen, batchBars: spec.batchBars ?? usualBatchBars(await resourcesOf(database), bars) }
  const [common, plan] = await prepareWithPlan({ database, store, config, use: use ?? chosenCache(config) }, wanted)
  try {
    const source = await withSymbols(common, plan, stored)
    if (isStopped()) throw new DgasError({ what: 'interrupted before the run began: there is nothing of it', exit: 130 })
    return await workOn(store, await openRun(store, source, config, plan, now), plan, source)
  } catch (error) {
    await common.cache.close()
    throw error
  }
}

/**
 * Opens a run that was begun here or elsewhere, to go on with it. Throws a `DgasError` when the data, the strategy or the
 * version of the program are no longer those that it began with.
 */
export async function continueWork(database: Database, store: Store, id: string, use?: CacheUse): Promise<RunWork> {
  const folder = findRun(runsFolder(store), id)
  const record = readRecord(folder)
  checkProgram(record, folder.file)
  const config = recordedConfig(record)
  const plan = readPlan(store, folder.folder)
  const common = await prepareForSymbols({ database, store, config, use: onlyReading(use ?? chosenCache(config)) }, plan.symbols.map(({ symbol }) => symbol))
  if (await fingerprintOf(store, common) !== record.data_fingerprint) {
    throw new DgasError({ what: `the data have changed since the run ${record.run_id} began`, where: store.folder, expected: 'a new run' })
  }
  const source = await withSymbols(common, plan, symbolsIn(store, common.files))
  const { status: _status, ...beginning } = record
  const run = { ...folder, beginning, accounts: accountNames(config, source.symbols) }
  return workOn(store, run, plan, source)
}

/** Throws a `DgasError` when a run, of which the record is in the file `where`, began with another program or strategy than is here. */
export function checkProgram(record: RunRecord, where: string): void {
  checkVersions(record, where)
  checkStrategy(recordedConfig(record), record)
}

/** Deletes what a process that was killed has left unfinished in the folder of a run, which nobody else works on. */
export function clearUnfinished(run: RunFolder): void {
  for (const path of [...halfWritten(run), ...spillFolders(run)]) rmSync(path, { recursive: true, force: true })
}

/** Where a process of a run keeps what does not fit into memory; several may work on one run. */
export function spillFolder(folder: string): string {
  return join(folder, `spill-${hostname()}-${process.pid}`)
}

async function withSymbols(common: CommonSource, plan: Plan, stored: readonly string[]): Promise<BatchSource> {
  await createSymbols(common.database, plan)
  const symbols = plan.symbols.map(({ symbol }) => symbol)
  return { ...common, symbols, isPart: symbols.length < stored.length }
}

async function workOn(store: Store, run: OpenRun, plan: Plan, source: BatchSource): Promise<RunWork> {
  const { config, database, symbols } = source
  // what does not fit the memory limit goes to the disk of the store
  await database.run(`set temp_directory = ${literal(spillFolder(run.folder))}`)
  if (source.cache.isOnlyRead()) await leaveOneCore(database)
  // the strategy is the user's, or somebody's from whom they have it
  await database.confine(storeFolders(store))
  const facts = await symbolFacts(database, plan, config.rules)
  const output = { database: await database.fork(), runId: run.id, folder: run.folder, symbols, accounts: run.accounts }
  return { store, run, config, plan, source, output, facts }
}

/** To the simulation: what is only read is there soon enough, and whoever waits for DuckDB's other threads keeps a core busy with that. */
async function leaveOneCore(database: Database): Promise<void> {
  if (database.isLimited) return
  const { threads } = await resourcesOf(database)
  if (threads > 1) await database.run(`set threads = ${threads - 1}`)
}

async function createSymbols(database: Database, { symbols }: Plan): Promise<void> {
  const rows = symbols.map(({ symbol, firstBarAt, lastBarAt }, code) => ({ symbol, code, first: firstBarAt, last: lastBarAt }))
  const shape = '[{"symbol":"VARCHAR","code":"INTEGER","first":"BIGINT","last":"BIGINT"}]'
  // JSON: a list of values takes the planner twenty times as long
  await database.run(`
    create or replace table run_symbols as
    select symbol, code, epoch_ms(first) as first_bar_at, epoch_ms(last) as last_bar_at
    from (select unnest(from_json(${literal(JSON.stringify(rows))}, ${literal(shape)}), recursive := true))`)
}

function checkVersions({ versions, run_id }: RunRecord, where: string): void {
  const present = { dgas: packageVersion(), duckdb: duckdbVersion() }
  for (const name of ['dgas', 'duckdb'] as const) {
    if (versions[name] === present[name]) continue
    const what = `the run ${run_id} began with ${name} ${versions[name]}, and this is ${present[name]}`
    throw new DgasError({ what, where, expected: `${name} ${versions[name]}, or a new run` })
  }
  if (versions.models === undefined || versions.models === modelsHash()) return
  throw new DgasError({ what: `the models in sql/ are not those that the run ${run_id} began with`, where, expected: 'the same ones, or a new run' })
}

function checkStrategy({ strategy }: BacktestConfig, { strategy_hash, run_id }: RunRecord): void {
  const present = presentHash(strategy) ?? strategy.hash
  if (present === strategy_hash && strategy.hash === strategy_hash) return
  const what = `the strategy has changed since the run ${run_id} began`
  throw new DgasError({ what, where: strategy.file, expected: 'the text of run.json, or a new run' })
}

function noBars(store: Store, { timeframe }: BacktestConfig): DgasError {
  const names = storedTimeframes(store).join(', ')
  const expected = `${names}, which the store has, or what can be made of it`
  return new DgasError({ what: `there are no ${timeframe.name} bars`, where: store.folder, expected, exit: 2 })
}
