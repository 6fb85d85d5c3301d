import { hostname } from 'node:os'
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DgasError } from '../errors.js'
import type { BatchRecord } from './batch-record.js'
import type { CacheUse } from './geometry-use.js'
import { markStatus } from './open-run.js'
import { tradedBars } from './piece.js'
import type { Observer, Progress } from './progress.js'
import type { Retry } from './survive.js'
import type { RunWork } from './work.js'

/** What a run tells the world while it goes on. */
export interface RunContext {
  now: () => Date
  observe: Observer
  /** Shows a warning; default: nowhere. */
  warn?: (text: string) => void
  /** Told the id of the run as soon as it has one. */
  begun?: (id: string) => void
  /** Told of each finished batch. */
  onBatch?: (record: BatchRecord) => void
  /** Told of each failure after which something of a batch is tried again. */
  onRetry?: (retry: BatchRetry) => void
  /** Whether the run is to end after the batch at hand; default: no. */
  isStopped?: () => boolean
  /** Whether a queue has given this process the right to finish the run, and taken it from whoever had it before; default: no. */
  isGiven?: boolean
  /** What the run may do with the geometry that runs share; default: what its configuration says. */
  cache?: CacheUse
}

/** A failure in a batch of a run after which it, or a part of it, is tried again. */
export type BatchRetry = Retry & { run_id: string; batch: number }

/** Follows a run: tells its observer, and other processes by the file `progress.json` in its folder. */
export interface Follower {
  /** Takes a finished batch; `bars` are those that are done with it, if not its own. */
  batch: (record: BatchRecord, bars?: number) => void
  /** Takes a failure after which something of a batch is tried again. */
  retried: (batch: number, retry: Retry) => void
  /** Takes further bars that are done. */
  bars: (bars: number) => void
  /** Begins to count anew. */
  restart: () => void
  /** Throws when the run is to end here. */
  stopIfAsked: () => void
  /** Ends; a run that is `completed` needs no progress any more. */
  end: (isCompleted: boolean) => void
}

/** What `progress.json` says, for those who follow a run from another process. */
export interface ProgressFile extends Omit<Progress, 'elapsedMs'> {
  run_id: string
  pid: number
  host: string
  /** ISO time; a living run writes it every second. */
  heartbeat_at: string
  elapsedMs: number
  batches: number
  batchesDone: number
}

const heartbeatMs = 1000
const leastMs = 250

/** Begins to follow a run that began at `started` by the clock of `performance`, what it took before it was resumed included. */
export function follow(work: RunWork, context: RunContext, started = performance.now()): Follower {
  const { observe, warn, now, onBatch, begun, isStopped = () => false } = context
  const { plan, run } = work
  const all = { symbols: plan.symbols.length, bars: tradedBars(plan.symbols) }
  const state = { barsDone: 0, failures: 0, batchesDone: 0 }
  const progress = (): Progress => ({
    ...{ ...all, barsDone: state.barsDone, failures: state.failures, elapsedMs: performance.now() - started },
    ...{ symbolsDone: Math.round((state.barsDone / all.bars) * all.symbols), memoryBytes: process.memoryUsage.rss() },
  })
  const file = progressFile(run.folder, () => ({
    ...{ run_id: run.id, pid: process.pid, host: hostname(), heartbeat_at: now().toISOString() },
    ...{ batches: plan.batches.length, batchesDone: state.batchesDone, ...progress() },
  }))
  const timer = setInterval(file.write, heartbeatMs)
  timer.unref()
  const tell = () => {
    observe(progress())
    file.writeSoon()
  }
  begun?.(run.id)
  tell()
  return {
    batch(record, bars = record.bars) {
      state.barsDone += bars
      state.failures += record.failed.length
      state.batchesDone++
      onBatch?.(record)
      if (record.is_degraded) warn?.(degraded(record))
      tell()
    },
    retried(batch, retry) {
      context.onRetry?.({ run_id: run.id, batch, ...retry })
      // what comes of halves is told of the symbols
      if (!retry.is_halved) warn?.(retryText(batch, retry))
    },
    bars(bars) {
      state.barsDone += bars
      tell()
    },
    restart: () => void Object.assign(state, { barsDone: 0, failures: 0, batchesDone: 0 }),
    stopIfAsked() {
      if (!isStopped()) return
      markStatus(run, 'interrupted')
      throw interrupted(run.id)
    },
    end(isCompleted) {
      clearInterval(timer)
      if (isCompleted) file.remove()
    },
  }
}

/** Returns the milliseconds that a run took until it was interrupted or killed, as it said of itself last; 0 when nothing says it. */
export function elapsedBefore(folder: string): number {
  try {
    const { elapsedMs } = JSON.parse(readFileSync(join(folder, 'progress.json'), 'utf8')) as ProgressFile
    return Math.max(0, elapsedMs)
  } catch {
    return 0
  }
}

/** A file that is replaced as a whole, and not too often; a disk that cannot take it is no reason to end a run. */
function progressFile(folder: string, content: () => ProgressFile) {
  const file = join(folder, 'progress.json')
  let latest = -Infinity
  const write = () => {
    latest = performance.now()
    try {
      writeFileSync(`${file}.${process.pid}.tmp`, `${JSON.stringify(content())}\n`)
      renameSync(`${file}.${process.pid}.tmp`, file)
    } catch {
      rmSync(`${file}.${process.pid}.tmp`, { force: true })
    }
  }
  return {
    write,
    writeSoon: () => {
      if (performance.now() - latest >= leastMs) write()
    },
    remove: () => rmSync(file, { force: true }),
  }
}

/** Says what failed and is tried again, in one sentence. */
export function retryText(batch: number, { first_symbol, last_symbol, attempt, reason, is_halved }: Retry): string {
  return `attempt ${attempt} at batch ${batch} (${first_symbol} to ${last_symbol}) failed and is made again${is_halved ? ' in halves' : ''}: ${reason}`
}

function degraded({ batch, first_symbol, last_symbol, bars_per_second }: BatchRecord): string {
  const speed = Math.round(bars_per_second)
  return `batch ${batch} (${first_symbol} to ${last_symbol}) took more than twice the usual time for each bar: ${speed} bars/s`
}

function interrupted(id: string): DgasError {
  return new DgasError({ what: `interrupted; what is done is kept: dgas backtest --resume ${id}`, exit: 130 })
}
