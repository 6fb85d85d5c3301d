import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { testStore, type TestStore } from '../backtest/store.js'
import { run } from './run.js'

let store: TestStore
beforeAll(async () => {
  store = await testStore(3, '2026-01-02', '2026-01-16')
})
afterAll(() => store.remove())

/** Expects one clear sentence, the exit code and no stack. */
async function expectError(argv: readonly string[], code: number, ...parts: string[]): Promise<void> {
  const outcome = await store.dgas(...argv)
  expect(outcome.err).not.toMatch(/^ +at |internal error/m)
  for (const part of parts) expect(outcome.err).toContain(part)
  expect(outcome.code).toBe(code)
}

describe('a wrong choice is named with what was expected (exit code 2)', () => {
  it.each<[argv: string, ...parts: string[]]>([
    ['backtest AAPLE', 'the store has no bars of "AAPLE"'],
    ['backtest --universe nobody', '--universe: there is no universe "nobody"', 'all'],
    ['backtest --from 2026-13-01', '--from: "2026-13-01" is no date', '2026-02-01'],
    ['backtest --from yesterday', '--from: "yesterday" is no date'],
    ['backtest --to 2026-02-30', '--to: "2026-02-30" is no date'],
    ['backtest --from 2026-01-12 --to 2026-01-08', '--from 2026-01-12 lies after --to 2026-01-08'],
    ['backtest --strategy pldot_cros', 'there is no strategy "pldot_cros"', 'did you mean pldot_cross?'],
    ['backtest --strategy ./none.sql', 'there is no such file: "./none.sql"'],
    ['backtest --bogus', `unknown option '--bogus'`],
    ['query --bogus=a\nb', `unknown option '--bogus=a`],
    ['backtst', `unknown command 'backtst'`, 'Did you mean backtest?'],
    ['help bactest', `unknown command 'bactest'`, 'Did you mean backtest?'],
    ['bactest --help', `unknown command 'bactest'`, 'Did you mean backtest?'],
    ['backtest --strategy pldot_cross --param x=1', 'the strategy pldot_cross has no parameter "x"'],
    ['backtest --param min_alignment=2', '"2" is no value of min_alignment', 'from 0.6 to 1'],
    ['backtest --param min_aligment=0.5', 'did you mean min_alignment?'],
    ['backtest --param min_alignment', '"min_alignment" is no parameter; expected name=value'],
    ['backtest --higher 5m', '"5m" is no ladder above 30m'],
    ['backtest --timeframe 1h --higher 30m', '"30m" is no ladder above 1h'],
    ['backtest --timeframe 4h --higher 1d,1d', '"1d,1d" is no ladder above 4h; expected one or two timeframes, each above the one before'],
    ['backtest --timeframe 7m', 'there is no timeframe "7m"', '30m'],
    ['backtest --timeframe 5m', 'there are no 5m bars; expected 30m'],
    ['backtest --higher 1x', '--higher: there is no timeframe "1x"', '1d'],
    ['backtest --capital 1e30', '--capital: "1e+30" is not possible; expected a number above 0, at most 1000000000000000'],
    ['backtest --capital ten', '--capital: "ten" is no number'],
    ['backtest --capital -5', '--capital: "-5" is not possible; expected a number above 0'],
    ['backtest --threads 0', '--threads: "0" is no value; expected a whole number of at least 1'],
    ['backtest --memory lots', '--memory: "lots" is no size'],
    ['backtest --sizing twice', `'twice' is invalid`, 'risk'],
    ['backtest --batch-bars 0', '--batch-bars'],
    ['backtest --min-success 2', '--min-success: "2" is no share'],
    ['backtest --run-id a/b', '--run-id: "a/b" cannot name a run'],
    ['report nobody', 'there is no run "nobody"'],
    ['query', 'the query is empty'],
    ['query --file /none.sql', '--file: cannot read "/none.sql": no such file or folder'],
  ])('%s', async (line, ...parts) => {
    await expectError(line.split(' '), 2, ...parts)
  })

  it('a name of a run that is taken', async () => {
    await store.backtest('--strategy', 'buy_and_hold', '--run-id', 'taken')
    await expectError(['backtest', '--run-id', 'taken'], 2, 'there is already a run "taken"')
  })
})

