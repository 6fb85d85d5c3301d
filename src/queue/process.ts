import { existsSync } from 'node:fs'
import type { Job } from 'bullmq'
import { readBatchRecord, type BatchRecord } from '../backtest/batch-record.js'
import { faultOf } from '../backtest/faults.js'
import { markFailed } from '../backtest/open-run.js'
import { readRecord } from '../backtest/read-record.js'
import { resumeBacktest } from '../backtest/run.js'
import { openDatabase, type DatabaseSpec } from '../database/database.js'
import { DgasError } from '../errors.js'
import { runsFolder, type Store } from '../store/layout.js'
import { runFolder, type RunFolder } from '../store/runs.js'
import { assertSameProgram, doJoinedBatch, joinRun, Refusal, type JoinedRun } from './batch.js'
import { mostLosses, type JobData } from './jobs.js'

/** What a worker does with its jobs, one after the other. */
export interface Processor {
  /** Does a job; returns the record of a batch. Throws a `Refusal`, or a failure after which the job is tried again. */
  run: (job: Job<JobData>) => Promise<BatchRecord | null>
  /** Closes what it has open. */
  close: () => void
}

/** Returns what does the jobs of a store; it stays in a run until a job of another one comes. */
export function processor(store: Store, spec: DatabaseSpec, warn: (text: string) => void): Processor {
  let joined: JoinedRun | null = null
  const leave = () => {
    joined?.leave()
    joined = null
  }
  const doBatch = async (id: string, batch: number) => {
    if (joined?.work.run.id !== id) {
      leave()
      joined = await joinRun(store, id, spec, warn)
    }
    return doJoinedBatch(joined, batch)
  }
  const run = async (job: Job<JobData>) => {
    const { run: id, batch } = job.data
    const folder = runFolder(runsFolder(store), id)
    // a run that has ended, or that was deleted, needs no more work
    if (!isOpen(folder)) return null
    try {
      if (batch !== null) return await doBatch(id, batch)
      leave()
      await finish(store, folder, job, spec, warn)
    } catch (error) {
      leave()
      if (error instanceof Refusal || mayPass(job, error, folder)) throw error
      failRun(folder, error)
    }
    return null
  }
  return { run, close: leave }
}

/** Reads all batches back and writes the figures of the run; batches that are missing or damaged are done first. */
async function finish(store: Store, run: RunFolder, job: Job<JobData>, spec: DatabaseSpec, warn: (text: string) => void): Promise<void> {
  const lost = await lostBatch(run, job)
  if (lost !== null) throw lost
  const database = await openDatabase(spec)
  try {
    assertSameProgram(store, run.id)
    await resumeBacktest(database, store, run.id, { now: () => new Date(), observe: () => undefined, warn, isGiven: true })
  } finally {
    database.close()
  }
}

/** Returns what to say of a batch that nobody could do, or null when there is none. */
async function lostBatch(run: RunFolder, job: Job<JobData>): Promise<DgasError | null> {
  for (const [key, reason] of Object.entries(await job.getIgnoredChildrenFailures())) {
    const batch = Number(/(\d+)$/.exec(key)?.[1])
    if (readBatchRecord(run.folder, batch) !== null) continue
    const isStalled = reason.includes('stalled')
    const what = isStalled ? `batch ${batch} was lost ${mostLosses + 1} times by a worker that died or was silent` : `batch ${batch}: ${reason}`
    const expected = isStalled ? 'workers with more memory, a smaller --batch-bars, or a longer --lease' : undefined
    return new DgasError({ what, where: run.folder, expected })
  }
  return null
}

/** Whether a failure may be gone when the job is tried again, and whether it may be tried again. */
function mayPass({ data, attemptsMade, opts }: Job<JobData>, error: unknown, run: RunFolder): boolean {
  const isLast = attemptsMade + 1 >= (opts.attempts ?? 1)
  if (isLast) return false
  // another process has the lock of the run; a failure of the work itself is written into its record
  if (data.batch === null) return isOpen(run)
  return faultOf(error) === 'passing'
}

function isOpen(run: RunFolder): boolean {
  if (!existsSync(run.file)) return false
  const { status } = readRecord(run)
  return status === 'running' || status === 'interrupted'
}

function failRun(run: RunFolder, error: unknown): void {
  const { status, ...beginning } = readRecord(run)
  if (status === 'running' || status === 'interrupted') markFailed({ file: run.file, beginning }, error)
}
