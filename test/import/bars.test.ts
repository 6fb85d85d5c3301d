import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { room } from './room.js'

const header = 'symbol,ts,open,high,low,close,volume'
const prices = '10,12,9,11,500'
const times = 'bar_at, closed_at, session_date'

describe('a bar within a session', () => {
  it('opens at an instant in UTC and closes with its bucket, at the latest with the session', async () => {
    const { csv, bars } = room()
    await csv([header, `A,2026-03-06 14:30,${prices}`, `A,2026-03-06 20:30,${prices}`], '--timeframe', '2h')
    expect(await bars('2h', `exchange, ${times}`)).toEqual([
      'XNYS 2026-03-06 14:30:00 2026-03-06 16:30:00 2026-03-06',
      'XNYS 2026-03-06 20:30:00 2026-03-06 21:00:00 2026-03-06',
    ])
  })

  it('follows the summer time of its exchange', async () => {
    const { csv, bars } = room()
    const lines = [header, `A,2026-03-06 14:30,${prices}`, `A,2026-03-09 13:30,${prices}`, `A,2026-03-09 14:30,${prices}`]
    await csv(lines, '--timeframe', '4h')
    expect(await bars('4h', 'bar_at')).toEqual(['2026-03-06 14:30:00', '2026-03-09 13:30:00'])
  })

  it.each([
    ['2026-01-26T14:30:00Z'],
    ['2026-01-26 14:30 UTC'],
    ['2026-01-26 09:30:00-05:00'],
    ['2026-01-26T16:30+0200'],
    ['2026-01-26 14:30:00.000000'],
    ['20260126 143000'],
    ['2026/01/26 14:30'],
  ])('may be given at %s', async (time) => {
    const { csv, bars } = room()
    await csv([header, `A,${time},${prices}`], '--timeframe', '30m')
    expect(await bars('30m', 'bar_at')).toEqual(['2026-01-26 14:30:00'])
  })

  it('may be given in local time, where an offset still counts', async () => {
    const { csv, bars } = room()
    const lines = [header, `A,2026-03-09 14:30,${prices}`, `A,2026-03-10 14:30Z,${prices}`]
    await csv(lines, '--timeframe', '30m', '--timezone', 'europe/warsaw')
    expect(await bars('30m', 'bar_at')).toEqual(['2026-03-09 13:30:00', '2026-03-10 14:30:00'])
  })

  it('belongs to the session of its exchange', async () => {
    const { csv, bars, store } = room()
    const calendar = { timezone: 'Asia/Tokyo', opens: '09:00', closes: '15:30', weekdays: [1, 2, 3, 4, 5] }
    mkdirSync(join(store.folder, 'calendars'), { recursive: true })
    writeFileSync(join(store.folder, 'calendars', 'XTKS.json'), JSON.stringify(calendar))
    const lines = [header, `7203,2026-01-26 00:00,${prices}`, `7203,2026-01-26 06:00,${prices}`]
    await csv(lines, '--timeframe', '1h', '--exchange', 'XTKS')
    expect(await bars('1h', `symbol, exchange, ${times}`)).toEqual([
      '7203 XTKS 2026-01-26 00:00:00 2026-01-26 01:00:00 2026-01-26',
      '7203 XTKS 2026-01-26 06:00:00 2026-01-26 06:30:00 2026-01-26',
    ])
  })

  it('of a market that never closes may open at any hour of any day', async () => {
    const { csv, bars } = room()
    const lines = [header, `BTC,2026-01-24 00:00,${prices}`, `BTC,2026-01-25 20:00,${prices}`]
    await csv(lines, '--timeframe', '4h', '--exchange', '24/7')
    expect(await bars('4h', times)).toEqual([
      '2026-01-24 00:00:00 2026-01-24 04:00:00 2026-01-24',
      '2026-01-25 20:00:00 2026-01-26 00:00:00 2026-01-25',
    ])
  })
})

