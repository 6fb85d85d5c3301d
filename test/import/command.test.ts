import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { room, runCommand } from './room.js'

const header = 'symbol,ts,open,high,low,close,volume'
const table = [header, 'A,2026-01-26,10,12,9,11,5', 'B,2026-01-27,10,12,9,11,', 'B,2026-01-28,10,12,9,-1,5', ''].join('\n')

describe('dgas import', () => {
  it('says what it did', async () => {
    const { run, file, store } = room()
    const { code, out, err } = await run(file('bars.csv', table), '--timeframe', '1d')
    const folder = join(store.folder, 'imports', '2026-07-01T12-00-00-bars')
    expect([code, err]).toEqual([0, ''])
    expect(out.replaceAll(/ +\n/g, '\n')).toBe(
      `Imported 1d bars of ${join(store.folder, '..', 'bars.csv')} into ${store.folder}
  rows read                3
  rows written             2
  rows rejected            1
    price is not positive  1
  symbols                  2
  sessions                 2026-01-26 to 2026-01-27
  without volume           1
  time                     0.0 s
  report                   ${join(folder, 'report.json')}
  rejected rows            ${join(folder, 'rejects.csv')}
`,
    )
  })

  it('prints the report with --json and nothing with --quiet', async () => {
    const { run, file } = room()
    const { out } = await run(file('bars.csv', table), '--timeframe', '1d', '--json')
    const report = JSON.parse(out) as { report_file: string }
    expect(JSON.parse(readFileSync(report.report_file, 'utf8'))).toEqual(report)
    expect(await run(file('bars.csv', table), '--timeframe', '1d', '--quiet')).toEqual({ code: 0, out: '', err: '' })
  })

  it('takes several files, of which none is imported when one is wrong', async () => {
    const { run, file, store, bars } = room()
    const right = file('right.csv', table)
    const { code, err } = await run(right, file('wrong.csv', 'symbol,ts\nA,2026-01-26\n'), '--timeframe', '1d')
    const text = 'wrong.csv: there is no column for open, high, low, close among symbol, ts'
    expect([code, err]).toEqual([2, expect.stringContaining(text)])
    expect(existsSync(store.folder)).toBe(false)
    expect(await run(right, right, '--timeframe', '1d')).toMatchObject({ code: 0 })
    expect(await bars('1d', 'symbol')).toEqual(['A', 'B'])
  })

  it('does not touch the sample store', async () => {
    const { run, file, store } = room()
    mkdirSync(store.folder)
    writeFileSync(join(store.folder, 'sample.json'), '{}')
    const { code, err } = await run(file('bars.csv', table), '--timeframe', '1d')
    expect([code, err]).toEqual([2, expect.stringContaining('the sample store takes no imports')])
  })
})

describe('a wrong use', () => {
  it.each<[string, string, string[]]>([
    ['--timeframe is missing', table, []],
    ['there is no timeframe "1day"; expected 1m, 5m', table, ['--timeframe', '1day']],
    ['(did you mean 1d?)', table, ['--timeframe', '1D']],
    ['there is no calendar of "XNYSE"', table, ['--timeframe', '1d', '--exchange', 'XNYSE']],
    ['there is no time zone "Europe/Warsow"', table, ['--timeframe', '1d', '--timezone', 'Europe/Warsow']],
    ['(did you mean Europe/Warsaw?)', table, ['--timeframe', '1d', '--timezone', 'Europe/Warsow']],
    ['the column symbol has symbols, and --symbol is given', table, ['--timeframe', '1d', '--symbol', 'A']],
    ['there is no column for symbol among', table.replaceAll(/^\w+,/gm, ''), ['--timeframe', '1d']],
    ['there is no column for close among', table.replace('close', 'clos'), ['--timeframe', '1d']],
    ['expected close or c (did you mean clos?)', table.replace('close', 'clos'), ['--timeframe', '1d']],
    ['the columns close and c could both be the close', table.replace('volume', 'c'), ['--timeframe', '1d']],
    ['the columns ts and date could both be the time', table.replace('volume', 'date'), ['--timeframe', '1d']],
    ['the first line is empty; expected names of columns', '', ['--timeframe', '1d']],
  ])('is explained: %s', async (text, content, options) => {
    const { run, file, store } = room()
    const { code, out, err } = await run(file('bars.csv', content), ...options)
    expect([code, out, err]).toEqual([2, '', expect.stringContaining(text)])
    expect(err.trimEnd().split('\n')).toHaveLength(1)
    expect(existsSync(store.folder)).toBe(false)
  })

  it('is a file that is not there, a folder, or no file at all', async () => {
    const { run, store } = room()
    const missing = await run('/no/such.csv', '--timeframe', '1d')
    expect(missing).toEqual({ code: 2, out: '', err: 'dgas: /no/such.csv: no such file or folder\n' })
    expect((await run(join(store.folder, '..'), '--timeframe', '1d')).err).toContain('this is a folder; expected a file')
    expect(await run('--timeframe', '1d')).toMatchObject({ code: 2 })
  })
})

describe('a file or disk that fails', () => {
  it.each([
    ['damaged Parquet', 'PAR1 and no more', 'No magic bytes found at end of file'],
    ['lines that end differently', `${header}\r\nA,2026-01-26,1,1,1,1,1\nA,2026-01-27,1,1,1,1,1\r\n`, 'lines all end in the same way'],
  ])('with %s is one sentence', async (_, content, text) => {
    const { run, file } = room()
    const { code, err } = await run(file('bars.csv', content), '--timeframe', '1d')
    expect([code, err]).toEqual([1, expect.stringContaining(text)])
    expect(err.trimEnd().split('\n')).toHaveLength(1)
  })

  it('names the place that cannot be written', async () => {
    const { file } = room()
    const bars = file('bars.csv', table)
    const below = await runCommand('--store', join(bars, 'store'), 'import', bars, '--timeframe', '1d')
    expect(below).toEqual({ code: 1, out: '', err: `dgas: ${join(bars, 'store')}: a part of the path is not a folder\n` })
    const onto = await runCommand('--store', bars, 'import', bars, '--timeframe', '1d')
    expect(onto).toEqual({ code: 2, out: '', err: `dgas: ${bars}: this is no folder; expected the folder of a store, or none yet\n` })
  })
})
