import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { tableFromIPC } from 'apache-arrow'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { testStore, type TestStore } from '../backtest/store.js'
import { run } from '../cli/run.js'

let store: TestStore
let folder: string
beforeAll(async () => {
  store = await testStore(2, '2026-01-02', '2026-01-09')
  folder = join(store.folder, '..', `${store.folder.split('/').at(-1)!}-out`)
  mkdirSync(folder)
})
afterAll(() => store.remove())

const mixed = `
  select * from (values (1, 1.5, 'a,b', date '2026-01-02'), (2, null, 'say "x|y"', null), (3, 0.1, '', date '1969-12-31'))
  as mixed (whole, part, words, day)`

async function printed(...argv: string[]): Promise<string> {
  const { code, out, err } = await store.dgas('query', ...argv)
  expect(code, err).toBe(0)
  return out
}

describe('each format of text', () => {
  it.each([
    ['table', ['whole  part  words      day', '─────  ────  ─────────  ──────────', '    1   1.5  a,b        2026-01-02', '    2     ·  say "x|y"  ·', '    3   0.1             1969-12-31', '']],
    ['csv', ['whole,part,words,day', '1,1.5,"a,b",2026-01-02', '2,,"say ""x|y""",', '3,0.1,"",1969-12-31', '']],
    ['tsv', ['whole\tpart\twords\tday', '1\t1.5\ta,b\t2026-01-02', '2\t\t"say ""x|y"""\t', '3\t0.1\t""\t1969-12-31', '']],
    ['markdown', ['| whole | part | words | day |', '| ---: | ---: | --- | --- |', '| 1 | 1.5 | a,b | 2026-01-02 |', '| 2 |  | say "x\\|y" |  |', '| 3 | 0.1 |  | 1969-12-31 |', '']],
    ['jsonl', ['{"whole":1,"part":1.5,"words":"a,b","day":"2026-01-02"}', '{"whole":2,"part":null,"words":"say \\"x|y\\"","day":null}', '{"whole":3,"part":0.1,"words":"","day":"1969-12-31"}', '']],
  ])('%s', async (format, lines) => {
    expect((await printed(mixed, '--format', format)).split('\n')).toEqual(lines)
  })

  it('json', async () => {
    expect(JSON.parse(await printed(mixed, '--format', 'json'))).toHaveLength(3)
    expect(await printed('select 1 where false', '--format', 'json')).toBe('[]\n')
  })

  it('keeps both of two columns with one name', async () => {
    expect(await printed('select 1 as a, 2 as a', '--format', 'jsonl')).toBe('{"a":1,"a:1":2}\n')
  })
})

describe('each binary format', () => {
  it('parquet is read back by DuckDB as it was', async () => {
    const file = join(folder, 'mixed.parquet')
    await printed(`${mixed}; -- with an end`, '--output', file)
    const back = await printed(`from read_parquet('${file}')`, '--allow-files', folder, '--format', 'csv')
    expect(back).toBe(await printed(mixed, '--format', 'csv'))
  })

  it('arrow keeps kinds and missing values', async () => {
    const file = join(folder, 'kinds.arrow')
    await printed(`
      select
        range::integer as whole, range * 0.5::double as part, 'n' || range as words, range % 2 = 0 as is_even,
        nullif(range, 1) as gap, date '2026-01-02' as day, timestamp '2026-01-02 03:04:05.678901' as at,
        1.25::decimal(9, 2) as price, sum(range) over () as total, [range, null] as list, {'a': range, 'b': 'x'} as pair,
        interval 1 day as lapse, '\\xAA'::blob as bytes
      from range(3)`, '--output', file)
    const table = tableFromIPC(readFileSync(file))
    expect(Object.fromEntries(table.schema.fields.map(({ name, type }) => [name, String(type)]))).toEqual({
      whole: 'Int32', part: 'Float64', words: 'Utf8', is_even: 'Bool', gap: 'Int64', day: 'Date32<DAY>',
      at: 'Timestamp<MICROSECOND>', price: 'Decimal[9e+2]', total: 'Decimal[38e0]', list: 'List<Int64>',
      pair: 'Struct<{a:Int64, b:Utf8}>', lapse: 'Utf8', bytes: 'Binary',
    })
    const rows = table.toArray().map((row: unknown) => JSON.parse(JSON.stringify(row, (_, value: unknown) => typeof value === 'bigint' ? Number(value) : value)) as Record<string, unknown>)
    expect(rows.map(({ whole, part, words, is_even, gap }) => [whole, part, words, is_even, gap])).toEqual([
      [0, 0, 'n0', true, 0], [1, 0.5, 'n1', false, null], [2, 1, 'n2', true, 2],
    ])
    expect([table.getChild('day')!.get(0), table.getChild('at')!.data[0].values]).toEqual([Date.UTC(2026, 0, 2), new BigInt64Array(3).fill(1767323045678901n)])
    expect([...(table.getChild('price')!.get(0) as Uint32Array)]).toEqual([125, 0, 0, 0])
    expect([...(table.getChild('list')!.get(2) as Iterable<bigint | null>)]).toEqual([2n, null])
  })

  it('arrow of no rows has the columns', async () => {
    const file = join(folder, 'none.arrow')
    await printed('select 1 as a where false', '--output', file)
    const table = tableFromIPC(readFileSync(file))
    expect([table.numRows, table.schema.names]).toEqual([0, ['a']])
  })

  it('does not go to a terminal', async () => {
    const { code, err } = await run(['--store', store.folder, 'query', 'select 1', '--format', 'arrow'], '', { isTerminal: true })
    expect([code, err]).toEqual([2, 'dgas: --format: arrow is no text for a terminal; expected --output with a file\n'])
  })
})

