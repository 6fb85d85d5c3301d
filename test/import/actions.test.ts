import { existsSync, readdirSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { actionsSql } from '../../src/store/corporate-actions.js'
import { rejects, room, runCommand, type Room } from './room.js'

const header = 'symbol,ex_date,kind,value'

describe('corporate actions', () => {
  it.each([
    ['plain names', header],
    ['other names', 'Ticker;Ex-Date;Action;Amount'.replaceAll(';', ',')],
  ])('are read from columns with %s', async (_, names) => {
    const given = room()
    const report = await given.csv([names, 'B,2020-08-31,Split,4', 'A,2020-02-07,dividend,0.77'], '--actions')
    expect(report).toMatchObject({ kind: 'actions', rows_read: 2, rows_written: 2, rows_replaced: 0, symbols: 2 })
    expect(await stored(given)).toEqual(['A 2020-02-07 dividend 0.77', 'B 2020-08-31 split 4.0'])
  })

  it('are read from Parquet with dates or times', async () => {
    const given = room()
    const rows = [`date '2014-06-09' as ex_date, 7::bigint as value`, `timestamp '2014-06-10 00:00:00' as ex_date, 2.5 as value`]
    for (const [index, row] of rows.entries()) {
      await given.report(await given.parquet(`a${index}.parquet`, `select 'A' as symbol, 'split' as kind, ${row}`), '--actions')
    }
    expect(await stored(given)).toEqual(['A 2014-06-09 split 7.0', 'A 2014-06-10 split 2.5'])
  })

  it('replace what was stored for their symbol, date and kind', async () => {
    const given = room()
    await given.csv([header, 'A,2020-01-02,dividend,1', 'A,2020-01-02,split,2', 'B,2020-01-02,dividend,1'], '--actions')
    const report = await given.csv([header, 'A,2020-01-02,dividend,1.5', 'A,2020-01-03,dividend,1'], '--actions')
    expect(report).toMatchObject({ rows_written: 2, rows_replaced: 1, symbols: 1 })
    expect(await stored(given)).toEqual([
      ...['A 2020-01-02 dividend 1.5', 'A 2020-01-02 split 2.0', 'A 2020-01-03 dividend 1.0', 'B 2020-01-02 dividend 1.0'],
    ])
    expect(readdirSync(given.store.folder).filter((name) => name.startsWith('actions'))).toEqual(['actions.parquet'])
  })

  it('are rejected with the reason, and listed with what was given', async () => {
    const given = room()
    const lines = [
      ...[',2020-01-02,split,2', 'A,,split,2', 'A,2020-02-30,split,2', 'A,2020-01-02,,2', 'A,2020-01-02,merger,2'],
      ...['A,2020-01-02,split,', 'A,2020-01-02,split,0', 'A,2020-01-02,dividend,x', 'B,2020-01-02,split,2', 'B,2020-01-02,SPLIT,2'],
      ...['C,2020-01-02,split,2', 'C,2020-01-02,split,3', 'D,2020-01-02,split', 'E,2020-01-02,split,2'],
    ]
    const report = await given.csv([header, ...lines], '--actions')
    expect(report).toMatchObject({ rows_read: 14, rows_written: 2, rows_rejected: 12 })
    expect(report.rejected).toEqual({
      'contradicts another row of its symbol, ex_date and kind': 2,
      'value is not a number above 0': 2,
      'ex_date is no date': 1,
      'kind is neither split nor dividend': 1,
      'malformed line: missing columns': 1,
      'missing ex_date': 1,
      'missing kind': 1,
      'missing symbol': 1,
      'missing value': 1,
      'repeats another row': 1,
    })
    expect(rejects(report)).toContain('3,,ex_date is no date,A,2020-02-30,split,2.0,')
    expect(await stored(given)).toEqual(['B 2020-01-02 split 2.0', 'E 2020-01-02 split 2.0'])
  })

  it.each([
    [['symbol,kind,value', 'A,split,2'], [], 'no column for ex_date among symbol, kind, value'],
    [[header, 'A,2020-01-02,split,2'], ['--timeframe', '1d'], '--actions: --timeframe says nothing about actions'],
    [[header, 'A,2020-01-02,split,2'], ['--instruments'], '--instruments: --actions says nothing about instruments'],
  ])('are not read from %s with %s', async (lines, options, text) => {
    const given = room()
    const { code, err } = await given.run(given.file('a.csv', lines.join('\n')), '--actions', ...options)
    expect([code, err]).toEqual([2, expect.stringContaining(text)])
    expect(existsSync(resolve(given.store.folder, 'actions.parquet'))).toBe(false)
  })

  it('are a relation of queries, empty and typed without any', async () => {
    const given = room()
    const bars = ['symbol,date,open,high,low,close', 'A,2020-01-02,1,1,1,1']
    await given.csv(bars, '--timeframe', '1d')
    const query = async (sql: string) => {
      const { out, err } = await runCommand('--store', given.store.folder, 'query', sql, '--format', 'csv')
      return out + err
    }
    expect(await query('select column_name, column_type from (describe corporate_actions)')).toContain(
      'symbol,VARCHAR\nex_date,DATE\nkind,VARCHAR\nvalue,DOUBLE\n',
    )
    expect(await query('select count(*) as rows from corporate_actions')).toContain('rows\n0\n')
    await given.csv([header, 'A,2020-01-02,split,2'], '--actions')
    expect(await query('select * from corporate_actions')).toContain('A,2020-01-02,split,2')
  })
})

const real = resolve(import.meta.dirname, '../../../shared/data/corporate_actions_1999_2021.parquet')

it.skipIf(!existsSync(real))('brings in the actions of two decades', async () => {
  const given = room()
  const report = await given.report(real, '--actions')
  expect(report).toMatchObject({ rows_read: 28_202, rows_rejected: 0 })
  const apple = ((await stored(given)) as string[]).filter((line) => line.startsWith('AAPL ') && line.includes('split'))
  expect(apple).toEqual(expect.arrayContaining(['AAPL 2005-02-28 split 2.0', 'AAPL 2020-08-31 split 4.0']))
})

async function stored({ rows, store }: Room): Promise<unknown[]> {
  const found = await rows(`
    select concat_ws(' ', symbol, ex_date, kind, value) as line from (${actionsSql(store)}) order by symbol, ex_date, kind`)
  return found.map(({ line }) => line)
}
