import { writeFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { rejects, room } from './room.js'

const header = 'symbol,ts,open,high,low,close,volume'
const prices = '10,12,9,11,500'
/** 2026-01-26 14:30 in UTC, in seconds since 1970. */
const seconds = 1_769_437_800

describe('--time-format', () => {
  it.each([
    ['s', `${seconds}`],
    ['s', `${seconds}.0`],
    ['ms', `${seconds}000`],
    ['us', `${seconds}000000`],
    ['ns', `${seconds}000000000`],
    ['%d.%m.%Y %H:%M', '26.01.2026 14:30'],
    ['%m/%d/%Y %I:%M %p', '01/26/2026 02:30 PM'],
    ['%d-%b-%y %H.%M', '26-Jan-26 14.30'],
    ['%Y %j %H:%M', '2026 26 14:30'],
    ['%Y%m%dT%H%M%z', '20260126T1630+0200'],
  ])('%s reads %s', async (format, time) => {
    const { csv, bars } = room()
    await csv([header, `A,${time},${prices}`], '--timeframe', '30m', '--time-format', format)
    expect(await bars('30m', 'bar_at')).toEqual(['2026-01-26 14:30:00'])
  })

  it.each([
    ['s', '2026-01-26 14:30'],
    ['s', '1e300'],
    ['s', '99999999999'],
    ['ms', '-99999999999999'],
    ['%d.%m.%Y %H:%M', '2026-01-26 14:30'],
    ['%d.%m.%Y %H:%M', '31.02.2026 14:30'],
    ['%d.%m.%Y %H:%M', '26.01.2026 14:30 and more'],
    ['%m/%d/%Y %H:%M', '26/01/2026 14:30'],
  ])('%s does not read %s', async (format, time) => {
    const { csv } = room()
    const patterned = format.replace('%d', '26').replace('%m', '01').replace('%Y', '2026').replace('%H:%M', '15:00')
    const usable = { s: `${seconds}`, ms: `${seconds}000` }[format] ?? patterned
    const report = await csv([header, `A,${time},${prices}`, `A,${usable},${prices}`], '--timeframe', '30m', '--time-format', format)
    expect(rejects(report)).toEqual([`1,,time is not understood,A,${time},10,12,9,11,500,`])
  })

  it('without an offset is of the given zone, and a number is an instant whatever the zone', async () => {
    const { csv, bars } = room()
    const zone = ['--timeframe', '30m', '--timezone', 'America/New_York']
    await csv([header, `A,26.01.2026 09:30,${prices}`], ...zone, '--time-format', '%d.%m.%Y %H:%M')
    await csv([header, `B,${seconds},${prices}`], ...zone, '--time-format', 's')
    expect(await bars('30m', 'symbol, bar_at')).toEqual(['A 2026-01-26 14:30:00', 'B 2026-01-26 14:30:00'])
  })

  it('reads a date and a time in two columns as one text', async () => {
    const { csv, bars } = room()
    const lines = ['symbol;date;time;open;high;low;close', 'A;26.01.2026;14:30;10;12;9;11']
    await csv(lines, '--timeframe', '30m', '--time-format', '%d.%m.%Y %H:%M')
    expect(await bars('30m', 'bar_at')).toEqual(['2026-01-26 14:30:00'])
  })

  it('gives a daily bar its date: that of midnight in UTC, or that of the exchange', async () => {
    const { csv, bars } = room()
    const midnight = Date.UTC(2026, 2, 6)
    const evening = Date.UTC(2026, 2, 10, 1)
    await csv([header, `A,${midnight},${prices}`, `A,${evening},${prices}`], '--timeframe', '1d', '--time-format', 'ms')
    expect(await bars('1d', 'session_date')).toEqual(['2026-03-06', '2026-03-09'])
  })

  it('reads whole and broken numbers of Parquet', async () => {
    const { report, parquet, bars } = room()
    const rows = (type: string, symbol: string) => `
      select '${symbol}' as symbol, (${seconds}000 + 1800000 * i)::${type} as ts, 10 as open, 12 as high, 9 as low, 11 as close
      from range(2) t(i)`
    const files = [await parquet('whole.parquet', rows('bigint', 'A')), await parquet('broken.parquet', rows('double', 'B'))]
    await report(...files, '--timeframe', '30m', '--time-format', 'ms')
    const times = ['2026-01-26 14:30:00', '2026-01-26 15:00:00']
    expect(await bars('30m', 'symbol, bar_at')).toEqual(['A', 'B'].flatMap((symbol) => times.map((time) => `${symbol} ${time}`)))
  })

  it.each([
    ['q', '"q" is no format of times'],
    ['S', '"S" is no format of times'],
    ['%Y-%m-%d %q', 'the pattern "%Y-%m-%d %q" has %q, which stands for nothing'],
    ['%H:%M', 'the pattern "%H:%M" has no year'],
    ['%Y %d', 'the pattern "%Y %d" has no month'],
    ['%Y-%m %%d', 'the pattern "%Y-%m %%d" has no day'],
  ])('%s is refused before the store is touched', async (format, what) => {
    const { run, file, store } = room()
    const { code, err } = await run(file('a.csv', `${header}\nA,1,${prices}\n`), '--timeframe', '30m', '--time-format', format)
    expect(code).toBe(2)
    expect(err).toBe(`dgas: --time-format: ${what}; expected s, ms, us or ns since 1970, or a pattern such as %d.%m.%Y %H:%M\n`)
    const { rows } = room()
    expect(await rows(`select count(*) as files from glob('${store.folder}/**')`)).toEqual([{ files: 0 }])
  })
})

describe('numbers in text', () => {
  const cents = (value: number) => (value / 100).toFixed(2)

  it.each([
    ['1010,5', 1010.5, [',']],
    ['1010', 1010, [',']],
    ['1,0105E3', 1010.5, [',']],
    ['1.010,5', 1010.5, [',', '.']],
    ['1 010,5', 1010.5, [',', ' ']],
    ['1.010.000', 1_010_000, [',', '.']],
    ['1,010.5', 1010.5, ['.', ',']],
    ['1010.5', 1010.5, ['.', ',']],
    ["1'010.5", 1010.5, ['.', "'"]],
  ])('%s is %d with %j', async (text, value, [decimal, ...thousands]) => {
    const { csv, bars } = room()
    const options = ['--decimal', decimal, ...thousands.flatMap((sign) => ['--thousands', sign])]
    const line = ['A', '2026-01-26 14:30', text, text, text, text, text].map((field) => `"${field}"`).join(',')
    await csv([header, line], '--timeframe', '30m', ...options)
    expect((await bars('30m', 'open, high, low, close, volume'))[0].split(' ').map(Number)).toEqual([value, value, value, value, value])
  })

  it.each([
    ['1010.5', [',']],
    ['1,5', ['.', ',']],
    ['1,0100', ['.', ',']],
    ['10,10,000', ['.', ',']],
    ['1.0105', [',', '.']],
    ['1,010,5', [',', '.']],
    ['1..010', [',', '.']],
    ['inf', [',']],
    [',', [',']],
  ])('%s is none with %j', async (text, [decimal, ...thousands]) => {
    const { csv } = room()
    const options = ['--decimal', decimal, ...thousands.flatMap((sign) => ['--thousands', sign])]
    const report = await csv([header, `A,2026-01-26 14:30,"${text}",12,9,11,5`, 'A,2026-01-26 15:00,10,12,9,11,5'], '--timeframe', '30m', ...options)
    expect(report.rejected).toEqual({ 'price is not a number': 1 })
  })

  it('that a country writes are those that were meant', async () => {
    const locales = [['de-DE', ',', '.'], ['en-US', '.', ',']] as const
    await fc.assert(fc.asyncProperty(
      fc.constantFrom(...locales),
      fc.array(fc.integer({ min: 1, max: 10 ** 12 }), { minLength: 1, maxLength: 5 }),
      async ([locale, decimal, thousands], values) => {
        const { csv, bars } = room()
        const shown = new Intl.NumberFormat(locale, { minimumFractionDigits: 2, useGrouping: 'always' })
        const lines = values.map((value, i) => `"S${i}",2026-01-26 14:30,${`"${shown.format(value / 100)}",`.repeat(4)}1`)
        await csv([header, ...lines], '--timeframe', '30m', '--decimal', decimal, '--thousands', thousands)
        expect((await bars('30m', 'close')).map((close) => cents(Number(close) * 100))).toEqual(values.map(cents))
      },
    ), { numRuns: 15 })
  })

  it('cannot have one sign for two things', async () => {
    const { run, file } = room()
    const { code, err } = await run(file('a.csv', header), '--timeframe', '30m', '--decimal', ',', '--thousands', ',')
    expect([code, err]).toEqual([2, 'dgas: --thousands: "," cannot stand before the fraction and between thousands; expected another sign than that of --decimal\n'])
  })
})

describe('a file whose form is not that which is expected', () => {
  it.each([
    ['A,26.01.2026 14:30,10,12,9,11,5', 'times such as 2026-01-26 14:30, or their --time-format'],
    ['A;2026-01-26 14:30;10,5;12;9;11;5', 'prices such as 1234.56, or their --decimal and --thousands'],
    ['A,2026-01-26 09:30,10,12,9,11,5', 'times in UTC, or their --timezone; or another --exchange'],
  ])('names the option that may mend %s', async (line, expected) => {
    const { run, file } = room()
    const { code, err } = await run(file('a.csv', `${line.includes(';') ? header.replaceAll(',', ';') : header}\n${line}\n`), '--timeframe', '30m')
    expect([code, err.split('; expected ')[1]]).toEqual([1, `${expected}\n`])
  })

  it.each(['utf16le', 'utf16be'] as const)('is named when it is %s', async (encoding) => {
    const { run, file } = room()
    const path = file('a.csv', '')
    const bytes = Buffer.from(`\ufeff${header}\nA,2026-01-26 14:30,${prices}\n`, 'utf16le')
    writeFileSync(path, encoding === 'utf16le' ? bytes : bytes.swap16())
    const { code, err } = await run(path, '--timeframe', '30m')
    expect([code, err]).toEqual([2, `dgas: ${path}: this is text in UTF-16; expected text in UTF-8, or Parquet\n`])
  })

  it('says which option says nothing about instruments', async () => {
    const { run, file } = room()
    const { code, err } = await run(file('a.csv', 'symbol\nA\n'), '--instruments', '--time-format', 's')
    expect([code, err]).toEqual([2, 'dgas: --instruments: --time-format says nothing about instruments\n'])
  })
})