describe('a file', () => {
  it('is replaced as a whole, or left as it was', async () => {
    const file = join(folder, 'kept.csv')
    await printed('select 1 as a', '--output', file)
    const { code } = await store.dgas('query', `select error('late') from range(100000) where range = 90000`, '--output', file)
    expect([code, readFileSync(file, 'utf8'), readdirSync(folder).filter((name) => name.includes('tmp'))]).toEqual([1, 'a\n1\n', []])
  })

  it('stays a link to what it replaces', async () => {
    const [file, link] = [join(folder, 'real.csv'), join(folder, 'link.csv')]
    writeFileSync(file, 'old')
    symlinkSync(file, link)
    await printed('select 1 as a', '--output', link)
    expect(readFileSync(file, 'utf8')).toBe('a\n1\n')
  })

  it.each([
    [['--output', '/nowhere/x.csv'], '/nowhere/x.csv: no such file or folder'],
    [['--output', '/tmp', '--format', 'csv'], '/tmp: this is a folder'],
    [['--output', '/tmp'], '--output: "/tmp" is a folder; expected the name of a file'],
    [['--output', 'x.xlsx'], '--output: "x.xlsx" is no form of a result; expected .table, .csv'],
    [['--output', 'x'], '--output: "x" has no extension'],
    [['--format', 'xml'], `argument 'xml' is invalid`],
  ])('%j is refused', async (options, message) => {
    const { code, err } = await store.dgas('query', 'select 1', ...options)
    expect([code > 0, err]).toEqual([true, expect.stringContaining(message)])
    expect(existsSync('x')).toBe(false)
  })
})

describe('a table on a terminal', () => {
  const wide = `select 'a long text that is cut' as words, 12345.678 as number, '東京証券取引所' as 名前, 1 as one, 2 as two`

  it.each([80, 60, 40, 20, 8])('has no line wider than %i', async (columns) => {
    const { out, err } = await run(['--store', store.folder, 'query', wide], '', { isTerminal: true, columns })
    for (const line of out.trimEnd().split('\n')) expect(width(line), line).toBeLessThanOrEqual(columns)
    expect(out).toMatch(columns < 60 ? /…/ : /words/)
    if (columns < 40) expect(err).toMatch(/, \d of 5 columns in/)
  })

  it('never cuts a number', async () => {
    const { out } = await run(['--store', store.folder, 'query', wide], '', { isTerminal: true, columns: 40 })
    expect(out).toContain('12345.678')
  })

  it('follows COLUMNS, and is whole where there is no terminal', async () => {
    const narrow = await run(['--store', store.folder, 'query', wide], '', { env: { COLUMNS: '30' } })
    expect(width(narrow.out.split('\n')[1])).toBeLessThanOrEqual(30)
    expect((await run(['--store', store.folder, 'query', wide])).out).toContain('a long text that is cut')
  })

  it('lets nothing through that would move the cursor', async () => {
    expect(await printed(`select chr(27) || '[2J' || chr(10) || chr(9) as x`)).toContain('␛[2J↵␉')
  })

  it('has no colour', async () => {
    expect((await run(['--store', store.folder, 'query', wide], '', { isTerminal: true })).out).not.toContain('\u001b')
  })

  function width(line: string): number {
    return line.length + (line.match(/[\u4e00-\u9fff]/g) ?? []).length
  }
})
