import { existsSync, mkdirSync } from 'node:fs'
import { duckdbVersion } from '../database/database.js'
import { usageError } from '../errors.js'
import { modelsHash } from '../models/model.js'
import type { RunRecord } from '../report/record.js'
import { fileError, writeDurably } from '../store/files.js'
import { dataFingerprint, runsFolder, type Store } from '../store/layout.js'
import { runFolder, type RunFolder } from '../store/runs.js'
import { packageVersion } from '../version.js'
import type { BatchSource } from './batch.js'
import { configurationOf, type BacktestConfig } from './config.js'
import type { Plan } from './plan.js'
import { writePlan } from './plan-file.js'
import { actionsText } from './corporate-actions.js'
import { runId } from './run-id.js'

/** What a run's record says from its beginning. */
export type RunBeginning = Pick<
  RunRecord,
  | 'run_id' | 'started_at' | 'strategy' | 'timeframe' | 'higher' | 'universe' | 'accounts' | 'first_session' | 'last_session'
  | 'skipped' | 'failed' | 'configuration' | 'strategy_file' | 'strategy_text' | 'strategy_hash' | 'data_fingerprint' | 'versions'
>

/** A run that has begun. */
export interface OpenRun extends RunFolder {
  beginning: RunBeginning
  /** Names of the accounts by their codes. */
  accounts: readonly string[]
}

/** Makes the folder of a run and writes what is known of it so far. Throws a usage error when its name is taken. */
export async function openRun(
  store: Store,
  { database, files, symbols, actions }: BatchSource,
  config: BacktestConfig,
  plan: Plan,
  startedAt: Date,
): Promise<OpenRun> {
  const configuration = configurationOf(config)
  const data_fingerprint = await fingerprintOf(store, { database, files, actions })
  const { strategy, rules } = config
  // how the work is cut, repeated and spared does not determine the result
  const { batchBars: _batch, retries: _retries, minSuccess: _share, cache: _cache, ...determining } = configuration
  const folder = newFolder(store, config.runId, runId(startedAt, [determining, strategy.hash, data_fingerprint]))
  const beginning: RunBeginning = {
    ...{ run_id: folder.id, started_at: startedAt.toISOString(), strategy: strategy.name, timeframe: config.timeframe.name },
    higher: config.higher.map(({ name }) => name),
    universe: universeText(config),
    ...{ accounts: rules.accounts, first_session: plan.sessions[0], last_session: plan.sessions[1] },
    ...{ skipped: [...plan.skipped], failed: [], configuration, data_fingerprint },
    ...{ strategy_file: strategy.file, strategy_text: strategy.text, strategy_hash: strategy.hash },
    versions: { dgas: packageVersion(), duckdb: duckdbVersion(), node: process.version, models: modelsHash() },
  }
  writePlan(store, folder.folder, plan)
  const run = { ...folder, beginning, accounts: accountNames(config, symbols) }
  markStatus(run, 'running')
  return run
}

/** Returns the names of the accounts of a run by their codes. */
export function accountNames({ rules }: BacktestConfig, symbols: readonly string[]): readonly string[] {
  return rules.accounts === 'shared' ? ['portfolio'] : symbols
}

/** Returns a hash of all data that a run reads. */
export async function fingerprintOf(store: Store, source: Pick<BatchSource, 'database' | 'files' | 'actions'>): Promise<string> {
  const { database, files, actions } = source
  const applied = actions === null ? '' : await actionsText(database, actions)
  return dataFingerprint(store, [...files.keys()].map(({ name }) => name), applied)
}

/** Writes into the record of a run how it stands. */
export function markStatus({ file, beginning }: OpenRun, status: 'running' | 'interrupted'): void {
  writeDurably(file, `${JSON.stringify({ ...beginning, status }, null, 2)}\n`)
}

/** Writes into the record of a run that it came to nothing, and why. */
export function markFailed({ file, beginning }: Pick<OpenRun, 'file' | 'beginning'>, error: unknown): void {
  const reason = error instanceof Error ? error.message : String(error)
  const stack = error instanceof Error ? error.stack : undefined
  writeDurably(file, `${JSON.stringify({ ...beginning, status: 'failed', reason, stack }, null, 2)}\n`)
}

function universeText({ symbols, universe, where }: BacktestConfig): string {
  const named = symbols === null ? universe : symbols.join(' ')
  return where === null ? named : `${named} where ${where}`
}

function newFolder(store: Store, name: string | null, usual: string): RunFolder {
  const runs = runsFolder(store)
  if (name !== null && (name === 'latest' || !/^\w[\w.-]*$/.test(name))) {
    const expected = 'letters, digits, dots, dashes, and not "latest", which is the last one'
    throw usageError({ what: `"${name}" cannot name a run`, where: '--run-id', expected })
  }
  if (name !== null && existsSync(runFolder(runs, name).folder)) {
    throw usageError({ what: `there is already a run "${name}"`, where: '--run-id', expected: 'a new name' })
  }
  try {
    mkdirSync(runs, { recursive: true })
    for (let count = 1; ; count++) {
      const made = runFolder(runs, name ?? (count === 1 ? usual : `${usual}-${count}`))
      if (isMade(made.folder)) return made
    }
  } catch (error) {
    throw fileError(error, runs)
  }
}

/** Makes a folder; false when it is there already, made by a run that began in the same second. */
function isMade(folder: string): boolean {
  try {
    mkdirSync(folder)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}