describe('a bar of a day or more', () => {
  it.each([
    ['2026-03-06'],
    ['20260306'],
    ['2026-03-06 00:00:00'],
    ['2026-03-06T00:00:00Z'],
    ['2026-03-06 00:00:00-05:00'],
    ['2026-03-06 21:00:00'],
    ['2026-03-07 00:59:00+00'],
  ])('is labelled with the date of %s', async (time) => {
    const { csv, bars } = room()
    await csv([header, `A,${time},${prices}`], '--timeframe', '1d')
    expect(await bars('1d', times)).toEqual(['2026-03-06 00:00:00 2026-03-06 21:00:00 2026-03-06'])
  })

  it.each([
    ['1w', '2026-03-12', '2026-03-09 00:00:00 2026-03-13 20:00:00 2026-03-09'],
    ['1mo', '2026-02-28', '2026-02-02 00:00:00 2026-02-27 21:00:00 2026-02-02'],
    ['1q', '2026-01-01', '2026-01-01 00:00:00 2026-03-31 20:00:00 2026-01-01'],
    ['1y', '2023-12-31', '2023-01-02 00:00:00 2023-12-29 21:00:00 2023-01-02'],
  ])('of %s at %s spans its calendar period', async (timeframe, date, bar) => {
    const { csv, bars } = room()
    await csv([header, `A,${date},${prices}`], '--timeframe', timeframe)
    expect(await bars(timeframe, times)).toEqual([bar])
  })
})

describe('a file', () => {
  it.each([
    ['Stooq', ['<TICKER>,<PER>,<DATE>,<TIME>,<OPEN>,<HIGH>,<LOW>,<CLOSE>,<VOL>', 'A,5,20260126,143000,10,12,9,11,0.5']],
    ['Kaggle', ['date,open,high,low,close,volume,Name', '2026-01-26 14:30,10,12,9,11,0.5,A']],
    ['one-letter names', ['t;Ticker;DateTime;o;h;l;c;v', '7;A;2026-01-26 14:30;10;12;9;11;0.5']],
    ['a name beside the symbol', ['Name\tSymbol\tts\tOpen\tHigh\tLow\tClose\tVolume', 'Al\tA\t2026-01-26 14:30\t10\t12\t9\t11\t0.5']],
    ['quotes', ['"symbol","Time","open","high","low","close","volume"', '"A","2026-01-26 14:30","10","12","9","11","0.5"']],
    ['adjusted prices', ['symbol,ts,open,high,low,close,adj close,volume', 'A,2026-01-26 14:30,10,12,9,11,5.5,0.5']],
  ])('may have the columns of %s', async (_, lines) => {
    const { csv, bars } = room()
    await csv(lines, '--timeframe', '5m')
    expect(await bars('5m')).toEqual(['A 2026-01-26 14:30:00 10.0 12.0 9.0 11.0 0.5'])
  })

  it('without symbols has the one that is given', async () => {
    const { csv, bars } = room()
    await csv(['ts,open,high,low,close', '2026-01-26 14:30,10,12,9,11'], '--timeframe', '30m', '--symbol', `O'K`)
    expect(await bars('30m')).toEqual([`O'K 2026-01-26 14:30:00 10.0 12.0 9.0 11.0`])
  })

  it('may be Parquet with other types, whatever its name', async () => {
    const { report, parquet, bars } = room()
    const file = await parquet(
      'bars.csv',
      `select * from (values
        ('A', timestamptz '2026-01-26 15:30:00+01', 10::decimal(9, 2), 12::float, 9::smallint, 11::bigint, 'nan'::double),
        ('A', timestamptz '2026-01-26 15:00:00Z', 10, 12, 9, 11, 7)) as t(symbol, ts, open, high, low, close, volume)`,
    )
    expect(await report(file, '--timeframe', '30m')).toMatchObject({ rows_read: 2, bars: { without_volume: 1 } })
    expect(await bars('30m')).toEqual(['A 2026-01-26 14:30:00 10.0 12.0 9.0 11.0', 'A 2026-01-26 15:00:00 10.0 12.0 9.0 11.0 7.0'])
  })

  it.each(['timestamp_ns', 'timestamp_s', 'timestamp_ms', 'timestamp', 'varchar'])('may have times as %s', async (type) => {
    const { report, parquet, bars } = room()
    const columns = `'A' as symbol, '2026-01-26 14:30:00'::${type} as ts, 10 as open, 12 as high, 9 as low, 11 as close`
    await report(await parquet('bars.parquet', `select ${columns}`), '--timeframe', '30m')
    expect(await bars('30m', 'bar_at')).toEqual(['2026-01-26 14:30:00'])
  })

  it('keeps every bit of a number', async () => {
    const { csv, bars } = room()
    await csv([header, 'A,2026-01-26 14:30,0.1,1234567.25,0.1,0.30000000000000004,1e-3'], '--timeframe', '30m')
    expect(await bars('30m')).toEqual(['A 2026-01-26 14:30:00 0.1 1234567.25 0.1 0.30000000000000004 0.001'])
  })
})

