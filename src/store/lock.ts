import { randomUUID } from 'node:crypto'
import { linkSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { DgasError } from '../errors.js'
import { fileError } from './files.js'

/** Who holds a lock. */
export interface LockOwner {
  pid: number
  host: string
  /** ISO time. */
  since: string
  /** Unique to this holding of the lock. */
  token: string
  /** Set when a queue gave the holder the right to the work: the next one who gets it takes the lock over. */
  is_given?: true
}

/** Tokens of the locks that this process holds: a lock with its pid but another token was left by a dead namesake. */
const held = new Set<string>()

/**
 * Runs `work` while holding the lock `file`. Throws a `DgasError` at once when another living process holds it. A lock whose
 * owner on this host is dead is taken over; the owner on another host cannot be asked and counts as living. `doing` says what
 * the holder does. With `isGiven` a queue, which gives the right to one process at a time, has given it to this one: whoever had
 * it by the queue before has lost it, alive or not. `isHeld` tells the work whether this happened to itself.
 */
export async function withLock<T>(
  file: string,
  now: Date,
  work: (isHeld: () => boolean) => Promise<T>,
  doing = 'the store is being written',
  isGiven = false,
): Promise<T> {
  const given = isGiven ? { is_given: true as const } : {}
  const owner: LockOwner = { pid: process.pid, host: hostname(), since: now.toISOString(), token: randomUUID(), ...given }
  const isHeld = () => readOwner(file)?.token === owner.token
  held.add(owner.token)
  try {
    acquire(file, owner, doing)
    removeDeadClaims(file)
    return await work(isHeld).finally(() => {
      if (isHeld()) rmSync(file, { force: true })
    })
  } finally {
    held.delete(owner.token)
  }
}

/** Takes the lock by a hard link, which succeeds for one process only and never shows a half-written owner. */
function acquire(file: string, owner: LockOwner, doing: string): void {
  const mine = `${file}.${owner.token}`
  try {
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(mine, JSON.stringify(owner))
    if (!linked(mine, file)) takeOver(file, mine, owner, doing)
  } catch (error) {
    throw fileError(error, file)
  } finally {
    rmSync(mine, { force: true })
  }
}

/** Deletes what processes that were killed while they tried to take the lock have left beside it. */
function removeDeadClaims(file: string): void {
  const folder = dirname(file)
  for (const name of readdirSync(folder).filter((other) => other.startsWith(`${basename(file)}.`))) {
    const owner = readOwner(join(folder, name))
    if (owner !== null && !isAlive(owner)) rmSync(join(folder, name), { force: true })
  }
}

/**
 * Replaces the lock of a dead owner. Only the holder of the lock on that owner's token may do so, and only while the
 * token is still there; otherwise two processes could each take the other's fresh lock for the dead one.
 */
function takeOver(file: string, mine: string, owner: LockOwner, doing: string): void {
  const present = readOwner(file)
  // a holder by the queue that is frozen, or on another host, cannot be asked
  const isLost = present?.is_given === true && owner.is_given === true
  if (present === null || (isAlive(present) && !isLost)) throw lockedError(file, present, doing)
  const right = `${file}.${present.token}.takeover`
  acquire(right, { ...owner, is_given: undefined }, doing)
  try {
    const still = readOwner(file)
    if (still?.token !== present.token) throw lockedError(file, still, doing)
    renameSync(mine, file)
  } finally {
    rmSync(right, { force: true })
  }
}

function linked(from: string, to: string): boolean {
  try {
    linkSync(from, to)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

/** Returns who holds the lock `file`, or null when nobody does or the file says nothing. */
export function readOwner(file: string): LockOwner | null {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as LockOwner
  } catch {
    return null
  }
}

/** Whether the process that holds a lock lives, as far as this host can know. */
export function isAlive({ pid, host, token }: LockOwner): boolean {
  if (host !== hostname()) return true
  if (pid === process.pid) return held.has(token)
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

function lockedError(file: string, owner: LockOwner | null, doing: string): DgasError {
  const who = owner === null ? 'another process' : `process ${owner.pid} on ${owner.host} since ${owner.since}`
  return new DgasError({
    what: `${doing} by ${who}`,
    where: file,
    expected: 'one process at a time; if that process is no more, delete this file',
  })
}
