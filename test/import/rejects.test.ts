import { describe, expect, it } from 'vitest'
import { rejects, room } from './room.js'

const header = 'symbol,ts,open,high,low,close,volume'
const good = 'GOOD,2026-01-26 14:30,10,12,9,11,500'
const at = '2026-01-26 14:30'

describe('a row is rejected', () => {
  it.each([
    ['missing symbol', `,${at},10,12,9,11,5`],
    ['missing time', 'A,,10,12,9,11,5'],
    ['time is not understood', 'A,26.01.2026 14:30,10,12,9,11,5'],
    ['time is not understood', 'A,1769437800,10,12,9,11,5'],
    ['time is not understood', 'A,epoch,10,12,9,11,5'],
    ['time is not understood', 'A,2026-02-30 14:30,10,12,9,11,5'],
    ['time is not understood', 'A,0226-01-26 14:30,10,12,9,11,5'],
    ['missing price', `A,${at},,12,9,11,5`],
    ['missing price', `A,${at},10,12,9,NaN,5`],
    ['missing price', `A,${at},10,null,9,11,5`],
    ['price is not a number', `A,${at},10,12,9,11.x,5`],
    ['price is not a number', `A,${at},10,inf,9,11,5`],
    ['price is not positive', `A,${at},10,12,0,11,5`],
    ['price is not positive', `A,${at},-10,12,-11,11,5`],
    ['high below low', `A,${at},10,9,12,11,5`],
    ['open or close outside low to high', `A,${at},12.01,12,9,11,5`],
    ['open or close outside low to high', `A,${at},10,12,9,8.99,5`],
    ['volume is not a number', `A,${at},10,12,9,11,many`],
    ['volume is negative', `A,${at},10,12,9,11,-1`],
    ['volume above 1e20', `A,${at},10,12,9,11,1e21`],
    ['outside the regular session', 'A,2026-01-26 14:00,10,12,9,11,5'],
    ['outside the regular session', 'A,2026-01-26 21:00,10,12,9,11,5'],
    ['outside the regular session', 'A,2026-01-25 14:30,10,12,9,11,5'],
    ['not on the grid of the timeframe', 'A,2026-01-26 14:45,10,12,9,11,5'],
    ['not on the grid of the timeframe', 'A,2026-01-26 14:30:00.000001,10,12,9,11,5'],
  ])('for: %s, as %s', async (reason, line) => {
    const { csv, bars } = room()
    const report = await csv([header, line, good], '--timeframe', '30m')
    expect(report).toMatchObject({ rows_read: 2, rows_written: 1, rows_rejected: 1, rejected: { [reason]: 1 } })
    expect(rejects(report)).toEqual([`1,,${reason},${line},`])
    expect(await bars('30m', 'symbol')).toEqual(['GOOD'])
  })

  it.each([
    ['malformed line: missing columns', 'A,2026-01-26 14:30,10,12,9,11', ''],
    ['malformed line: too many columns', 'A,2026-01-26 14:30,10,12,9,11,5,7', ''],
    ['malformed line: unquoted value', '"A" B,2026-01-26 14:30,10,12,9,11,5', ''],
  ])('for: %s', async (reason, line) => {
    const { csv, bars } = room()
    const report = await csv([header, '', good, line, good.replace('14:30', '15:00')], '--timeframe', '30m')
    expect(report).toMatchObject({ rows_read: 3, rows_written: 2, rejected: { [reason]: 1 } })
    expect(rejects(report)).toEqual([`2,4,${reason},,,,,,,,"${line.replaceAll('"', '""')}"`])
    expect(await bars('30m', 'symbol')).toEqual(['GOOD', 'GOOD'])
  })

  it('under its number in the file, malformed lines before it counted and empty ones not', async () => {
    const { csv } = room()
    const bad = (hour: number) => `A,2026-01-26 ${hour}:30,10,12,9,11,-1`
    const lines = [header, bad(14), 'few', '', 'few', bad(15), good, '', 'few', bad(16)]
    const report = await csv(lines, '--timeframe', '30m')
    const numbers = rejects(report).map((line) => line.split(',', 2).join())
    expect(numbers).toEqual(['1,', '2,3', '3,5', '4,', '6,9', '7,'])
  })

  it.each([
    ['1d', '2026-01-25'],
    ['1w', '2026-01-25'],
  ])('for a %s bar of a day without a session', async (timeframe, date) => {
    const { csv } = room()
    const report = await csv([header, `A,${date},10,12,9,11,5`, 'A,2026-01-26,10,12,9,11,5'], '--timeframe', timeframe)
    expect(report.rejected).toEqual({ 'not on a day with a session': 1 })
  })

  it.each([
    ['2026-03-08 02:30', 'America/New_York'],
    ['2026-11-01 01:30', 'America/New_York'],
    ['2026-10-25 02:00', 'Europe/Warsaw'],
  ])('for a local time that is not one instant: %s in %s', async (time, zone) => {
    const { csv, bars } = room()
    const lines = [header, `A,${time},10,12,9,11,5`, 'A,2026-07-01 12:00,10,12,9,11,5']
    const report = await csv(lines, '--timeframe', '30m', '--exchange', '24/7', '--timezone', zone)
    expect(report.rejected).toEqual({ 'time is not one instant in its zone': 1 })
    expect(await bars('30m', 'symbol')).toEqual(['A'])
  })
})

