import { readFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { isAlive, readOwner } from './lock.js'
import type { RunFolder } from './runs.js'

/** What a run that goes on says of itself in `progress.json`, which it replaces every second. */
export interface RunProgress {
  symbols: number
  symbolsDone: number
  bars: number
  barsDone: number
  elapsedMs: number
  /** Memory of its process, in bytes. */
  memoryBytes: number
  failures: number
  pid: number
  host: string
  /** ISO time. */
  heartbeat_at: string
}

/** How a run stands: `gone` is one that has not ended and of which no process is left. */
export interface RunState {
  status: 'running' | 'gone' | 'completed' | 'failed' | 'interrupted'
  /** Why it failed; null: it did not, or nothing says why. */
  reason: string | null
  /** The process that carries it out or did, such as `process 12 on host`; null: not known. */
  process: string | null
  progress: RunProgress | null
  /** Whether its process was asked whether it lives, which only one on this machine can be; else the clock told. */
  isAsked: boolean
}

/** A process that has not been heard of for so long is gone; one on this host can be asked. */
export const silenceMs = 30_000

/** Returns how a run stands; null when its record cannot be read. */
export function readRunState(run: RunFolder, now: Date): RunState | null {
  const record = readJson(run.file) as { status: RunState['status']; reason?: string; started_at: string } | null
  if (record === null) return null
  const { status, reason = null, started_at } = record
  const progress = readJson(join(run.folder, 'progress.json')) as RunProgress | null
  const owner = readOwner(runLock(run))
  const named = owner ?? progress
  const known = { reason, progress, process: named === null ? null : `process ${named.pid} on ${named.host}` }
  if (status !== 'running') return { status, ...known, isAsked: false }
  if (owner !== null && owner.host === hostname()) return { status: isAlive(owner) ? 'running' : 'gone', ...known, isAsked: true }
  const heardAt = Date.parse(progress?.heartbeat_at ?? owner?.since ?? started_at)
  // what was written later than now says that clocks differ, or that one was set back, not that nobody is there
  return { status: now.getTime() - heardAt < silenceMs ? 'running' : 'gone', ...known, isAsked: false }
}

/** The lock of the process that carries a run out. */
export function runLock({ folder }: RunFolder): string {
  return join(folder, 'run.lock')
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return null
  }
}
