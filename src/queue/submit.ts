import type { EventEmitter } from 'node:events'
import { FlowProducer, Queue, QueueEvents } from 'bullmq'
import type { BacktestSpec } from '../backtest/config.js'
import type { RunContext } from '../backtest/follow.js'
import { noCache } from '../backtest/geometry-use.js'
import { markStatus } from '../backtest/open-run.js'
import { readRecord } from '../backtest/read-record.js'
import { readRunReport } from '../backtest/read-report.js'
import type { RunResult } from '../backtest/run.js'
import { beginWork, continueWork, type RunWork } from '../backtest/work.js'
import type { Database } from '../database/database.js'
import { DgasError } from '../errors.js'
import { runsFolder, type Store } from '../store/layout.js'
import { findRun, type RunFolder } from '../store/runs.js'
import type { Connection } from './connection.js'
import { finishId, flowOf, prefix, queueName, type JobData } from './jobs.js'
import { newRecords, watchRun } from './watch.js'

/**
 * Plans a run, puts its batches into the queue of the store, and waits until workers have done and finished it. Throws what
 * `runBacktest` throws, and a `DgasError` with exit code 130 when `context` ends the waiting: the workers go on.
 */
export async function submitBacktest(
  database: Database,
  store: Store,
  spec: BacktestSpec,
  connection: Connection,
  context: RunContext,
): Promise<RunResult> {
  const work = await beginWork(database, store, spec, { now: context.now(), use: noCache, isStopped: context.isStopped, isDivided: true })
  return waitFor(database, work, connection, context)
}

/** Waits for a run that workers are at work on, or puts what is left of it into the queue. One that is complete is only read. */
export async function resumeQueued(
  database: Database,
  store: Store,
  id: string,
  connection: Connection,
  context: RunContext,
): Promise<RunResult> {
  const run = findRun(runsFolder(store), id)
  const { status } = readRecord(run)
  if (status === 'completed') return finished(database, run)
  const work = await continueWork(database, store, run.id, noCache)
  if (status !== 'running') markStatus(work.run, 'running')
  return waitFor(database, work, connection, context)
}

async function waitFor(database: Database, work: RunWork, connection: Connection, context: RunContext): Promise<RunResult> {
  work.output.database.close()
  const { run, store } = work
  const options = { connection: connection.redis, prefix }
  const queue = new Queue<JobData>(queueName(store), options)
  const flows = new FlowProducer(options)
  const events = new QueueEvents(queueName(store), options)
  const ends = [queue, flows, events]
  // the connection itself says when Redis is away
  for (const end of ends) (end as EventEmitter).on('error', () => undefined)
  try {
    tellOfWorkers(events, run.id, context)
    await renew(queue, run.id)
    const keep = async () => keepQueued(work, queue, flows)
    await keep()
    const onChange = (look: () => void) => void events.on('completed', look)
    const workers = () => queue.getWorkersCount()
    await watchRun(work, { keep, workers, onChange, isUp: connection.isUp, shown: connection.address.shown }, context)
    return await finished(database, run)
  } finally {
    await Promise.race([Promise.allSettled(ends.map((end) => end.close())), new Promise((resolve) => setTimeout(resolve, 1000).unref())])
  }
}

async function finished(database: Database, run: RunFolder): Promise<RunResult> {
  return { ...await readRunReport(database, run), id: run.id, folder: run.folder }
}

/** Forgets how an earlier attempt to finish a run ended. */
async function renew(queue: Queue<JobData>, id: string): Promise<void> {
  const job = await queue.getJob(finishId(id))
  if (await job?.isFailed() === true) await job!.remove()
}

/**
 * Puts what is left of a run into its queue unless it is there: at the beginning, and when Redis has lost its memory. Throws a
 * `DgasError` when the run could not be finished.
 */
async function keepQueued(work: RunWork, queue: Queue<JobData>, flows: FlowProducer): Promise<void> {
  const { run, plan } = work
  const job = await queue.getJob(finishId(run.id))
  if (job === undefined) {
    // the job is deleted after the record has been written
    if (readRecord(run).status !== 'running') return
    const done = new Set(newRecords(run.folder, plan.batches.length)().map(({ batch }) => batch))
    await flows.add(flowOf(work, [...plan.batches.keys()].filter((batch) => !done.has(batch))))
  } else if (await job.isFailed()) {
    throw new DgasError({ what: `the run ${run.id} could not be finished: ${job.failedReason}`, expected: `dgas backtest --resume ${run.id}` })
  }
}

function tellOfWorkers(events: QueueEvents, id: string, { warn }: RunContext): void {
  events.on('progress', ({ data }) => {
    const { run, refused } = data as unknown as { run?: string; refused?: string }
    if (run === id && refused !== undefined) warn?.(`a worker takes no part: ${refused}`)
  })
  events.on('stalled', ({ jobId }) => {
    if (jobId === finishId(id)) warn?.('the worker that finished the run is silent; another one takes over')
    else if (jobId.startsWith(`${id}.`)) warn?.(`the worker of batch ${Number(jobId.slice(id.length + 1))} is silent; another one takes over`)
  })
}
