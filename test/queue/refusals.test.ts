import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { RunRecord } from '../../src/report/record.js'
import { packageVersion } from '../../src/version.js'
import { resultsOf } from '../backtest/run-results.js'
import { noRedis } from './redis.js'
import { queueRoom, until, type QueueRoom } from './room.js'

let room: QueueRoom
beforeAll(async () => {
  if (noRedis === null) room = await queueRoom(6, '--save', '', '--requirepass', 's3cret')
})
afterAll(async () => {
  if (noRedis === null) await room.remove()
})
beforeEach(({ skip }) => skip(noRedis !== null, noRedis ?? ''))

const small = ['--strategy', 'pldot_cross', '--batch-bars', '400']
const record = (id: string) => JSON.parse(readFileSync(join(room.store.folder, 'runs', id, 'run.json'), 'utf8')) as RunRecord

const hasBegun = (id: string) => existsSync(join(room.store.folder, 'runs', id, 'run.json'))

/** Long always, but for some symbols. */
const failing = (condition: string) => `-- Long always.
select symbol, bar_at, if(${condition}, error('a mistake in ' || symbol), 1) as entry
from bars where timeframe = $timeframe`

describe('a worker', () => {
  it('of another version takes no part, and another one does', async () => {
    const submitter = room.submit(...small, '--run-id', 'version')
    await until(() => hasBegun('version'), 'the run has begun')
    room.cli.callItself('99.0.0')
    const other = room.worker()
    const refusal = `the run version began with dgas ${packageVersion()}, and this is 99.0.0; expected dgas ${packageVersion()}, or a new run`
    expect([await other.ended, other.errors()]).toEqual([1, expect.stringContaining(refusal)])
    room.cli.callItself(packageVersion())
    expect(await room.worker().ended).toBe(0)
    expect([await submitter.ended, submitter.errors()]).toEqual([0, expect.stringContaining('a worker takes no part: ')])
    expect(submitter.errors()).toContain(refusal)
  })

  it('that has another strategy takes no part', async () => {
    const strategy = room.store.file('mine.sql', failing('false'))
    const submitter = room.submit('--strategy', strategy, '--batch-bars', '400', '--run-id', 'strategy')
    await until(() => hasBegun('strategy'), 'the run has begun')
    room.store.file('mine.sql', failing('true'))
    const worker = room.worker()
    const refusal = 'the strategy has changed since the run strategy began'
    expect([await worker.ended, worker.errors()]).toEqual([1, expect.stringContaining(refusal)])
    room.store.file('mine.sql', failing('false'))
    expect(await room.worker().ended).toBe(0)
    expect([await submitter.ended, submitter.errors()]).toEqual([0, expect.stringContaining(refusal)])
  })

  it('that is asked to end finishes its batch first, and --once does one', async () => {
    const submitter = room.submit(...small, '--run-id', 'asked')
    const once = room.worker('--once')
    expect(await once.ended).toBe(0)
    expect(once.log().filter(({ event }) => event === 'batch')).toHaveLength(1)
    const asked = room.worker()
    await until(() => asked.log().some(({ event }) => event === 'job begun'), 'the worker is at work')
    asked.child.kill('SIGTERM')
    expect([await asked.ended, asked.errors()]).toEqual([0, expect.stringContaining('ending after the batch at hand')])
    const [begun, done] = ['job begun', 'batch'].map((name) => asked.log().filter(({ event }) => event === name).length)
    expect(done).toBe(begun)
    expect(await room.worker().ended).toBe(0)
    expect(await submitter.ended).toBe(0)
  })
})

describe('a run', () => {
  it('goes on without its submitter, and can be waited for again', async () => {
    const whole = await resultsOf(room.store, await room.store.backtest(...small, '--run-id', 'whole'))
    const submitter = room.submit(...small, '--run-id', 'alone')
    await until(() => hasBegun('alone'), 'the run has begun')
    // the batches are in the queue when a worker has one
    await room.worker('--once').ended
    submitter.child.kill('SIGKILL')
    const again = room.submit('--resume', 'alone')
    const worker = room.worker()
    expect([await again.ended, await worker.ended]).toEqual([0, 0])
    expect(await resultsOf(room.store, 'alone')).toEqual(whole)
    expect(await room.submit('--resume', 'alone').ended).toBe(0)
  })

  it('ends at once when nothing of it works, and records a symbol that fails like a run by one process', async () => {
    const some = room.store.file('some.sql', failing(`symbol = '${room.store.symbols[3]}'`))
    const all = room.store.file('all.sql', failing('true'))
    const least = ['--min-success', '0.5']
    const alone = await room.store.backtest('--strategy', some, ...least, '--run-id', 'some-alone')
    const [working, hopeless] = [
      room.submit('--strategy', some, ...least, '--batch-bars', '400', '--run-id', 'some'),
      room.submit('--strategy', all, '--run-id', 'all'),
    ]
    const worker = room.worker()
    expect([await hopeless.ended, hopeless.errors()]).toEqual([1, expect.stringContaining('a mistake in ')])
    expect(record('all').status).toBe('failed')
    expect([await working.ended, working.errors()]).toEqual([0, expect.stringContaining(`${room.store.symbols[3]} failed: `)])
    expect(await resultsOf(room.store, 'some')).toEqual(await resultsOf(room.store, alone))
    expect(await worker.ended).toBe(0)
  })
})

describe('user and password', () => {
  it('are refused with a message that does not repeat them', async () => {
    const url = room.redis.url.replace('s3cret', 'wr0ng')
    const { code, err } = await room.store.dgas('worker', '--queue', url)
    expect([code, err]).toEqual([1, expect.stringMatching(/no answer from redis:\/\/127.0.0.1:\d+: WRONGPASS/)])
    expect(err).not.toContain('wr0ng')
  })

  it('of a queue stand nowhere', () => {
    const { folder } = room.store
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name))
    const holding = files.filter((file) => statSync(file).isFile() && readFileSync(file, 'latin1').includes('s3cret'))
    expect(files.some((file) => file.endsWith('.jsonl'))).toBe(true)
    expect(holding).toEqual([])
    expect(room.printed()).toContain('taking batches of')
    expect(room.printed()).not.toContain('s3cret')
  })
})
