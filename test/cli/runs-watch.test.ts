import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { progressText, watchRun } from '../../src/commands/runs-watch.js'
import type { Io } from '../../src/io.js'
import { readRunState } from '../../src/store/run-state.js'
import { testStore, type TestStore } from '../backtest/store.js'
import { deadPid } from '../store/dead-pid.js'

/** The clock of the commands under test. */
const now = '2026-07-01T12:00:00Z'
const host = hostname()
let store: TestStore
beforeAll(async () => void (store = await testStore(1, '2026-02-02', '2026-02-03')))
afterAll(() => store.remove())

const progress = { symbols: 517, symbolsDone: 100, bars: 1e6, barsDone: 2e5, elapsedMs: 4000, memoryBytes: 3e8, failures: 0 }

/** Writes what the process of a run leaves in its folder. */
function write(id: string, record: object, files: { lock?: object; progress?: object } = {}): string {
  const folder = join(store.folder, 'runs', id)
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'run.json'), JSON.stringify({ run_id: id, started_at: '2026-07-01T11:00:00.000Z', ...record }, null, 2))
  if (files.lock !== undefined) writeFileSync(join(folder, 'run.lock'), JSON.stringify({ since: now, token: 'theirs', ...files.lock }))
  if (files.progress !== undefined) writeFileSync(join(folder, 'progress.json'), JSON.stringify({ ...progress, ...files.progress }))
  return folder
}

describe('dgas runs', () => {
  it('tells runs that go on from those of which the process is gone', async () => {
    write('killed', { status: 'running' }, { lock: { pid: deadPid(), host } })
    write('alive', { status: 'running' }, { lock: { pid: process.ppid, host } })
    write('interrupted', { status: 'interrupted' })
    const { out, err } = await store.dgas('runs', '--json')
    const found = (JSON.parse(out) as { run_id: string; status: string }[]).map(({ run_id, status }) => [run_id, status])
    expect([err, found]).toEqual(['', [['alive', 'running'], ['interrupted', 'interrupted'], ['killed', 'gone']]])
    for (const id of ['killed', 'alive', 'interrupted']) rmSync(join(store.folder, 'runs', id), { recursive: true })
  })
})

describe('dgas runs --watch', () => {
  it('says that the process of a run is gone, and how to resume it', async () => {
    const pid = deadPid()
    write('dead', { status: 'running' }, { lock: { pid, host }, progress: { pid, host, heartbeat_at: now } })
    const { code, err } = await store.dgas('runs', '--watch', 'dead')
    expect(code).toBe(1)
    expect(err).toBe([
      'following dead',
      '100 of 517 symbols | 50,000 bars/s | 16.0 s left | 300 MB',
      `dgas: dead has not ended, and process ${pid} on ${host} is gone; expected dgas backtest --resume dead\n`,
    ].join('\n'))
  })

  it('believes a process on another machine as long as it is heard of', async () => {
    const [pid, elsewhere] = [1, 'elsewhere']
    write('silent', { status: 'running' }, { lock: { pid, host: elsewhere }, progress: { pid, host: elsewhere, heartbeat_at: '2026-07-01T11:59:20Z' } })
    expect((await store.dgas('runs', '--watch', 'silent')).err).toContain('process 1 on elsewhere is gone')
  })

  it.each([
    [{ status: 'completed' }, 0, 'ended completed: dgas report ended\n', ''],
    [{ status: 'interrupted' }, 1, '', 'ended was interrupted; expected dgas backtest --resume ended'],
    [{ status: 'failed', reason: 'the disk is full' }, 1, '', 'ended failed: the disk is full'],
  ])('says how a run has ended: %j', async (record, code, out, err) => {
    write('ended', record)
    const outcome = await store.dgas('runs', '--watch', 'ended')
    expect([outcome.code, outcome.out]).toEqual([code, out])
    expect(outcome.err).toContain(err)
  })

  it('says that no run goes on', async () => {
    const { code, err } = await store.dgas('runs', '--watch')
    expect([code, err]).toEqual([1, expect.stringContaining('no run is going on')])
  })

  it('names a run that there is not', async () => {
    const { code, err } = await store.dgas('runs', '--watch', 'nobody')
    expect([code, err]).toEqual([2, expect.stringContaining('there is no run "nobody"')])
  })

  it('follows the newest run that goes on until it ends, without escape codes', async () => {
    const lock = { pid: process.ppid, host }
    write('older', { status: 'running', started_at: '2026-07-01T10:00:00.000Z' }, { lock })
    const folder = write('newer', { status: 'running' }, { lock, progress: { ...lock, heartbeat_at: now } })
    write('newest', { status: 'completed', started_at: '2026-07-01T11:30:00.000Z' })
    let [out, err] = ['', '']
    const io = { out: (text: string) => void (out += text), err: (text: string) => void (err += text), now: () => new Date(now) }
    const watching = watchRun(join(store.folder, 'runs'), null, { ...io, isErrorTerminal: false } as Io, false, { lookMs: 5, writeMs: 0, doubtMs: 100 })
    await pause(60)
    write('newer', { status: 'running' }, { progress: { ...lock, symbolsDone: 400, barsDone: 8e5, failures: 2, heartbeat_at: now } })
    await pause(60)
    rmSync(join(folder, 'progress.json'))
    write('newer', { status: 'completed' })
    await watching
    expect(err).toBe([
      'following newer',
      '100 of 517 symbols | 50,000 bars/s | 16.0 s left | 300 MB',
      '400 of 517 symbols | 200,000 bars/s | 1.0 s left | 300 MB | 2 failed\n',
    ].join('\n'))
    expect(out).toBe('newer completed: dgas report newer\n')
    for (const id of ['older', 'newer']) rmSync(join(store.folder, 'runs', id), { recursive: true })
  })
})

