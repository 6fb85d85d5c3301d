import { rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Database } from '../database/database.js'
import { DgasError, isInterruption, messageOf } from '../errors.js'
import type { RunReport } from '../report/record.js'
import { runsFolder, type Store } from '../store/layout.js'
import { withLock } from '../store/lock.js'
import { needlessWhenComplete } from '../store/run-leftovers.js'
import { findRun, type RunFolder } from '../store/runs.js'
import { allDone } from './all-done.js'
import { benchmarkFrames, readBenchmark } from './benchmark.js'
import type { BacktestSpec } from './config.js'
import { finishRun } from './finish.js'
import { elapsedBefore, follow, type Follower, type RunContext } from './follow.js'
import { markFailed } from './open-run.js'
import { readRecord } from './read-record.js'
import { readRunReport } from './read-report.js'
import { simulateSeparate } from './separate.js'
import { simulateShared } from './shared.js'
import { stopwatch, type Stopwatch } from './stopwatch.js'
import type { Totals } from './totals.js'
import { beginWork, clearUnfinished, continueWork, spillFolder, type RunWork } from './work.js'

export type { RunContext } from './follow.js'

/** A finished run. */
export interface RunResult extends RunReport {
  id: string
  folder: string
}

/**
 * Runs a backtest: plans it, computes signals and simulates them batch by batch, and writes its folder in the store. Throws a
 * usage error for a wrong choice and a `DgasError` when there is nothing to simulate.
 */
export async function runBacktest(
  database: Database,
  store: Store,
  spec: BacktestSpec,
  context: RunContext,
): Promise<RunResult> {
  const started = performance.now()
  const watch = stopwatch()
  const work = await watch.time('plan', () => beginWork(database, store, spec, { now: context.now(), use: context.cache, isStopped: context.isStopped }))
  return alone(work.run.folder, work.run.id, context, (isHeld) => carryOut(work, watch, started, context, isHeld))
}

/**
 * Goes on with a run that was interrupted, killed, or of which other processes did batches, and finishes it: finished batches
 * are kept, and the result is that of an unbroken run to the last bit. A run that is complete is only read. Throws a
 * `DgasError` when data, strategy or program have changed since it began, or when a living process is at work on it.
 */
export async function resumeBacktest(database: Database, store: Store, id: string, context: RunContext): Promise<RunResult> {
  const run = findRun(runsFolder(store), id)
  const { status, started_at } = readRecord(run)
  if (status === 'completed') {
    clearCompleted(run, context)
    return { ...await readRunReport(database, run), id: run.id, folder: run.folder }
  }
  // what was done before belongs to its time; of a run by a queue other processes did it, at the same time
  const before = context.isGiven === true ? Math.max(0, context.now().getTime() - Date.parse(started_at)) : elapsedBefore(run.folder)
  const started = performance.now() - before
  const watch = stopwatch()
  return alone(run.folder, run.id, context, async (isHeld) => {
    clearUnfinished(run)
    const work = await watch.time('plan', () => continueWork(database, store, run.id, context.cache))
    return carryOut(work, watch, started, context, isHeld)
  })
}

/** Deletes what the process has left that was killed when its run was complete; the run can be read without that, too. */
function clearCompleted(run: RunFolder, { warn }: RunContext): void {
  try {
    for (const path of needlessWhenComplete(run)) rmSync(path, { recursive: true, force: true })
  } catch (error) {
    warn?.(`what a killed process has left in ${run.folder} stays there: ${messageOf(error)}`)
  }
}

/** The lock is that of the run: any number of runs go on in a store at the same time. */
async function alone<T>(
  folder: string,
  id: string,
  { now, isGiven }: RunContext,
  work: (isHeld: () => boolean) => Promise<T>,
): Promise<T> {
  return withLock(join(folder, 'run.lock'), now(), work, `the run ${id} is being carried out`, isGiven)
}

async function carryOut(
  work: RunWork,
  watch: Stopwatch,
  started: number,
  context: RunContext,
  isHeld: () => boolean,
): Promise<RunResult> {
  const { run, store, config } = work
  const follower = follow(work, context, started)
  try {
    const totals = await simulate(work, watch, follower)
    if (!isHeld()) throw new DgasError({ what: `the run ${run.id} was taken over by another process` })
    const frames = benchmarkFrames(store, config)
    const benchmark = (first: number) => readBenchmark(work.output.database, store, config, frames, first)
    // nothing of the run depends on what it leaves to others
    const [finished] = await allDone([finishRun({ ...work, ...totals, benchmark, watch, started }), leaveGeometry(work, context)])
    follower.end(true)
    rmSync(join(run.folder, 'computed'), { recursive: true, force: true })
    return { ...finished, id: run.id, folder: run.folder }
  } catch (error) {
    follower.end(false)
    if (!isInterruption(error) && isHeld()) markFailed(run, error)
    throw error
  } finally {
    await work.source.cache.close()
    work.output.database.close()
    rmSync(spillFolder(run.folder), { recursive: true, force: true })
  }
}

async function leaveGeometry({ source, plan }: RunWork, { warn }: RunContext): Promise<void> {
  const fault = await source.cache.finish(plan.symbols.map(({ symbol }) => symbol))
  if (fault !== null) warn?.(`the geometry was not kept for other runs: ${fault}`)
}

async function simulate(work: RunWork, watch: Stopwatch, follower: Follower): Promise<Totals> {
  const { config, plan } = work
  follower.stopIfAsked()
  const all = config.rules.accounts === 'shared' ? simulateShared : simulateSeparate
  const totals = await all(work, watch, follower)
  if (totals.failed.length < plan.symbols.length) return totals
  const [{ symbol, reason }] = totals.failed
  throw new DgasError({ what: `no symbol could be simulated; ${symbol}: ${reason}` })
}