describe('bars without a volume', () => {
  it('are kept, and their volume stays missing', async () => {
    const { csv, bars } = room()
    const report = await csv([header, 'A,2026-01-26,10,12,9,11,', 'A,2026-01-27,10,12,9,11,0'], '--timeframe', '1d')
    expect(report.bars?.without_volume).toBe(1)
    expect(await bars('1d', 'session_date, volume is null, volume')).toEqual(['2026-01-26 true', '2026-01-27 false 0.0'])
  })
})

describe('a bar may be of any year from 1800 to 2199', () => {
  // the sessions of unusual years are made only when there is a bar of them
  it.each(['1w', '1y'])('and those of usual years are the same beside it, as %s', async (timeframe) => {
    const usual = ['1960-01-01', '2039-12-30'].map((date) => `U,${date},${prices}`)
    const others = ['1800-01-02', '1929-10-29', '1959-12-31', '2040-01-03', '2199-12-31'].map((date) => `A,${date},${prices}`)
    const [alone, beside] = [room(), room()]
    await alone.csv([header, ...usual], '--timeframe', timeframe)
    await beside.csv([header, ...others, ...usual], '--timeframe', timeframe)
    const bars = await beside.bars(timeframe, `symbol, ${times}`)
    expect(bars.filter((bar) => bar.startsWith('U'))).toEqual(await alone.bars(timeframe, `symbol, ${times}`))
    expect(bars).toHaveLength(7)
  })

  it('within a session, on the clock of its exchange', async () => {
    const { csv, bars } = room()
    const lines = ['1929-10-29 14:30', '1959-12-31 14:30', '2039-12-30 14:30', '2199-12-31 14:30']
    await csv([header, ...lines.map((time) => `A,${time},${prices}`)], '--timeframe', '30m')
    expect(await bars('30m', times)).toEqual([
      '1929-10-29 14:30:00 1929-10-29 15:00:00 1929-10-29',
      '1959-12-31 14:30:00 1959-12-31 15:00:00 1959-12-31',
      '2039-12-30 14:30:00 2039-12-30 15:00:00 2039-12-30',
      '2199-12-31 14:30:00 2199-12-31 15:00:00 2199-12-31',
    ])
  })

  it('and a file that is read once more for it loses nothing, and tells nothing twice', async () => {
    const { file, report, bars } = room()
    const one = file('one.csv', [header, `A,2026-01-26,${prices}`].join('\n'))
    const two = file('two.csv', [header, `A,1929-10-29,${prices}`, 'A,1929-10-30,1', `A,1929-10-27,${prices}`, `B,2026-01-26,${prices}`].join('\n'))
    const three = file('three.csv', [header, 'C,2026-01-26', `C,2026-01-27,${prices}`].join('\n'))
    expect(await report(one, two, three, '--timeframe', '1d')).toMatchObject({ rows_read: 7, rows_written: 4, rows_rejected: 3 })
    expect(await bars('1d', 'symbol, bar_at')).toEqual([
      'A 1929-10-29 00:00:00', 'A 2026-01-26 00:00:00', 'B 2026-01-26 00:00:00', 'C 2026-01-27 00:00:00',
    ])
  })

  it.each(['1799-12-31', '2200-01-02'])('and not of another one: %s', async (date) => {
    const { csv } = room()
    expect(await csv([header, `A,${date},${prices}`, `A,2026-01-26,${prices}`], '--timeframe', '1d')).toMatchObject({ rows_written: 1, rows_rejected: 1 })
  })
})
