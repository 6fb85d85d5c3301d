import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { backtest, charts, DgasError, openStore, query, queryChunks, type OpenStore } from '../../src/index.js'
import { testStore, type TestStore } from '../backtest/store.js'

let room: TestStore
let store: OpenStore
beforeAll(async () => {
  room = await testStore(3)
  store = await openStore(room.folder)
})
afterAll(() => {
  store.close()
  room.remove()
})

describe('a query', () => {
  it('gives numbers, times, text and the rest as columns', async () => {
    const { length, columns, kinds } = await query(store, `
      select * from (values
        (1::tinyint, 2.5::decimal(9, 2), 1::hugeint, 0.5::float, date '2026-01-02', timestamp '2026-01-02 14:30:00.5', 'a', true, [1, 2]),
        (null, null, null, null, null, null, null, null, null)
      ) as v(small, decimal, huge, single, day, instant, word, flag, list)`)
    expect(length).toBe(2)
    expect(kinds).toEqual({
      ...{ small: 'number', decimal: 'number', huge: 'number', single: 'number' },
      ...{ day: 'time', instant: 'time', word: 'text', flag: 'boolean', list: 'other' },
    })
    expect(columns).toEqual({
      small: Float64Array.of(1, NaN),
      decimal: Float64Array.of(2.5, NaN),
      huge: Float64Array.of(1, NaN),
      single: Float64Array.of(0.5, NaN),
      day: Float64Array.of(Date.UTC(2026, 0, 2), NaN),
      instant: Float64Array.of(Date.UTC(2026, 0, 2, 14, 30, 0, 500), NaN),
      word: ['a', null],
      flag: [true, null],
      list: [[1, 2], null],
    })
  })

  it('without rows still has its columns', async () => {
    const { length, columns } = await query(store, 'select symbol, close from bars where false')
    expect([length, columns]).toEqual([0, { symbol: [], close: new Float64Array() }])
  })

  it('becomes an Arquero table with dates and nulls', async () => {
    const sql = `select * from (values (timestamp '2026-01-02', 1.5, 'a'), (null, null, null)) as v(seen_at, price, word)`
    const table = (await query(store, sql)).toArquero()
    expect(table.objects()).toEqual([
      { seen_at: new Date('2026-01-02T00:00:00Z'), price: 1.5, word: 'a' },
      { seen_at: null, price: null, word: null },
    ])
  })

  it('takes parameters, times among them', async () => {
    const { columns } = await query(store, `select $word as word, $at::timestamp as at, 'x$no' as text`, {
      word: `it's`,
      at: new Date('2026-01-02T14:30:00Z'),
    })
    expect(columns).toEqual({ word: [`it's`], at: Float64Array.of(Date.UTC(2026, 0, 2, 14, 30)), text: ['x$no'] })
  })

  it('in pieces gives every row once, in order', async () => {
    const lengths: number[] = []
    let next = 0
    for await (const { length, columns } of queryChunks<{ i: Float64Array }>(store, 'select i from range(200000) as r(i)')) {
      lengths.push(length)
      for (const value of columns.i) if (value !== next++) throw new Error(`${value} at ${next - 1}`)
    }
    expect(next).toBe(200_000)
    expect(lengths.length).toBe(4)
  })

  it('may be left early, and others may run meanwhile', async () => {
    for await (const { length } of queryChunks(store, 'select * from range(10000000)')) {
      const [a, b] = await Promise.all([query(store, 'select count(*) as n from bars'), query(store, 'select 1 as n')])
      expect([length, a.columns.n, b.columns.n]).toEqual([expect.any(Number), Float64Array.of(1170), Float64Array.of(1)])
      break
    }
  })

  it.each<[sql: string, message: RegExp]>([
    ['select clse from bars', /clse.*did you mean close/s],
    ['select 1 as a, 2 as a', /two columns are named "a"/],
    [`select 9007199254740993 as big`, /the column "big" holds 9007199254740993.*varchar/],
    ['create table t as select 1', /would change something/],
    [`explain analyze copy (select 1) to 'x.csv'`, /would change something/],
    ['select 1; select 2', /there are 2 statements/],
    ['select $symbol', /no value for the parameter \$symbol/],
    [`select * from read_csv('/etc/hostname')`, /cannot be reached/],
  ])('%s is refused', async (sql, message) => {
    const error: unknown = await query(store, sql).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(DgasError)
    expect((error as DgasError).message).toMatch(message)
  })
})

