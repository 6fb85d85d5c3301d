import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { isAlive, readOwner } from './lock.js'
import { runLock } from './run-state.js'
import type { RunFolder } from './runs.js'

/** Returns the half-written files in the folder of a run, by name. */
export function halfWritten({ folder }: RunFolder): string[] {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  return names.filter((name) => /^(?!spill-).*\.tmp$/.test(name)).sort().map((name) => join(folder, name))
}

/** Returns where the processes of a run kept what did not fit into memory, by name. */
export function spillFolders({ folder }: RunFolder): string[] {
  return readdirSync(folder).filter((name) => name.startsWith('spill-')).sort().map((name) => join(folder, name))
}

/**
 * Returns what a process that was killed when its run was complete would have deleted; nothing without the lock of a dead one.
 * The lock comes last: while there is something left, it is there.
 */
export function needlessWhenComplete(run: RunFolder): string[] {
  const owner = readOwner(runLock(run))
  if (owner === null || isAlive(owner)) return []
  const others = ['computed', 'progress.json'].map((name) => join(run.folder, name))
  return [...halfWritten(run), ...spillFolders(run), ...others.filter((path) => existsSync(path)), runLock(run)]
}
