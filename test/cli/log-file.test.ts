import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openLog } from '../../src/log.js'
import { testStore, type TestStore } from '../backtest/store.js'

let store: TestStore
beforeAll(async () => void (store = await testStore(3, '2026-01-28', '2026-02-04')))
afterAll(() => store.remove())

let files = 0
const newFile = () => join(store.folder, `log-${++files}.jsonl`)

/** The events of a log, without what differs from one time to the next. */
function events(file: string): Record<string, unknown>[] {
  const text = readFileSync(file, 'utf8')
  expect(text).toMatch(/\n$/)
  return text.trimEnd().split('\n').map((line) => {
    const { pid, time, elapsed_ms, ...event } = JSON.parse(line) as Record<string, unknown>
    expect([pid, time]).toEqual([process.pid, '2026-07-01T12:00:00.000Z'])
    return event
  })
}

describe('--log-file', () => {
  it('says what was begun and that it has finished, and goes on with a file that is there', async () => {
    const file = newFile()
    await store.dgas('runs', '--log-file', file)
    await store.dgas('runs', '--quiet', '--log-file', file)
    expect(events(file)).toEqual([
      { level: 'info', event: 'begun', command: 'runs', arguments: ['--store', store.folder, 'runs', '--log-file', file], version: expect.any(String) as string },
      { level: 'info', event: 'finished', exit_code: 0 },
      expect.objectContaining({ event: 'begun' }),
      { level: 'info', event: 'finished', exit_code: 0 },
    ])
  })

  it('says why something failed', async () => {
    const file = newFile()
    await store.dgas('runs', '--watch', 'nobody', '--log-file', file)
    expect(events(file).at(-1)).toEqual({
      ...{ level: 'error', event: 'error', exit_code: 2 },
      message: expect.stringContaining('there is no run "nobody"') as string,
    })
  })

  it('tells of each batch of a run', async () => {
    const file = newFile()
    const id = await store.backtest('--strategy', 'pldot_cross', '--batch-bars', '50', '--log-file', file)
    const logged = events(file)
    expect(logged[1]).toEqual({ level: 'info', event: 'run_begun', run_id: id })
    const batches = logged.filter(({ event }) => event === 'batch_done' || event === 'batch_degraded')
    expect(batches).toMatchObject([0, 1, 2].map((batch) => ({ run_id: id, batch, symbols: 1, failures: 0, bars: 78 })))
    expect(logged).toHaveLength(6)
  })

  it('names symbols that fail, with their reasons', async () => {
    const file = newFile()
    const sql = `select symbol, bar_at, if(symbol = '${store.symbols[1]}', error('no luck'), 1)::int as entry from bars`
    const strategy = store.file('unlucky.sql', `-- Believes in nothing.\n${sql} where timeframe = $timeframe\n`)
    await store.dgas('backtest', '--strategy', strategy, '--min-success', '0.5', '--log-file', file)
    const failed = events(file).filter(({ event }) => event === 'symbol_failed')
    expect(failed).toMatchObject([{ level: 'error', symbol: store.symbols[1], reason: expect.stringContaining('no luck') as string }])
    expect(events(file).find(({ failures }) => failures !== undefined && failures !== 0)).toMatchObject({ level: 'warning' })
  })

  it('counts the rows of an import', async () => {
    const [file, bars] = [newFile(), store.file('bars.csv', 'symbol,time,open,high,low,close\nA,2026-01-05,1,2,1,2\nA,2026-01-06,9,2,1,2\n')]
    const target = await testStore(0)
    expect(await target.dgas('import', bars, '--timeframe', '1d', '--log-file', file)).toMatchObject({ code: 0 })
    target.remove()
    expect(events(file)[1]).toMatchObject({ event: 'imported', kind: 'bars', rows_read: 2, rows_written: 1, rows_rejected: 1 })
  })

  it('holds no user and no password', async () => {
    const file = newFile()
    await store.dgas('doctor', '--queue', 'redis://me:s3cret@127.0.0.1:1', '--log-file', file)
    expect(events(file).length).toBe(2)
    expect(readFileSync(file, 'utf8')).toContain('redis://127.0.0.1:1')
    expect(readFileSync(file, 'utf8')).not.toContain('s3cret')
  })

  it('must be a file that can be written', async () => {
    const [folder, nowhere] = ['folder', 'nowhere/log.jsonl'].map((name) => join(store.folder, name))
    mkdirSync(folder)
    expect(await store.dgas('runs', '--log-file', folder)).toMatchObject({ code: 2, err: `dgas: --log-file: cannot write "${folder}": this is a folder\n` })
    expect(await store.dgas('runs', '--log-file', nowhere)).toMatchObject({ code: 2, err: `dgas: --log-file: cannot write "${nowhere}": no such file or folder\n` })
  })
})

it('a log that is cut off is said once', () => {
  let err = ''
  const log = openLog(join(store.folder, 'nowhere/log.jsonl'), { now: () => new Date(0), err: (text) => void (err += text) })
  log('info', 'finished')
  log('info', 'finished')
  expect(err).toMatch(/^warning: the log .* is cut off: no such file or folder\n$/)
})
