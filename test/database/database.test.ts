import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Columns } from '../../src/database/columns.js'
import { openDatabase, type Database } from '../../src/database/database.js'

let database: Database
beforeAll(async () => void (database = await openDatabase()))
afterAll(() => database.close())

describe('columns', () => {
  it('turn nulls into NaN and -1', async () => {
    const columns = await database.columns(`
      select * from (values (1.5::double, 7::integer, 1::tinyint), (null, null, null)) as t(price, code, side)`)
    expect(columns).toEqual({
      length: 2,
      price: Float64Array.of(1.5, NaN),
      code: Int32Array.of(7, -1),
      side: Int8Array.of(1, -1),
    })
  })

  it('refuse a type that no typed array holds', async () => {
    await expect(database.columns(`select 'a' as name`)).rejects.toThrow('column name is VARCHAR')
  })

  it('come back from a table as they were appended, bit for bit', async () => {
    const numbers = fc.array(fc.double({ noNaN: true }), { minLength: 1, maxLength: 5000, size: 'max' })
    await fc.assert(
      fc.asyncProperty(numbers, async (values) => {
        const sent = { length: values.length, x: Float64Array.from(values), i: Int32Array.from(values.keys()) }
        await database.put('round_trip', { length: 1, left: Float64Array.of(7) } as unknown as Columns)
        const half = values.length >> 1
        const rows = (from: number, to: number) => ({ length: to - from, x: sent.x.subarray(from, to), i: sent.i.subarray(from, to) }) as unknown as Columns
        await database.put('round_trip', rows(0, half))
        await database.append('round_trip', rows(half, values.length))
        expect(await database.columns('select x, i from round_trip order by i')).toEqual(sent)
      }),
      { numRuns: 10 },
    )
  })
})

describe('a query', () => {
  it.each([
    'select d.pldot, close from dots as d',
    'with all_of_it as (select * from dots) select *, pldot as dot from all_of_it where exists (select 1 from bars where bars.symbol = all_of_it.symbol)',
    'select * exclude (low) replace (close as high) from dots',
    'select count(*), n from dots, unnest([1, 2]) as numbers(n) group by n',
    'select * from dots union all select * from dots',
  ])('reads columns by their names: %s', async (sql) => {
    expect(await database.parsed(sql, sql)).toEqual({ count: 1, isQuery: true, isByName: true, unsteady: null })
  })

  it.each([
    'select s from dots as d(s, t)',
    'with d(s, t) as (select * from dots) select s from d',
    'select s from (select * from dots) as d(s, t)',
    'select d::varchar from dots as d',
    'select hash(DOTS) from dots',
    'select #1 from dots',
    `select columns('^pldot') from dots`,
    `select * like '%_next' from dots`,
    'select pldot from dots natural join bars',
    'select pldot from dots positional join bars',
    'select 1 from bars where (select max(d::varchar) from dots as d) is not null',
  ])('reads columns otherwise: %s', async (sql) => {
    expect(await database.parsed(sql, sql)).toEqual({ count: 1, isQuery: true, isByName: false, unsteady: null })
  })
})

describe('a planned query', () => {
  it('begins when it is started, and gives its rows after its plan is gone', async () => {
    await database.run('create or replace table counted as select 1 as n')
    const start = await database.planned('select n, range as row from counted, range(5000) order by row')
    await database.run('insert into counted values (2)')
    const result = await start()
    let rows = 0
    for (let chunk = await result.fetchChunk(); chunk !== null && chunk.rowCount > 0; chunk = await result.fetchChunk()) rows += chunk.rowCount
    expect(rows).toBe(10_000)
  })

  it('tells its mistakes before it is started', async () => {
    await expect(database.planned('select nothing from range(3)', { name: 'own.sql' })).rejects.toThrow(/own\.sql/)
  })

  it('tells while it runs what only rows show', async () => {
    const start = await database.planned(`select (range || 'x')::integer as n from range(3)`, { name: 'own.sql' })
    await expect(start().then((result) => result.getRows())).rejects.toThrow(/Could not convert/)
  })
})

describe('mistakes in SQL', () => {
  const origin = { name: 'mine.sql', linesBefore: 1 }

  it('show line, caret and nearest name', async () => {
    await database.run('create or replace table bars as select 1 as close')
    const error = await database.run('create view s as\nselect\n  clos\nfrom bars', origin).catch((e: unknown) => e)
    expect((error as Error).message).toBe(
      'mine.sql: Referenced column "clos" not found in FROM clause (did you mean close?)\nline 2:   clos\n          ^',
    )
  })

  it.each([
    ['b.clos from bars b', 'b has no column "clos" (did you mean close?)'],
    ['"b" . "clos" from bars as b', 'b has no column "clos" (did you mean close?)'],
    ['main.bars.clos from bars', 'bars has no column "clos" (did you mean close?)'],
    ['t.clos from (select close as closed from bars) t', 't has no column "clos" (did you mean closed?)'],
    ['bars.clos from cloths, bars', 'bars has no column "clos" (did you mean close?)'],
    ['b.clos, count(*) from bars b group by close', 'b has no column "clos" (did you mean close?)'],
    ['b.quantity from bars b', 'b has no column "quantity"'],
  ])('name the nearest column of the relation itself: %s', async (rest, message) => {
    await database.run('create or replace table bars as select 1 as close; create or replace table cloths as select 1 as cloth')
    const error = await database.statements(`select ${rest}`, { name: 'mine.sql' }).catch((e: unknown) => e)
    expect((error as Error).message).toBe(`mine.sql: ${message}\nline 1: select ${rest}\n               ^`)
  })

  it('name an unknown relation', async () => {
    const error = await database.run('select * from barz', origin).catch((e: unknown) => e)
    expect((error as Error).message).toContain('Table with name barz does not exist (did you mean bars?)')
  })

  it('name the nearest function', async () => {
    const error = await database.run('select flor(1.5)', { name: 'mine.sql' }).catch((e: unknown) => e)
    expect((error as Error).message).toContain('Scalar Function with name flor does not exist (did you mean floor?)')
  })

  it('are told apart from what is no query', async () => {
    expect(await database.statements('select 1')).toEqual({ count: 1, isQuery: true })
    expect(await database.statements('from bars')).toEqual({ count: 1, isQuery: true })
    expect(await database.statements('drop table bars')).toEqual({ count: 1, isQuery: false })
    expect(await database.statements('select 1; select 2')).toEqual({ count: 2, isQuery: false })
  })

  it('cannot read files once confined', async () => {
    const confined = await openDatabase()
    await confined.confine(['/nowhere'])
    await expect(confined.rows(`select * from read_csv('/etc/passwd')`)).rejects.toThrow('"/etc/passwd" cannot be reached')
    await expect(confined.run(`set enable_external_access = true`)).rejects.toThrow(/Cannot/i)
    confined.close()
  })
})

describe('a connection that is closed while it is at work', () => {
  it('ends what is under way with an error, and leaves the process and other connections whole', async () => {
    const closing = await database.fork()
    const working = closing.columns('select sum(a.range * b.range)::double as total from range(200000) a, range(200000) b')
    await new Promise((resolve) => setTimeout(resolve, 200))
    closing.close()
    await expect(working).rejects.toThrow(/stopped/)
    expect(await database.value('select 1')).toBe(1)
  })
})
