import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { room } from './room.js'

const data = resolve(import.meta.dirname, '../../../shared/data')

describe.skipIf(!existsSync(data))('real files', () => {
  it('of 500 symbols are imported whole', async () => {
    const report = await room().report(`${data}/sp500_30m_2026.parquet`, '--timeframe', '30m')
    expect(report).toMatchObject({ rows_read: 661_852, rows_written: 661_852, rejected: {}, symbols: 500 })
    expect(report.bars).toMatchObject({ first_session: '2026-01-26', last_session: '2026-06-22', without_volume: 0 })
  })

  it('from Kaggle lose the rows that are known to be wrong, and no other', async () => {
    const report = await room().report(`${data}/raw/all_stocks_5yr.csv`, '--timeframe', '1d')
    expect(report).toMatchObject({ rows_read: 619_040, rows_written: 619_017, symbols: 505 })
    expect(report.rejected).toEqual({
      'missing price': 11,
      'open or close outside low to high': 11,
      'high below low': 1,
    })
  })

  it('from Stooq in the time of Warsaw open at the same instants as ours', async () => {
    const { report, bars, rows } = room()
    const { symbols } = await report(`${data}/raw/stooq_5m/de.us.txt`, '--timeframe', '5m', '--timezone', 'Europe/Warsaw')
    const ours = await rows(`
      select concat_ws(' ', ts, open, high, low, close) as bar
      from '${data}/sp500_5m_2026.parquet' where symbol = 'DE' order by ts`)
    expect(symbols).toBe(1)
    expect(await bars('5m', 'bar_at, open, high, low, close')).toEqual(ours.map(({ bar }) => bar))
  })

  it('from Interactive Brokers keep the regular session only', async () => {
    const file = `${data}/raw/ibkr_5m/SPY_5min.csv`
    const report = await room().report(file, '--timeframe', '5m', '--timezone', 'America/New_York', '--symbol', 'SPY')
    expect(report).toMatchObject({ rows_read: 17_463, rejected: { 'outside the regular session': 1252 } })
  })

  it('say what 1,096 instruments are', async () => {
    const report = await room().report(`${data}/universe_2026.csv`, '--instruments')
    expect(report).toMatchObject({ rows_read: 1096, rows_written: 1096 })
  })
})