describe('a clock that is set', () => {
  const elsewhere = { pid: 1, host: 'elsewhere' }
  /** Follows a run of another machine, whose progress is written anew every 20 ms until `lastMs`; times are those of its clock. */
  async function watched(id: string, times: (beat: number) => Date, beats: number): Promise<string> {
    const beat = (count: number) => write(id, { status: 'running' }, { progress: { ...elsewhere, heartbeat_at: times(count).toISOString() } })
    beat(0)
    let err = ''
    const io = { out: () => undefined, err: (text: string) => void (err += text), now: () => new Date(now), isErrorTerminal: false }
    const watching = watchRun(join(store.folder, 'runs'), id, io as unknown as Io, true, { lookMs: 5, writeMs: 0, doubtMs: 300 })
    const failed = watching.then(() => '', (error: unknown) => String(error))
    for (let count = 1; count <= beats; count++) {
      await pause(20)
      expect(err).toBe('')
      beat(count)
    }
    if (times(beats) > new Date(now)) write(id, { status: 'completed' })
    return failed
  }

  it('back does not make a living run of another machine a dead one', async () => {
    const back = (count: number) => new Date(Date.parse(now) - 3_600_000 - count * 1000)
    const started = performance.now()
    expect(await watched('behind', back, 30)).toContain('process 1 on elsewhere is gone')
    // it was believed as long as it could be heard
    expect(performance.now() - started).toBeGreaterThan(30 * 20 + 300)
  })

  it('ahead of this one neither', async () => {
    expect(await watched('ahead', (count) => new Date(Date.parse(now) + 3_600_000 + count * 1000), 5)).toBe('')
  })

  it('back says nothing of a process that can be asked, and changes no time that is shown', async () => {
    const lock = { pid: process.ppid, host, since: '2026-07-01T18:00:00Z' }
    const folder = write('asked', { status: 'running', started_at: '2026-07-01T18:00:00Z' }, { lock, progress: { ...lock, heartbeat_at: '2026-07-01T18:00:00Z' } })
    expect(readRunState({ id: 'asked', folder, file: join(folder, 'run.json') }, new Date(now))).toMatchObject({ status: 'running' })
    write('asked', { status: 'running' }, { lock: { ...lock, pid: deadPid() } })
    const { err } = await store.dgas('runs', '--watch', 'asked')
    expect(err).toContain('100 of 517 symbols | 50,000 bars/s | 16.0 s left | 300 MB\n')
    expect(err).toContain(' is gone')
    rmSync(folder, { recursive: true })
  })
})

it('says nothing of the time left before anything is done', () => {
  expect(progressText({ ...progress, barsDone: 0, symbolsDone: 0, pid: 1, host, heartbeat_at: now })).toBe('0 of 517 symbols | 0 bars/s | – left | 300 MB')
})

it('dgas doctor says which runs go on and which can be resumed', async () => {
  write('living', { status: 'running' }, { lock: { pid: process.ppid, host } })
  write('dead', { status: 'running' }, { lock: { pid: deadPid(), host } })
  const { out } = await store.dgas('doctor')
  expect(out).toMatch(new RegExp(`^ok +run living +it goes on \\(process ${process.ppid} on`, 'm'))
  expect(out).toContain('warning: run dead: dgas backtest --resume dead\n')
  expect(out).toContain('warning: run silent: dgas backtest --resume silent\n')
})