describe('data that do not do are named (exit code 1)', () => {
  it.each([
    [['--from', '2027-01-01'], 'no 30m bars from 2027-01-01'],
    [['--from', '2026-01-10', '--to', '2026-01-11'], 'no 30m bars from 2026-01-10 to 2026-01-11'],
    [['--to', '2025-12-31', '--timeframe', '1h'], 'no 1h bars from the first session to 2025-12-31'],
  ])('an empty range says which bars there are: %j', async (range, what) => {
    await expectError(['backtest', ...range], 1, what, 'bars from 2026-01-02 to 2026-01-16')
  })

  it('fewer bars than a window needs', async () => {
    const range = ['--to', '2026-01-02', '--timeframe', '4h']
    await expectError(['backtest', ...range], 1, '2 4h bars; the strategy multi_timeframe needs 7')
  })

  it('a store without bars', async () => {
    const { code, err } = await run(['--store', join(store.folder, 'nowhere'), 'backtest'])
    expect([code, err]).toEqual([1, expect.stringContaining('nowhere: this store holds no bars; expected bars brought in by dgas import')])
  })

  it.each(['backtest', 'query select', 'runs', 'doctor', 'import x.csv --actions'])('a store that is a file: %s', async (line) => {
    const { code, err } = await run(['--store', '/dev/null', ...line.split(' ')])
    expect([code, err]).toEqual([2, 'dgas: /dev/null: this is no folder; expected the folder of a store, or none yet\n'])
    const below = await run(['--store', '/dev/null/store', ...line.split(' ')])
    expect([below.code, below.err]).toEqual([1, 'dgas: /dev/null/store: a part of the path is not a folder\n'])
  })

  it('a store on which nothing can be written', async () => {
    const blocked = await testStore(1, '2026-01-02', '2026-01-09')
    writeFileSync(join(blocked.folder, 'runs'), 'in the way')
    const { code, err } = await blocked.dgas('backtest', '--strategy', 'pldot_cross')
    expect([code, err]).toEqual([1, expect.stringMatching(/runs: a file of this name is in the way/)])
    blocked.remove()
  })

  it.skipIf(process.getuid?.() === 0)('a store on a read-only disk', async () => {
    const folder = join(store.folder, 'runs')
    mkdirSync(folder, { recursive: true })
    chmodSync(folder, 0o500)
    await expectError(['backtest', '--strategy', 'pldot_cross'], 1, 'permission denied')
    chmodSync(folder, 0o700)
  })
})

