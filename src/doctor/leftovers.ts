import { existsSync, readdirSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { counted, megabytes } from '../format.js'
import { cacheFolder, importsFolder, lockFile, timeframeFolder, type Store } from '../store/layout.js'
import { leftovers } from '../store/leftovers.js'
import { isAlive, readOwner } from '../store/lock.js'
import { readManifest } from '../store/manifest.js'
import { timeframes } from '../store/timeframe.js'
import { ok, problem, some, warning, type Finding } from './finding.js'

/** Returns who holds the lock of the store, and what writers that were killed have left in it. */
export function leftoverFindings(store: Store): Finding[] {
  const lock = lockFinding(lockFile(store))
  // while a writer is at work, its unfinished files look like those of a dead one
  const found = [lock.finding, ...blockedCacheFindings(cacheFolder(store))]
  return lock.isHeld ? found : [...found, orphanFinding(orphans(store))]
}

/** Says what is in the way of the folder in which runs share their geometry. */
function blockedCacheFindings(folder: string): Finding[] {
  if (!existsSync(folder) || statSync(folder).isDirectory()) return []
  return [warning('folder of shared geometry', `${folder} is no folder: every run computes all of its own`, 'move it away')]
}

/** Says who holds the lock `file` and whether that process lives. */
function lockFinding(file: string): { finding: Finding; isHeld: boolean } {
  const check = 'lock of writers'
  const owner = readOwner(file)
  if (owner === null) {
    if (!existsSync(file)) return { finding: ok(check, 'nobody holds it'), isHeld: false }
    const remedy = 'every writer names itself in its lock at once; dgas doctor --repair removes this one'
    return { finding: problem(check, `${file} names no owner`, remedy, [{ kind: 'remove', path: file }]), isHeld: false }
  }
  const who = `process ${owner.pid} on ${owner.host} since ${owner.since}`
  if (isAlive(owner)) return { finding: ok(check, `held by ${who}`), isHeld: true }
  const remedy = 'the next writer takes it over; dgas doctor --repair removes it'
  return { finding: warning(check, `held by ${who}, which is dead`, remedy, [{ kind: 'remove', path: file }]), isHeld: false }
}

function orphanFinding(paths: readonly string[]): Finding {
  const check = 'leftovers of writers'
  if (paths.length === 0) return ok(check, 'none')
  const size = megabytes(paths.reduce((sum, path) => sum + sizeOf(path), 0))
  const found = `${counted(paths.length, 'file')} or folders of writers that were killed, ${size}: ${some(paths)}`
  return warning(check, found, 'dgas doctor --repair removes them', paths.map((path) => ({ kind: 'remove', path })))
}

/** Returns files and folders of unfinished writes: of bars, imports, instruments, actions, locks, cached geometry and the sample store. */
export function orphans(store: Store): string[] {
  return [
    ...entries(store.folder).filter((path) => isUnfinished(path) || /\.lock\.[\w-]+(?:\.takeover.*)?$/.test(path)),
    ...entries(importsFolder(store)).filter((path) => path.endsWith('.tmp')),
    ...entries(cacheFolder(store)).filter(isUnfinished),
    ...timeframes.flatMap(({ name }) => unnamed(timeframeFolder(store, name))),
    ...(store.isSample ? entries(dirname(store.folder)).filter((path) => isSampleInTheMaking(store, path)) : []),
  ]
}

function isSampleInTheMaking(store: Store, path: string): boolean {
  return basename(path).startsWith(`${basename(store.folder)}.`) && isUnfinished(path)
}

/** Whether a path ends in `.<pid>.tmp` of a process that is no more. */
function isUnfinished(path: string): boolean {
  const pid = /\.(\d+)\.tmp$/.exec(path)?.[1]
  return pid !== undefined && !isRunning(Number(pid))
}

/** Whether a process with this number lives on this machine. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** Without a manifest that can be read, nothing tells leftovers from bars. */
function unnamed(folder: string): string[] {
  try {
    return leftovers(folder, readManifest(folder)).map((file) => join(folder, file))
  } catch {
    return []
  }
}

function entries(folder: string): string[] {
  return statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true ? readdirSync(folder).sort().map((name) => join(folder, name)) : []
}

/** Returns the bytes of a file, or of all files below a folder. */
export function sizeOf(path: string): number {
  const status = statSync(path, { throwIfNoEntry: false })
  if (status === undefined) return 0
  return status.isDirectory() ? entries(path).reduce((sum, entry) => sum + sizeOf(entry), 0) : status.size
}