describe('rows of the same symbol and time', () => {
  const other = 'A,2026-01-26 15:00,10,12,9,11,5'

  it('that are equal count once', async () => {
    const { csv, bars } = room()
    const report = await csv([header, 'A,2026-01-26 14:30,10,12,9,11,', `A,2026-01-26 14:30:00Z,10.0,12,9,11,`], '--timeframe', '30m')
    expect(rejects(report)).toEqual(['2,,repeats another row,A,2026-01-26 14:30:00Z,10.0,12.0,9.0,11.0,,'])
    expect(await bars('30m')).toEqual(['A 2026-01-26 14:30:00 10.0 12.0 9.0 11.0'])
  })

  it.each([
    ['close', 'A,2026-01-26 14:30,10,12,9,11.5,5'],
    ['volume', 'A,2026-01-26 14:30,10,12,9,11,6'],
    ['volume that is missing', 'A,2026-01-26 14:30,10,12,9,11,'],
  ])('that differ in %s are all rejected', async (_, line) => {
    const { csv, bars } = room()
    const report = await csv([header, 'A,2026-01-26 14:30,10,12,9,11,5', other, line], '--timeframe', '30m')
    expect(report.rejected).toEqual({ 'contradicts another row of its symbol and time': 2 })
    expect(await bars('30m', 'bar_at')).toEqual(['2026-01-26 15:00:00'])
  })

  it('do not count when one of them is wrong otherwise', async () => {
    const { csv, bars } = room()
    const report = await csv([header, other, 'A,2026-01-26 15:00,10,12,9,-11,5'], '--timeframe', '30m')
    expect(report.rejected).toEqual({ 'price is not positive': 1 })
    expect(await bars('30m', 'close')).toEqual(['11.0'])
  })

  it('are taken from the last file that does not contradict itself', async () => {
    const { report, file, bars } = room()
    const bar = (close: string) => `A,2026-01-26 14:30,10,12,9,${close},5`
    const first = file('1.csv', [header, bar('11.1')].join('\n'))
    const second = file('2.csv', [header, bar('11.2'), bar('11.2')].join('\n'))
    const third = file('3.csv', [header, bar('11.3'), bar('11.4')].join('\n'))
    const { rejected } = await report(first, second, third, '--timeframe', '30m')
    expect(rejected).toEqual({
      'contradicts another row of its symbol and time': 2,
      'repeats another row': 1,
      'replaced by a later file': 1,
    })
    expect(await bars('30m', 'close')).toEqual(['11.2'])
  })
})

describe('the rejected rows of Parquet', () => {
  it('are numbered from 1 and show what was given', async () => {
    const { report, parquet } = room()
    const file = await parquet(
      'of.csv',
      `select 'A' as symbol, timestamp '2026-01-26 14:30' + to_minutes(30 * i) as ts, 10 as open, 12 as high, 9 as low,
        if(i = 1, 'infinity', '11')::double as close, null as volume
       from range(3) t(i)`,
    )
    expect(rejects(await report(file, '--timeframe', '30m'))).toEqual([
      '2,,price is not a number,A,2026-01-26 15:00:00,10,12,9,inf,,',
    ])
  })
})

describe('a file without a usable row', () => {
  it('is an error that says why and where the rows are', async () => {
    const { run, file, bars } = room()
    const bad = file('bad.csv', [header, 'A,2026-01-26 14:30,10,12,9,11,-1', `A,,10,12,9,11,5`, `B,,10,12,9,11,5`].join('\n'))
    const { code, out, err } = await run(bad, '--timeframe', '30m')
    expect([code, out]).toEqual([1, ''])
    expect(err).toMatch(/bad.csv: none of 3 rows can be used \(2 × missing time, 1 × volume is negative\); see .*rejects.csv\n$/)
    expect(await bars('30m')).toEqual([])
  })

  it('is an error when it has no rows at all', async () => {
    const { run, file } = room()
    expect(await run(file('none.csv', `${header}\n`), '--timeframe', '30m')).toMatchObject({ code: 1 })
    expect((await run(file('none.csv', `${header}\n`), '--timeframe', '30m')).err).toContain('none.csv: there are no rows')
  })
})