describe('a backtest', () => {
  it('returns metrics, symbols and the columns of its relations', async () => {
    const seen: number[] = []
    const onProgress = ({ barsDone }: { barsDone: number }) => void seen.push(barsDone)
    const run = await backtest(store, { strategy: 'pldot_cross', runId: 'first' }, { onProgress })
    const trades = await run.columns('trades')
    expect(trades.length).toBe(run.metrics.trades)
    expect(run.symbols.map(({ symbol }) => symbol)).toEqual(room.symbols)
    expect([seen[0], seen.at(-1)]).toEqual([0, run.record.bars])
    expect(Object.keys(trades.columns)).not.toContain('run_id')
  })

  it('passes parameters on, whatever their type', async () => {
    const { record } = await backtest(store, { strategy: 'envelope_fade', parameters: { stop_widths: 1.25 }, runId: 'wide' })
    expect(JSON.stringify(record.configuration)).toContain('"stop_widths":1.25')
  })

  it('ends when it is aborted, and can be gone on with', async () => {
    const control = new AbortController()
    const onProgress = ({ barsDone }: { barsDone: number }) => {
      if (barsDone > 0) control.abort(new Error('enough'))
    }
    const choice = { strategy: 'pldot_cross', runId: 'aborted', batchBars: 1 }
    await expect(backtest(store, choice, { onProgress, signal: control.signal })).rejects.toThrow('enough')
    const record = JSON.parse(readFileSync(join(room.folder, 'runs', 'aborted', 'run.json'), 'utf8')) as { status: string }
    expect(record.status).toBe('interrupted')
    expect(await room.dgas('backtest', '--resume', 'aborted')).toMatchObject({ code: 0 })
    const whole = await backtest(store, { ...choice, runId: 'unbroken' })
    expect((await room.rows(`select * exclude (run_id) from trades where run_id = 'aborted' order by all`))).toEqual(
      await room.rows(`select * exclude (run_id) from trades where run_id = 'unbroken' order by all`),
    )
    expect(whole.record.status).toBe('completed')
  })

  it('names a wrong choice', async () => {
    await expect(backtest(store, { strategy: 'pldot_cros' })).rejects.toThrow(/did you mean pldot_cross/)
  })
})

describe('charts', () => {
  it('draw a symbol with the trades of a run, and the equity of the run', async () => {
    const { id } = await backtest(store, { strategy: 'pldot_cross', runId: 'drawn' })
    const price = await charts.price(store, { symbol: room.symbols[0], run: id, bars: 30, parts: ['dot', 'higher'], theme: 'dark' })
    expect(JSON.stringify(price)).toContain('run drawn')
    expect(await charts.render(await charts.equity(store, id), 'svg')).toMatch(/^<svg/)
    expect(await charts.render(price, 'html')).toMatch(/^<!doctype html>/i)
    expect(await charts.ofRun(store, charts.names[0], id)).toEqual(await charts.equity(store, id))
  })

  it('name what there is not', async () => {
    await expect(charts.price(store, { symbol: 'nobody' })).rejects.toThrow(DgasError)
    await expect(charts.equity(store, 'nothing')).rejects.toThrow(/there is no run "nothing"/)
    await expect(charts.ofRun(store, 'equty')).rejects.toThrow(/did you mean equity/)
  })
})

it('a closed store takes no more calls', async () => {
  const own = await openStore(room.folder)
  const chunks = queryChunks(own, 'select * from range(10000000)')
  await chunks.next()
  await own[Symbol.asyncDispose]()
  await expect(query(own, 'select 1')).rejects.toThrow(/this store is closed/)
  await chunks.return()
})
