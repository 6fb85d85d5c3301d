import type { FlowJob } from 'bullmq'
import { partName } from '../backtest/batch-record.js'
import type { RunWork } from '../backtest/work.js'
import type { Store } from '../store/layout.js'
import { storeId } from './store-id.js'

/** All keys of dgas in Redis begin with this. */
export const prefix = 'dgas'

/** What a job says: all else is in the store. */
export interface JobData {
  run: string
  /** Number of the batch; null: the run is to be finished. */
  batch: number | null
}

/** How often a batch or the end of a run may be lost by a worker that dies: one that takes its worker with it must not take all. */
export const mostLosses = 5

/** How often the end of a run is tried while another process is at work on it: for an hour. */
const finishAttempts = 1800

/** Returns the name of the queue of a store: several stores can share a Redis server. */
export function queueName(store: Store): string {
  return `store-${storeId(store)}`
}

/** Returns the name of the job that finishes a run. */
export function finishId(run: string): string {
  return `${run}.finish`
}

/** Returns the jobs of a run: one for each of the given batches, and the one that finishes it when all of them are done. */
export function flowOf({ run: { id }, config, store }: RunWork, batches: readonly number[]): FlowJob {
  const queue = queueName(store)
  return {
    ...{ name: 'finish', queueName: queue, prefix, data: { run: id, batch: null } satisfies JobData },
    opts: { jobId: finishId(id), attempts: finishAttempts, backoff: { type: 'fixed', delay: 2000 }, removeOnComplete: true },
    children: batches.map((batch) => ({
      ...{ name: 'batch', queueName: queue, prefix, data: { run: id, batch } satisfies JobData },
      opts: {
        jobId: `${id}.${partName(batch)}`,
        ...{ attempts: config.retries + 1, backoff: { type: 'exponential', delay: 1000 } },
        // the job that finishes the run looks into what became of them
        ...{ ignoreDependencyOnFailure: true, removeOnComplete: true, removeOnFail: true },
      },
    })),
  }
}
