import { describe, expect, it } from 'vitest'
import { instrumentsSql } from '../../src/store/instruments.js'
import { rejects, room, type Room } from './room.js'

describe('instruments', () => {
  it.each([
    ['plain names', 'symbol,name,exchange,sector,industry'],
    ['those of the S&P 500 list', 'Symbol,Security,Exchange,GICS Sector,GICS Sub-Industry'],
    ['those of the 2026 universe', 'symbol,name,stooq_exchange,gics_sector,gics_sub_industry'],
  ])('are read from columns with %s', async (_, header) => {
    const given = room()
    const report = await given.csv([header, 'A,"Alpha, Inc.",XNYS,Energy,Oil', 'B,,, ,'], '--instruments')
    expect(report).toMatchObject({ kind: 'instruments', rows_read: 2, rows_written: 2, rows_replaced: 0, symbols: 2 })
    expect(await stored(given)).toEqual(['A|Alpha, Inc.|XNYS|Energy|Oil', 'B|-|-|-|-'])
  })

  it('are read from Parquet, and other columns do not matter', async () => {
    const given = room()
    const file = await given.parquet('i.parquet', `select 7203 as ticker, 'Cars' as sector, 5 as rank`)
    await given.report(file, '--instruments')
    expect(await stored(given)).toEqual(['7203|-|-|Cars|-'])
  })

  it('replace what was stored, except by what they do not say', async () => {
    const given = room()
    await given.csv(['symbol,name,sector', 'A,Alpha,Energy', 'B,Beta,Energy'], '--instruments')
    const report = await given.csv(['symbol,name,industry', 'A,,Oil', 'C,Gamma,Gas'], '--instruments')
    expect(report).toMatchObject({ rows_written: 2, rows_replaced: 1 })
    expect(await stored(given)).toEqual(['A|Alpha|-|Energy|Oil', 'B|Beta|-|Energy|-', 'C|Gamma|-|-|Gas'])
  })

  it('are rejected without a symbol, malformed, repeated or contradicted', async () => {
    const given = room()
    const lines = ['A,Alpha', 'D,Delta,4', ',Nobody', 'B,Beta', 'A,Alpha', 'C,Gamma', 'B,Bravo']
    const report = await given.csv(['symbol,name', ...lines], '--instruments')
    expect(report).toMatchObject({ rows_read: 7, rows_written: 2, rows_rejected: 5 })
    expect(report.rejected).toEqual({
      'contradicts another row of its symbol': 2,
      'malformed line: too many columns': 1,
      'missing symbol': 1,
      'repeats another row': 1,
    })
    expect(rejects(report).slice(0, 2)).toEqual([expect.stringMatching(/^2,3,malformed line/), '3,,missing symbol,,Nobody,,,,'])
    expect(await stored(given)).toEqual(['A|Alpha|-|-|-', 'C|Gamma|-|-|-'])
  })

  it('without a usable row are an error and change nothing', async () => {
    const given = room()
    await given.csv(['symbol,name', 'A,Alpha'], '--instruments')
    const { code, err } = await given.run(given.file('bad.csv', 'symbol,name\n,Beta\n'), '--instruments')
    expect([code, err]).toEqual([1, expect.stringContaining('none of 1 row can be used (1 × missing symbol)')])
    expect(await stored(given)).toEqual(['A|Alpha|-|-|-'])
  })

  it.each([
    [['symbol,weight', 'A,1'], [], 'there is nothing about the symbols; expected a column name, exchange, sector or industry'],
    [['symbl,name', 'A,Alpha'], [], 'no column for symbol among symbl, name; expected symbol or ticker (did you mean symbl?)'],
    [['symbol,name', 'A,Alpha'], ['--timeframe', '1d'], '--instruments: --timeframe says nothing about instruments'],
  ])('are not read from %s with %s', async (lines, options, text) => {
    const { run, file } = room()
    const { code, err } = await run(file('i.csv', lines.join('\n')), '--instruments', ...options)
    expect([code, err]).toEqual([2, expect.stringContaining(text)])
  })
})

async function stored({ rows, store }: Room): Promise<unknown[]> {
  const columns = ['symbol', 'name', 'exchange', 'sector', 'industry'].map((name) => `coalesce(${name}, '-')`)
  const found = await rows(`select concat_ws('|', ${columns.join(', ')}) as line from (${instrumentsSql(store)}) order by symbol`)
  return found.map(({ line }) => line)
}
