import { readdirSync, readFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { readBatchRecord, type BatchRecord } from '../backtest/batch-record.js'
import { follow, type Follower, type ProgressFile, type RunContext } from '../backtest/follow.js'
import { readRecord } from '../backtest/read-record.js'
import type { RunWork } from '../backtest/work.js'
import { DgasError } from '../errors.js'

/** What the one who waits for a run wants of the queue. */
export interface QueueSide {
  /** Sees to it that the queue holds what is left of the run. */
  keep: () => Promise<void>
  /** How many workers are connected. */
  workers: () => Promise<number>
  /** Calls `look` when something has been done, so that nobody waits for the next look. */
  onChange: (look: () => void) => void
  isUp: () => boolean
  /** The address of the queue without secrets. */
  shown: string
}

const lookMs = 200
const askMs = 2000
/** So long a run may stand still before it is said that there is no worker. */
const patienceMs = 10_000

/**
 * Waits until a run has ended, and tells of its progress. The truth is in the folder of the run, so that nothing is missed
 * while Redis is away. Throws a `DgasError` when the run has failed or the waiting is ended.
 */
export async function watchRun(work: RunWork, side: QueueSide, context: RunContext): Promise<void> {
  const { run, plan, config } = work
  const follower = follow(work, context)
  const records = newRecords(run.folder, plan.batches.length)
  const share = config.rules.accounts === 'shared' ? 0.5 : 1
  const queue = caretaker(work, side, context)
  let left = plan.batches.length
  let look: () => void = () => undefined
  side.onChange(() => look())
  try {
    for (;;) {
      for (const record of records()) {
        follower.batch(record, record.bars * share)
        left--
        queue.moved()
      }
      if (left <= 0) showEnd(follower, run.folder, context)
      if (hasEnded(work)) return
      queue.look()
      if (context.isStopped?.() === true) throw stopped(run.id)
      await new Promise<void>((resolve) => {
        look = resolve
        setTimeout(resolve, lookMs)
      })
    }
  } finally {
    follower.end(true)
  }
}

/** Returns what reads the records of batches that are finished since it was called last. */
export function newRecords(folder: string, batches: number): () => BatchRecord[] {
  const seen = new Set<number>()
  return () => {
    const there = finishedBatches(folder).filter((batch) => batch < batches && !seen.has(batch))
    const records = there.map((batch) => readBatchRecord(folder, batch)).filter((record) => record !== null)
    for (const { batch } of records) seen.add(batch)
    return records
  }
}

function finishedBatches(folder: string): number[] {
  try {
    const names = readdirSync(join(folder, 'batches')).filter((name) => name.endsWith('.json'))
    return names.map((name) => Number(name.slice(0, -'.json'.length)))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}

/** While a worker finishes the run, its own file says how far it is. */
function showEnd(follower: Follower, folder: string, { observe }: RunContext): void {
  follower.end(false)
  try {
    const progress = JSON.parse(readFileSync(join(folder, 'progress.json'), 'utf8')) as ProgressFile
    if (progress.pid !== process.pid || progress.host !== hostname()) observe(progress)
  } catch {
    // not there yet, or no more
  }
}

function hasEnded({ run }: RunWork): boolean {
  const { status, ...record } = readRecord(run)
  if (status === 'completed') return true
  if (status !== 'failed') return false
  throw new DgasError({ what: (record as { reason?: string }).reason ?? `the run ${run.id} failed` })
}

/** Looks after the queue now and then, in the background: what is asked of Redis waits while that is away. */
function caretaker({ run }: RunWork, { keep, workers, isUp, shown }: QueueSide, { warn }: RunContext) {
  let next = performance.now() + askMs
  let movedAt = performance.now()
  let isAsking = false
  let isTold = false
  let failure: unknown = null
  const ask = async () => {
    await keep()
    if (performance.now() - movedAt < patienceMs || isTold || await workers() > 0) return
    isTold = true
    warn?.(`no worker takes the batches of ${run.id}; start one: dgas worker --queue ${shown} --store …`)
  }
  return {
    moved: () => void (movedAt = performance.now()),
    look() {
      if (failure !== null) throw failure as Error
      if (isAsking || !isUp() || performance.now() < next) return
      isAsking = true
      ask().catch((error: unknown) => {
        if (error instanceof DgasError) failure = error
      }).finally(() => {
        isAsking = false
        next = performance.now() + askMs
      })
    },
  }
}

function stopped(id: string): DgasError {
  return new DgasError({ what: `no longer waiting; the workers go on with the run: dgas backtest --resume ${id} --queue … shows it`, exit: 130 })
}
