import { rmSync } from 'node:fs'
import { join } from 'node:path'
import type { BatchRecord } from '../backtest/batch-record.js'
import { retryText } from '../backtest/follow.js'
import { pace } from '../backtest/pace.js'
import { pieceLoader } from '../backtest/piece.js'
import { readRecord } from '../backtest/read-record.js'
import { doBatch, type BatchOptions } from '../backtest/separate.js'
import { doSignalBatch } from '../backtest/shared.js'
import type { Retry } from '../backtest/survive.js'
import { checkProgram, continueWork, spillFolder, type RunWork } from '../backtest/work.js'
import { openDatabase, type DatabaseSpec } from '../database/database.js'
import { DgasError } from '../errors.js'
import { runsFolder, type Store } from '../store/layout.js'
import { findRun } from '../store/runs.js'

/** A run that a worker takes part in. */
export interface JoinedRun {
  work: RunWork
  options: BatchOptions
  /** Closes its database. */
  leave: () => void
}

/** This worker may take no part in a run, of which another worker may. */
export class Refusal extends DgasError {}

/**
 * Opens a run to do batches of it; `warn` is told of failures after which something is tried again. Throws a `Refusal` when program or strategy of this worker are not those that the run
 * began with, another `DgasError` when nobody can go on with it.
 */
export async function joinRun(store: Store, id: string, spec: DatabaseSpec, warn: (text: string) => void): Promise<JoinedRun> {
  const database = await openDatabase(spec)
  try {
    assertSameProgram(store, id)
    const work = await continueWork(database, store, id)
    const leave = () => {
      work.output.database.close()
      database.close()
      rmSync(spillFolder(work.run.folder), { recursive: true, force: true })
    }
    const onRetry = (batch: number, retry: Retry) => warn(`${id}: ${retryText(batch, retry)}`)
    return { work, options: { load: pieceLoader(work), pace: pace([]), portion: { mostBars: Infinity }, onRetry }, leave }
  } catch (error) {
    database.close()
    throw error
  }
}

/** Does a batch of a run. Throws what ends the run, or a failure that may pass. */
export async function doJoinedBatch({ work, options }: JoinedRun, batch: number): Promise<BatchRecord> {
  // in a run by one process the first batch shows whether anything works at all
  const all = { ...options, hasWorked: batch > 0 }
  if (work.config.rules.accounts === 'separate') return doBatch(work, batch, all)
  const record = await doSignalBatch(work, batch, all)
  // too late: the run was finished while this process was frozen
  if (readRecord(work.run).status === 'completed') rmSync(join(work.run.folder, 'computed'), { recursive: true, force: true })
  return record
}

/** Throws a `Refusal` when a run began with another program or strategy than this worker has. */
export function assertSameProgram(store: Store, id: string): void {
  const run = findRun(runsFolder(store), id)
  try {
    checkProgram(readRecord(run), run.file)
  } catch (error) {
    throw error instanceof DgasError ? new Refusal(error.problem) : error
  }
}