describe('a query', () => {
  it.each<[sql: string, code: number, ...parts: string[]]>([
    ['select clse from bars', 1, 'Referenced column "clse"', 'did you mean close?', 'line 1: select clse from bars\n               ^'],
    ['select * from bras', 1, 'bras does not exist', 'did you mean bars?'],
    ['select * from temp.bars', 1, 'Table with name bars does not exist\nline 1'],
    ['select close frm bars', 1, 'syntax error at or near "bars"', 'line 1:', '^'],
    ['select 1;\nselect 2', 2, 'there are 2 statements'],
    [' ; -- none', 2, 'query: the query is empty; expected SQL such as'],
    ['select 1; pivot bars on symbol using max(close)', 2, 'there are 2 statements'],
    ['from (pivot bars on symbol using max(close));', 2, 'this pivot would first look up its values', "in ('long', 'short')"],
    ["copy (select 1) to 'x.csv'", 2, 'would change something'],
    ["attach 'x.db'", 2, 'would change something'],
    ['set threads = 1', 2, 'would change something'],
    ['select close from bars where symbol = AAPL', 1, `expected a column, or a text in single quotes: 'AAPL'\nline 1: `, '^'],
    ['select envelope from geometry', 1, 'did you mean envelope_'],
    ['select t.entry_prce from trades t', 1, 'query: t has no column "entry_prce" (did you mean entry_price?)\nline 1: select t.entry_prce from trades t\n               ^'],
    ['select trades.entry_prce from trades', 1, 'trades has no column "entry_prce" (did you mean entry_price?)'],
    ['select b.clse from bars b', 1, 'b has no column "clse" (did you mean close?)'],
    ['select g.pldt from geometry g', 1, 'g has no column "pldt" (did you mean pldot?)'],
    ['select i.sectr, b.close from bars b join instruments i using (symbol)', 1, 'i has no column "sectr" (did you mean sector?)'],
    ['select brs.close from bars', 1, 'Referenced table "brs" not found (did you mean bars?)'],
    ['select close from ', 1, 'query: syntax error at end of input\nline 1: select close from\n                         ^'],
    ['select * from bars\nwhere (close > 1\n', 1, 'syntax error at end of input\nline 2: where (close > 1\n                        ^'],
    ['select * from bars where; -- which', 1, 'line 1: ', 'where; -- which\n                                ^'],
    ['select ', 1, 'SELECT clause without selection list\nline 1: select\n              ^'],
    ['select close\nfrom (select from bars)', 1, 'SELECT clause without selection list\nline 2: from (select from bars)\n                    ^'],
    ['select $close', 2, '--param: no value for the parameter $close; expected --param close=value\nline 1: select $close\n               ^'],
    ["select * from '/etc/passwd'", 1, '"/etc/passwd" is no relation', 'expected a relation that dgas schema lists, or a file of the store, or of', '^'],
    ["select * from read_csv('/etc/hostname')", 1, '"/etc/hostname" cannot be reached', 'a folder that --allow-files names'],
  ])('%s', async (sql, code, ...parts) => {
    await expectError(['query', sql], code, ...parts)
  })

  it.each(['-- one\nselect 1 as x', '--one, x=2\nselect 1 as x', '--\nselect 1 as x'])('may begin with a comment: %j', async (sql) => {
    expect(await store.dgas('query', sql, '--format', 'csv')).toMatchObject({ code: 0, out: 'x\n1\n' })
    expect(await store.dgas('query', '--', sql)).toMatchObject({ code: 0 })
  })

  it('of a timeframe that cannot be made of the bars finds none and says so', async () => {
    const { code, out, err } = await store.dgas('query', `select count(*) as bars from bars where timeframe in ('5m', '7m')`, '--format', 'csv')
    expect([code, out]).toEqual([0, 'bars\n0\n'])
    expect(err).toMatch(/^note: there are no bars from which 5m bars could be made\n1 row in /)
    expect((await store.dgas('query', `select * from runs where timeframe = '5m'`)).err).toMatch(/^0 rows in /)
  })

  it('that is the name of a file is told of --file', async () => {
    const file = store.file('query.sql', 'select 1')
    await expectError(['query', file], 2, `query: "${file}" is the name of a file; expected --file ${file}`)
    await expectError(['query', './none.sql'], 2, 'query: there is no file "./none.sql"; expected a query, or the name of a file after --file')
  })

  it.each([[], ['--explain']])('shows its own line and not one with values in it: %j', async (...options) => {
    const sql = `select $word as w, $n as n,\n  $n + clse from bars\nwhere symbol = $word`
    const argv = ['query', sql, '--param', 'word=a\nb', '--param', 'n=0.25', ...options]
    await expectError(argv, 1, 'did you mean close?', '\nline 2:   $n + clse from bars\n               ^\n')
  })

  it('names the line of a mistake in a file', async () => {
    const file = store.file('mine.sql', 'select\n  symbol,\n  clse\nfrom bars\n')
    await expectError(['query', '--file', file], 1, `${file}: Referenced column "clse"`, 'line 3:   clse')
  })
})

it('help and version end well', async () => {
  expect((await run(['--help'])).code).toBe(0)
  expect((await run(['backtest', '--help'])).out).toContain('--commission-rate <rate>')
  expect((await run(['help'])).out).toBe((await run(['--help'])).out)
  expect((await run(['--json', 'help', 'backtest'])).out).toBe((await run(['backtest', '--help'])).out)
  expect((await run(['--version'])).out).toMatch(/^\d+\.\d+\.\d+\n$/)
})
