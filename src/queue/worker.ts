import { DelayedError, Queue, Worker, type Job } from 'bullmq'
import type { BatchRecord } from '../backtest/batch-record.js'
import { workerName } from '../backtest/record-of.js'
import type { DatabaseSpec } from '../database/database.js'
import type { Store } from '../store/layout.js'
import { withoutSecrets } from './address.js'
import { Refusal } from './batch.js'
import type { Connection } from './connection.js'
import { mostLosses, prefix, queueName, type JobData } from './jobs.js'
import { processor } from './process.js'

/** How a worker works. */
export interface WorkerSpec {
  database: DatabaseSpec
  /** Seconds of silence after which a worker counts as dead and its batch is given to another one. */
  lease: number
  /** Ends after one job. */
  isOnce: boolean
  /** Ends when there has been no job for so many seconds, and none is left that another worker may lose; null: never. */
  idleExit: number | null
}

/** Told of what a worker does. */
export interface WorkerObserver {
  warn: (text: string) => void
  begun: (job: JobData) => void
  done: (job: JobData, record: BatchRecord | null) => void
}

/** A worker at work. */
export interface RunningWorker {
  /** Asks it to end after the job at hand. */
  stop: () => void
  /** Settles when it has ended; fails with a `Refusal` when it may not take part in a run. */
  ended: Promise<void>
}

/** Begins to take jobs of a store from its queue, one at a time. */
export function startWorker(connection: Connection, store: Store, spec: WorkerSpec, observer: WorkerObserver): RunningWorker {
  const state = { isBusy: false, idleSince: performance.now(), refusal: null as Refusal | null }
  const { run, close } = processor(store, spec.database, observer.warn)
  const process = async (job: Job<JobData>, token?: string) => {
    state.isBusy = true
    try {
      observer.begun(job.data)
      observer.done(job.data, await run(job))
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      state.refusal = error
      stop()
      // shown to the one who waits for the run; another worker may take the job
      await job.updateProgress({ run: job.data.run, refused: `${workerName()}: ${error.message}` })
      await job.moveToDelayed(Date.now() + 1000, token)
      throw new DelayedError()
    } finally {
      Object.assign(state, { isBusy: false, idleSince: performance.now() })
      if (spec.isOnce) stop()
    }
  }
  const leaseMs = spec.lease * 1000
  const worker = new Worker<JobData>(queueName(store), process, {
    ...{ connection: connection.redis, prefix, name: workerName(), concurrency: 1, runRetryDelay: 1000 },
    ...{ lockDuration: leaseMs, stalledInterval: leaseMs / 2, maxStalledCount: mostLosses },
  })
  let stopping: Promise<void> | null = null
  // not waited for here: it ends after the job at hand, which may be what calls this
  const stop = () => void (stopping ??= worker.close())
  watchErrors(worker, connection, observer)
  const queue = new Queue(queueName(store), { connection: connection.redis, prefix, skipMetasUpdate: true })
  // the connection itself says when Redis is away
  queue.on('error', () => undefined)
  const timer = setInterval(() => {
    if (!connection.isUp()) state.idleSince = performance.now()
    const idleMs = performance.now() - state.idleSince
    if (state.isBusy || spec.idleExit === null || idleMs < spec.idleExit * 1000) return
    state.idleSince = performance.now()
    // the batch of another worker, which may be dead, may yet come back
    queue.getJobCountByTypes('active', 'wait', 'delayed').then((left) => {
      if (left === 0) stop()
    }, () => undefined)
  }, 200)
  const ended = new Promise<void>((resolve) => void worker.once('closed', resolve)).then(async () => {
    clearInterval(timer)
    await stopping
    await queue.close()
    close()
    if (state.refusal !== null) throw state.refusal
  })
  return { stop, ended }
}

function watchErrors(worker: Worker, { address }: Connection, { warn }: WorkerObserver): void {
  worker.on('error', (error) => {
    // the connection itself says when Redis is away
    if (isConnectionLoss(error)) return
    warn(withoutSecrets(error.message, address))
  })
  worker.on('failed', (job, error) => {
    const what = job?.data === undefined ? 'a job' : jobText(job.data as JobData)
    warn(withoutSecrets(`${what} failed: ${error.message}`, address))
  })
}

/** Whether an error only tells that Redis is away, or coming back. */
export function isConnectionLoss(error: Error): boolean {
  const code = (error as NodeJS.ErrnoException).code ?? ''
  return /^(?:ECONN|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_|EHOST|ENET)/.test(code) || /Connection is closed|^LOADING|ECONN|ETIMEDOUT/.test(error.message)
}

/** Returns what a job is, such as `batch 3 of 20260701-120000-1a2b3c4d`. */
export function jobText({ run, batch }: JobData): string {
  return batch === null ? `the end of ${run}` : `batch ${batch} of ${run}`
}
