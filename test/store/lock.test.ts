import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { isAlive, readOwner, withLock, type LockOwner } from '../../src/store/lock.js'
import { deadPid } from './dead-pid.js'
import { emptyFolder } from './room.js'

const now = new Date('2026-07-01T12:00:00Z')

describe('a lock', () => {
  it('is held while the work runs and gone afterwards', async () => {
    const file = join(emptyFolder(), 'below', 'write.lock')
    const owner = await withLock(file, now, () => Promise.resolve(readOwner(file)))
    expect(owner).toMatchObject({ pid: process.pid, host: hostname(), since: '2026-07-01T12:00:00.000Z' })
    expect(readdirSync(dirname(file))).toEqual([])
  })

  it('is gone after work that fails, whose error comes through', async () => {
    const file = join(emptyFolder(), 'write.lock')
    await expect(withLock(file, now, () => Promise.reject(new Error('the work')))).rejects.toThrow('the work')
    expect(existsSync(file)).toBe(false)
  })

  it('turns a second writer away at once and stays', async () => {
    const file = join(emptyFolder(), 'write.lock')
    await withLock(file, now, async () => {
      const second = withLock(file, now, () => Promise.reject(new Error('both ran')))
      await expect(second).rejects.toThrow(`is being written by process ${process.pid} on ${hostname()} since 2026-07-01T12`)
      expect(readdirSync(dirname(file))).toEqual(['write.lock'])
    })
  })

  it('that a queue gave is taken over by the next one to whom the queue gives it, and the first one knows', async () => {
    const file = join(emptyFolder(), 'run.lock')
    const seen: boolean[] = []
    await withLock(file, now, async (isFirstHeld) => {
      await expect(withLock(file, now, () => Promise.resolve())).rejects.toThrow('is being written by')
      await withLock(file, now, async (isHeld) => {
        await Promise.resolve()
        seen.push(isFirstHeld(), isHeld())
      }, undefined, true)
      expect(existsSync(file)).toBe(false)
    }, undefined, true)
    expect(seen).toEqual([false, true])
  })

  it('of a process is not taken over by one to whom a queue gives it, nor removed by one that lost it', async () => {
    const file = join(emptyFolder(), 'run.lock')
    await withLock(file, now, async () => {
      await expect(withLock(file, now, () => Promise.resolve(), undefined, true)).rejects.toThrow('is being written by')
    })
    await withLock(file, now, () => {
      writeOwner(file, { pid: process.pid, token: 'another' })
      return Promise.resolve()
    }, undefined, true)
    expect(readOwner(file)?.token).toBe('another')
  })

  it('lets exactly one of many that come at once through', async () => {
    const file = join(emptyFolder(), 'write.lock')
    writeOwner(file, { pid: deadPid() })
    let running = 0
    const work = async () => {
      running += 1
      await new Promise((resolve) => setTimeout(resolve, 20))
      return running
    }
    const tried = await Promise.allSettled(Array.from({ length: 20 }, () => withLock(file, now, work)))
    expect(tried.filter(({ status }) => status === 'fulfilled')).toEqual([{ status: 'fulfilled', value: 1 }])
    expect(readdirSync(dirname(file))).toEqual([])
  })

  it.each<[string, Partial<LockOwner>]>([
    ['a process that ended', { pid: deadPid() }],
    ['an earlier process with the same pid', { pid: process.pid }],
  ])('of %s is taken over', async (_, owner) => {
    const file = join(emptyFolder(), 'write.lock')
    writeOwner(file, owner)
    expect(await withLock(file, now, () => Promise.resolve(readOwner(file)?.since))).toBe(now.toISOString())
    expect(readdirSync(dirname(file))).toEqual([])
  })

  it.each<[string, Partial<LockOwner>]>([
    ['a living process', { pid: process.ppid }],
    ['a process on another host', { pid: deadPid(), host: 'elsewhere' }],
  ])('of %s is left alone', async (_, owner) => {
    const file = join(emptyFolder(), 'write.lock')
    writeOwner(file, owner)
    await expect(withLock(file, now, () => Promise.resolve())).rejects.toThrow('the store is being written by process')
    expect(readOwner(file)).toMatchObject(owner)
  })

  it.each<[string, Partial<LockOwner>, boolean]>([
    ['a dead process is taken over', { pid: deadPid() }, true],
    ['a living process is left alone', { pid: process.ppid }, false],
  ])('that was taken later than now, since the clock went back, of %s', async (_, owner, isTaken) => {
    const file = join(emptyFolder(), 'write.lock')
    writeOwner(file, { ...owner, since: '2026-09-01T00:00:00.000Z' })
    const tried = withLock(file, now, () => Promise.resolve(readOwner(file)?.since))
    if (isTaken) expect(await tried).toBe(now.toISOString())
    else await expect(tried).rejects.toThrow('since 2026-09-01T00:00:00.000Z')
  })

  // found when a run was killed in the moment in which it took its lock: the claim stayed in the folder of the run for good
  it('is cleared of what processes left beside it that were killed while they took it', async () => {
    const folder = emptyFolder()
    const file = join(folder, 'write.lock')
    writeOwner(`${file}.first`, { pid: deadPid(), token: 'first' })
    writeOwner(`${file}.earlier.takeover`, { pid: deadPid(), token: 'second' })
    writeOwner(`${file}.third`, { pid: process.ppid, token: 'third' })
    writeOwner(join(folder, 'other.lock'), { pid: deadPid() })
    expect(await withLock(file, now, () => Promise.resolve(readdirSync(folder).sort()))).toEqual(['other.lock', 'write.lock', 'write.lock.third'])
  })

  it('that says nothing is left alone', async () => {
    const file = join(emptyFolder(), 'write.lock')
    writeFileSync(file, 'torn')
    await expect(withLock(file, now, () => Promise.resolve())).rejects.toThrow('is being written by another process')
  })
})

describe('a process', () => {
  it('lives as long as it can be signalled', () => {
    const owner = { host: hostname(), since: '', token: 'x' }
    expect(isAlive({ ...owner, pid: process.ppid })).toBe(true)
    expect(isAlive({ ...owner, pid: deadPid() })).toBe(false)
  })
})

function writeOwner(file: string, owner: Partial<LockOwner>): void {
  const full = { pid: 1, host: hostname(), since: '2026-06-01T00:00:00.000Z', token: 'earlier', ...owner }
  writeFileSync(file, JSON.stringify(full))
}
