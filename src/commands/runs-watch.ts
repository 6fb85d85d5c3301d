import { setTimeout as pause } from 'node:timers/promises'
import { barsPerSecond, timeLeft } from '../backtest/progress.js'
import { DgasError } from '../errors.js'
import { count, duration, megabytes } from '../format.js'
import type { Io } from '../io.js'
import { readRunState, silenceMs, type RunProgress, type RunState } from '../store/run-state.js'
import { findRun, listRuns, type RunFolder } from '../store/runs.js'
import { progressBar } from './progress-bar.js'

/** How often a run that is followed is looked at, and how often it is written about where there is no terminal. */
export interface Watching {
  lookMs: number
  writeMs: number
  /** How long the progress of a run may stay the same that seems to be gone by the clocks of two machines, which may differ. */
  doubtMs: number
}

/**
 * Follows a run of another process until it ends; without `id` the one that began last of those that go on. Throws a
 * `DgasError` when none goes on, and when it failed, was interrupted or its process is gone, with how to resume it.
 */
export async function watchRun(runs: string, id: string | null, io: Io, quiet: boolean, watching = usual): Promise<void> {
  const run = id === null ? newestRunning(runs, io.now()) : findRun(runs, id)
  const show = await display(run, io, quiet, watching)
  const corrected = listening(watching.doubtMs)
  for (;;) {
    const state = corrected(readRunState(run, io.now()))
    if (state === null) throw new DgasError({ what: 'this record of a run cannot be read', where: run.file })
    if (state.progress !== null) show.update(state.progress)
    if (state.status !== 'running') {
      show.stop()
      ended(run, state, io)
      return
    }
    await pause(watching.lookMs)
  }
}

const usual: Watching = { lookMs: 500, writeMs: 5000, doubtMs: 3000 }

/**
 * Returns what corrects a state that was told by the clock, since clocks of machines differ and can be set: a process is gone when
 * this one, by its own measure of time, has listened in vain for `doubtMs`, or for long.
 */
function listening(doubtMs: number): (state: RunState | null) => RunState | null {
  let [last, since] = ['', performance.now()]
  return (state) => {
    const heartbeat = state?.progress?.heartbeat_at ?? ''
    if (heartbeat !== last) [last, since] = [heartbeat, performance.now()]
    const silentMs = performance.now() - since
    if (state === null || state.isAsked || heartbeat === '') return state
    if (state.status === 'gone' && silentMs < doubtMs) return { ...state, status: 'running' }
    return state.status === 'running' && silentMs >= silenceMs ? { ...state, status: 'gone' } : state
  }
}

function newestRunning(runs: string, now: Date): RunFolder {
  const going = listRuns(runs).filter((run) => readRunState(run, now)?.status === 'running')
  if (going.length > 0) return findRun(runs, 'latest', going)
  throw new DgasError({ what: 'no run is going on', where: runs, expected: 'one begun by dgas backtest, or the id of a run' })
}

interface Display {
  update: (progress: RunProgress) => void
  stop: () => void
}

/** A progress bar on a terminal; elsewhere a line now and then, without escape codes. */
async function display(run: RunFolder, io: Io, quiet: boolean, { writeMs }: Watching): Promise<Display> {
  if (!quiet) io.err(`following ${run.id}\n`)
  if (io.isErrorTerminal || quiet) return progressBar(io, quiet)
  let [last, text] = [-Infinity, '']
  return {
    update: (progress) => {
      if (performance.now() - last < writeMs || progressText(progress) === text) return
      last = performance.now()
      text = progressText(progress)
      io.err(`${text}\n`)
    },
    stop: () => undefined,
  }
}

/** Returns how far a run has come, in one line. */
export function progressText(progress: RunProgress): string {
  const { symbols, symbolsDone, memoryBytes, failures } = progress
  const left = timeLeft(progress)
  return [
    `${count(symbolsDone)} of ${count(symbols)} symbols`,
    `${count(Math.round(barsPerSecond(progress) ?? 0))} bars/s`,
    `${left === null ? '–' : duration(left)} left`,
    megabytes(memoryBytes),
    ...(failures === 0 ? [] : [`${count(failures)} failed`]),
  ].join(' | ')
}

function ended(run: RunFolder, { status, reason, process }: RunState, io: Io): void {
  if (status === 'completed') {
    io.out(`${run.id} completed: dgas report ${run.id}\n`)
    return
  }
  const resume = `dgas backtest --resume ${run.id}`
  if (status === 'gone') throw new DgasError({ what: `${run.id} has not ended, and ${process ?? 'its process'} is gone`, expected: resume })
  if (status === 'interrupted') throw new DgasError({ what: `${run.id} was interrupted`, expected: resume })
  throw new DgasError({ what: `${run.id} failed: ${reason ?? 'its record does not say why'}` })
}
