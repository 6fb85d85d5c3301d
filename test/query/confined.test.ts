import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { testStore, type TestStore } from '../backtest/store.js'

let store: TestStore
let outside: string
let allowed: string
beforeAll(async () => {
  store = await testStore(1, '2026-01-02', '2026-01-05')
  outside = mkdtempSync(join(tmpdir(), 'dgas-outside-'))
  allowed = join(outside, 'allowed')
  mkdirSync(allowed)
  writeFileSync(join(outside, 'secret.csv'), 'a\nsecret\n')
  writeFileSync(join(allowed, 'mine.csv'), 'a\nmine\n')
  symlinkSync(outside, join(allowed, 'link'))
  symlinkSync(join(outside, 'secret.csv'), join(allowed, 'link.csv'))
  symlinkSync(join(outside, 'secret.csv'), join(store.folder, 'link.csv'))
})
afterAll(() => {
  store.remove()
  rmSync(outside, { recursive: true })
})

it('reads the end of each file once, however often a query opens it', async () => {
  expect(await store.rows(`select current_setting('parquet_metadata_cache') as is_kept`)).toEqual([{ is_kept: true }])
})

function filesBelow(): string[] {
  return [store.folder, outside].flatMap((folder) => readdirSync(folder, { recursive: true, encoding: 'utf8' })).sort()
}

/** Runs a query that must fail without a trace. */
async function refused(sql: string, ...options: string[]): Promise<string> {
  const before = filesBelow()
  const { code, out, err } = await store.dgas('query', sql.replaceAll('STORE', store.folder).replaceAll('OUT', outside), ...options)
  expect([code > 0, out, filesBelow()], sql).toEqual([true, '', before])
  expect(err).not.toContain('internal error')
  return err
}

const changes = [
  `copy (select 1) to 'STORE/x.csv'`,
  `explain analyze copy (select 1) to 'STORE/x.csv'`,
  `/* not */ explain -- a\n analyze copy (select 1) to 'STORE/x.csv'`,
  `explain analyze create table t as select 1`,
  `create table t as select 1`,
  `create or replace view bars as select 1`,
  `insert into bars values (1)`,
  `drop view bars`,
  `attach 'STORE/x.db'`,
  `export database 'STORE/exported'`,
  `set memory_limit = '1GB'`,
  `pragma enable_profiling`,
  `pragma database_list`,
  `install httpfs`,
  `load json`,
  `call enable_logging(storage = 'file', storage_path = 'STORE/logs')`,
  `checkpoint`,
  `prepare p as select 1`,
  `select 1; copy (select 1) to 'STORE/x.csv'`,
]

describe('a query can change nothing', () => {
  it.each(changes)('%s', async (sql) => {
    expect(await refused(sql)).toMatch(/would change something|there are 2 statements/)
  })

  it.each(changes)('not even with a folder allowed, into a file or explained: %s', async (sql) => {
    await refused(sql, '--allow-files', allowed)
    await refused(sql, '--output', join(allowed, 'x.parquet'))
    await refused(sql, '--explain')
  })

  it.each([
    `from enable_logging('QueryLog', storage = 'file', storage_path = 'STORE/logs')`,
    `select * from ENABLE_LOGGING(storage = 'file', storage_path = 'OUT/logs')`,
    `select 1 where exists (select 1 from system.main.enable_logging(storage_path = 'OUT/allowed/logs'))`,
    `with x as materialized (from disable_logging()) select * from x`,
    `from query('from enable_logging()')`,
    `from query_table('bars')`,
    `select * from json_execute_serialized_sql('{}')`,
    `from arrow_scan(1, 2, 3)`,
    `from force_checkpoint()`,
    `explain analyze from enable_logging(storage_path = 'STORE/logs')`,
    `from sql_auto_complete('s')`,
  ])('nor by a table function: %s', async (sql) => {
    expect(await refused(sql, '--allow-files', allowed)).toMatch(/table function \w+ is not for queries\nline 1: .*\n +\^/i)
  })

  it('nor by writing into a log, which is off and cannot be turned on', async () => {
    const before = filesBelow()
    const { out } = await store.dgas('query', `select write_log('x', level := 'error') is null as x from range(3)`, '--format', 'csv')
    expect([out, filesBelow()]).toEqual(['x\ntrue\ntrue\ntrue\n', before])
    const logged = `
      with written as materialized (select count(write_log('x')) as lines from range(3))

      select current_setting('enable_logging') as is_on, (select count(*) from duckdb_logs) as kept from written`
    expect((await store.dgas('query', logged, '--format', 'csv')).out).toBe('is_on,kept\n0,0\n')
  })

  it('cannot end the statement into which it is put', async () => {
    for (const sql of [`select 1) to 'OUT/x.csv'; --`, `select 1 /*`, `select 1; --`, `select 1 ;;`]) {
      const file = join(allowed, 'ended.parquet')
      await store.dgas('query', sql.replaceAll('OUT', outside), '--output', file)
      expect(filesBelow().filter((name) => name.endsWith('x.csv'))).toEqual([])
      rmSync(file, { force: true })
    }
  })

  it('cannot end a text that takes the place of a parameter', async () => {
    const { out } = await store.dgas('query', 'select $x as x', '--param', `x='; drop view bars; --`, '--format', 'csv')
    expect(out).toBe(`x\n'; drop view bars; --\n`)
  })
})

