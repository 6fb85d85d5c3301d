import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { resultsOf } from '../backtest/run-results.js'
import { noRedis } from './redis.js'
import { queueRoom, until, type QueueRoom, type TestWorker } from './room.js'

let room: QueueRoom
let small: string[]
beforeAll(async () => {
  if (noRedis !== null) return
  room = await queueRoom(12, '--save', '3600', '1')
  // a symbol for each batch
  small = ['--strategy', room.store.file('slow.sql', slow), '--batch-bars', '400', '--allow-short']
})
afterAll(async () => {
  if (noRedis === null) await room.remove()
})
beforeEach(({ skip }) => skip(noRedis !== null, noRedis ?? ''))

/** Takes long enough for a worker to be at work on it. */
const slow = `-- Long after a rise, short after a fall.
select symbol, bar_at, if(close > open, 1, -1) as entry, close < open as exit_long, close > open as exit_short
from bars where timeframe = $timeframe and (select sum(hash(range)) from range(12000000)) is not null`
const portfolio = ['--portfolio', '--max-positions', '4', '--fraction', '0.25']
const isAtWork = (worker: TestWorker) => worker.log().some(({ event }) => event === 'job begun')
const batchesOf = (worker: TestWorker) => worker.log().filter(({ event }) => event === 'batch').length
const folderOf = (id: string) => join(room.store.folder, 'runs', id)

const cases: [name: string, rules: string[], away: 'stop' | 'forget'][] = [['separate', [], 'stop'], ['shared', portfolio, 'forget']]

describe.each(cases)('a run with %s accounts', { timeout: 120_000 }, (name, rules, away) => {
  let whole: unknown
  beforeAll(async () => {
    if (noRedis === null) whole = await resultsOf(room.store, await room.store.backtest(...small, ...rules, '--run-id', `${name}-whole`))
  })

  it('by three workers, of which one is killed and one is frozen, has the results of one process, to the last bit', async () => {
    const workers = [room.worker(), room.worker(), room.worker()]
    const submitter = room.submit(...small, ...rules, '--run-id', name)
    const [killed, frozen, left] = workers
    await until(() => isAtWork(killed) && isAtWork(frozen), 'two workers are at work')
    killed.child.kill('SIGKILL')
    frozen.child.kill('SIGSTOP')
    expect([await submitter.ended, submitter.errors()]).toEqual([0, expect.stringMatching(/the worker of batch \d+ is silent; another one takes over/)])
    expect(await resultsOf(room.store, name)).toEqual(whole)
    frozen.child.kill('SIGCONT')
    expect([await frozen.ended, await left.ended, await killed.ended]).toEqual([0, 0, 'SIGKILL'])
    expect(batchesOf(left)).toBeGreaterThan(0)
    expect(await resultsOf(room.store, name)).toEqual(whole)
    const names = readdirSync(folderOf(name), { recursive: true, encoding: 'utf8' })
    // what the killed worker was writing may be left if it was the last one to have it
    expect(names.filter((path) => /lock|progress|computed/.test(path))).toEqual([])
  })

  it(`goes on when Redis was away and has ${away === 'stop' ? 'kept' : 'lost'} its jobs`, async () => {
    const id = `${name}-away`
    const workers = [room.worker('--idle-exit', '4'), room.worker('--idle-exit', '4')]
    const submitter = room.submit(...small, ...rules, '--run-id', id)
    await until(() => workers.some((worker) => batchesOf(worker) > 0), 'a batch is done')
    await room.redis[away]()
    await until(() => submitter.errors().includes('waiting for Redis'), 'the submitter waits for Redis')
    await room.redis.start()
    expect([await submitter.ended, submitter.errors()]).toEqual([0, expect.stringContaining('answers again')])
    expect(await resultsOf(room.store, id)).toEqual(whole)
    expect(await Promise.all(workers.map(({ ended }) => ended))).toEqual([0, 0])
  })
})
