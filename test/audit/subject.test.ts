import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { auditSubject, type SubjectReport } from '../../src/audit/audit-subject.js'
import { modelSubject } from '../../src/audit/subject.js'
import { backtestConfig } from '../../src/backtest/config.js'
import { sourceFiles } from '../../src/backtest/source-files.js'
import { openDatabase } from '../../src/database/database.js'
import { storedSymbols, type Store } from '../../src/store/layout.js'
import { writeSample } from '../../src/store/sample.js'
import { parseTimeframe } from '../../src/store/timeframe.js'

const store: Store = { folder: mkdtempSync(join(tmpdir(), 'dgas-audit-')), isSample: true }

beforeAll(async () => {
  const database = await openDatabase({ threads: 1 })
  await writeSample(database, store.folder, { symbols: 24, from: '2026-01-02', to: '2026-02-13' })
  database.close()
})
afterAll(() => rmSync(store.folder, { recursive: true }))

const past = 'partition by symbol order by bar_at rows between 40 preceding and current row'

describe('the audit of a model', () => {
  const honest: [what: string, column: string][] = [
    ['a level of the past', `max(high) over (${past})`],
    ['an exact sum', `sum(close::decimal(18, 2)) over (${past})::double`],
    ['a list', `list(low) over (partition by symbol order by bar_at rows 2 preceding)`],
    ['nulls only', 'null::double'],
  ]
  it.each(honest)('passes %s', async (_, column) => {
    const { differences, rows, cuts, columns } = await auditModel(column)
    expect(differences).toEqual([])
    expect(columns).toBe(3)
    expect(cuts).toHaveLength(4)
    expect(rows).toBeGreaterThan(10_000)
  })

  const wrong: [what: string, column: string][] = [
    ['the next bar', 'lead(low) over (partition by symbol order by bar_at)'],
    ['the next bar within a list', 'list(low) over (partition by symbol order by bar_at rows between 1 preceding and 1 following)'],
    ['the last digits of a sum that depend on how many bars there are', `sum(ln(close)) over (${past})`],
    ['other symbols at the same time', 'max(close) over (partition by bar_at)'],
    ['how many bars there are', 'count(*) over ()'],
  ]
  it.each(wrong)('catches %s', async (_, column) => {
    const { differences } = await auditModel(column)
    expect(differences.map((difference) => difference.column)).toEqual(['audited'])
  })

  it('says where the first difference is', async () => {
    const { differences: [first], cuts } = await auditModel('lead(close) over (partition by symbol order by bar_at)')
    const [symbol] = storedSymbols(store, '30m')
    expect(first).toMatchObject({ symbol, cut: cuts[0], later: 'removed', other_value: null, differing: 2 * 4 * 24 })
    expect(Date.parse(`${first.cut}Z`) - Date.parse(`${first.bar_at}Z`)).toBe(30 * 60_000)
    const database = await openDatabase({ threads: 1 })
    const [{ close }] = await database.rows<{ close: number }>(`
      select close from read_parquet('${store.folder}/bars/timeframe=30m/*/*.parquet')
      where symbol = '${symbol}' and bar_at = timestamp '${first.cut}'`)
    database.close()
    expect(Number(first.whole_value)).toBe(close)
  })
})

/** Audits a model of one column. */
async function auditModel(column: string): Promise<SubjectReport> {
  const database = await openDatabase({ threads: 1 })
  const files = sourceFiles(store, parseTimeframe('30m'))
  const subject = modelSubject('bars', backtestConfig({ timeframe: '30m' }, [...files.keys()]), files)
  const report = await auditSubject(database, {
    ...subject,
    relation: 'model',
    prepare: async () => {
      await subject.prepare(database)
      await database.run(`create view model as select symbol, bar_at, ${column} as audited from bars`)
    },
  }, { store, files, symbols: storedSymbols(store, '30m'), cuts: 4 })
  database.close()
  return report
}