describe('a query reads no file outside', () => {
  it.each([
    `from read_csv('OUT/secret.csv')`,
    `from 'OUT/secret.csv'`,
    `from read_text('STORE/../${'../'.repeat(9)}etc/hostname')`,
    `from read_text('STORE/link.csv')`,
    `from read_blob('/dev/stdin')`,
    `from read_text('file:OUT/secret.csv')`,
    `from read_text('https://example.com/x.csv')`,
    `from glob('OUT/*')`,
    `from sniff_csv('OUT/secret.csv')`,
    `from read_duckdb('OUT/x.db')`,
    `from parquet_schema('OUT/secret.csv')`,
  ])('%s', async (sql) => {
    await refused(sql)
  })

  it.each(['OUT/allowed/../secret.csv', 'OUT/allowed/link/secret.csv', 'OUT/allowed/link.csv', 'OUT/allowed/link/*.csv', 'OUT/allowed2/x.csv'])(
    'not even through the allowed folder: %s',
    async (path) => {
      expect(await refused(`from read_csv('${path}')`, '--allow-files', allowed)).toContain('cannot be reached')
    },
  )

  it('but those in a folder that is named', async () => {
    const sql = `from read_csv('${allowed}/mine.csv')`
    const { out } = await store.dgas('query', sql, '--allow-files', allowed, '--format', 'csv')
    expect(out).toBe('a\nmine\n')
    expect(await refused(sql)).toContain('expected a file of the store, or of a folder that --allow-files names')
    expect(await refused(sql, '--allow-files', `${allowed}/none`)).toContain('there is no folder')
    expect(await refused(sql, '--allow-files', `${allowed}/mine.csv`)).toContain('is no folder')
  })

  it('and tells no column of one', async () => {
    expect(await refused(`select b from read_csv('OUT/secret.csv')`)).toContain('cannot be reached')
    expect(await refused(`select * from read_text('OUT/nothing')`)).toContain('cannot be reached')
  })

  it('reads a store whose bars lie elsewhere behind a link', async () => {
    const elsewhere = join(outside, 'elsewhere')
    renameSync(join(store.folder, 'bars'), elsewhere)
    symlinkSync(elsewhere, join(store.folder, 'bars'))
    const { code, err } = await store.dgas('query', 'select count(*) from bars')
    rmSync(join(store.folder, 'bars'))
    renameSync(elsewhere, join(store.folder, 'bars'))
    expect(code, err).toBe(0)
    expect(existsSync(join(store.folder, 'bars'))).toBe(true)
  })
})

describe('limits', () => {
  it('of time', async () => {
    const sql = 'select sum(a.range * b.range) from range(100000000) a, range(1000000) b'
    const { code, err } = await store.dgas('query', sql, '--timeout', '0.2')
    expect([code, err]).toEqual([1, 'dgas: --timeout: the query took longer than 0.2 s and was stopped\n'])
    const into = await store.dgas('query', sql, '--timeout', '0.2', '--output', join(allowed, 'late.parquet'))
    expect([into.code, existsSync(join(allowed, 'late.parquet'))]).toEqual([1, false])
  })

  it.each(['0', '-1', 'soon', ''])('of time are a number of seconds, not "%s"', async (text) => {
    expect((await store.dgas('query', 'select 1', '--timeout', text)).err).toContain(`--timeout: "${text}" is no time`)
  })

  it('of memory', async () => {
    const { code, err } = await store.dgas('query', 'select * from range(30000000) order by hash(range)', '--memory', '50MB')
    expect([code, err]).toEqual([1, expect.stringMatching(/the memory limit is reached: .*expected less to sort or group, or more --memory/)])
  })
})

describe('parameters', () => {
  it.each([
    ['7', '7,INTEGER'],
    ['-2.5', '-2.5,DOUBLE'],
    ['007', '007,VARCHAR'],
    [`'7'`, '7,VARCHAR'],
    ['true', 'true,BOOLEAN'],
    ['null', ',"""NULL"""'],
    ['12345678901234567890', '12345678901234567890,VARCHAR'],
    ["it''s", "it''s,VARCHAR"],
    ['', '"",VARCHAR'],
  ])('have a type: %s', async (text, shown) => {
    const { out } = await store.dgas('query', 'select $x as x, typeof($x) as type', '--param', `x=${text}`, '--format', 'csv')
    expect(out).toBe(`x,type\n${shown}\n`)
  })

  it.each([
    [['--param', 'symbl=A'], 'the query has no $symbl; expected one of $symbol (did you mean symbol?)'],
    [['--param', 'symbol=A', '--param', 'x=1'], 'the query has no $x'],
    [[], 'no value for the parameter $symbol'],
    [['--param', 'symbol'], '"symbol" is no parameter; expected name=value'],
  ])('that are wrong: %j', async (options, message) => {
    const { code, err } = await store.dgas('query', 'select count(*) from bars where symbol = $symbol', ...options)
    expect([code > 0, err]).toEqual([true, expect.stringContaining(message)])
  })
})

describe('a plan', () => {
  it('is drawn, or JSON', async () => {
    const { out } = await store.dgas('query', 'select close from bars where close > 1', '--explain')
    expect(out).toMatch(/^┌─+┐\n[\s\S]*READ_PARQUET[\s\S]*┘\n$/)
    const json = await store.dgas('query', 'select close from bars where close > 1', '--explain', '--format', 'jsonl')
    expect(json.out).toContain('READ_PARQUET')
  })
})
