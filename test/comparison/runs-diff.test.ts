import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { RunComparison } from '../../src/comparison/compare.js'
import { firstDifferentLine } from '../../src/comparison/facts.js'
import { openDatabase } from '../../src/database/database.js'
import { literal } from '../../src/database/quote.js'
import type { RunRecord } from '../../src/report/record.js'
import { runParts, runFolder } from '../../src/store/runs.js'
import { testStore, type TestStore } from '../backtest/store.js'

let store: TestStore
beforeAll(async () => {
  store = await testStore(4, '2026-01-02', '2026-02-13')
  await store.backtest('--strategy', 'pldot_cross', '--run-id', 'plain')
})
afterAll(() => store.remove())

async function diff(a: string, b: string): Promise<{ code: number; found: RunComparison }> {
  const { code, out } = await store.dgas('runs', 'diff', a, b, '--json')
  return { code, found: JSON.parse(out) as RunComparison }
}

/** Runs `plain` again under another name and changes its trades by a query over them. */
async function doctored(id: string, sql: string): Promise<void> {
  await store.backtest('--strategy', 'pldot_cross', '--run-id', id)
  const [file] = runParts(runFolder(join(store.folder, 'runs'), id), 'trades')
  const database = await openDatabase({ threads: 1 })
  await database.run(`create table trades as from read_parquet(${literal(file)})`)
  await database.run(`copy (${sql}) to ${literal(file)} (format parquet)`)
  database.close()
}

function trades({ relations }: RunComparison) {
  return relations.find(({ relation }) => relation === 'trades')!
}

it('finds runs of the same inputs equal, however they were cut into batches', async () => {
  await store.backtest('--strategy', 'pldot_cross', '--run-id', 'cut', '--batch-bars', '300', '--threads', '1')
  const { code, found } = await diff('plain', 'cut')
  expect([code, found.is_equal, found.strategy]).toEqual([0, true, null])
  // as many as suit the machine
  const { configuration: { batchBars } } = JSON.parse(readFileSync(join(store.folder, 'runs/plain/run.json'), 'utf8')) as RunRecord
  expect(batchBars).toBeGreaterThan(300)
  expect(found.facts).toEqual([{ name: 'configuration.batchBars', a: String(batchBars), b: '300', matters: false }])
  expect(trades(found).rows_a).toBeGreaterThan(50)
})

describe('finds in the trades', () => {
  it('a field that was changed, by no more than its last bit', async () => {
    await doctored('bit', 'select * replace (if(row_number() over () = 7, exit_price * (1 + 2.3e-16), exit_price) as exit_price) from trades')
    const { code, found } = await diff('plain', 'bit')
    expect(code).toBe(1)
    const { changed, only_a, only_b, fields, first } = trades(found)
    expect([changed, only_a, only_b, fields]).toEqual([1, 0, 0, { exit_price: 1 }])
    expect(first).toMatchObject([{ kind: 'changed', changes: [{ field: 'exit_price' }] }])
  })

  it('one that is missing, and one that is there twice', async () => {
    await doctored('less', 'from trades offset 1')
    await doctored('twice', 'from trades union all (from trades limit 1)')
    expect(trades((await diff('plain', 'less')).found)).toMatchObject({ only_a: 1, only_b: 0, changed: 0, first: [{ kind: 'only_a', changes: [] }] })
    expect(trades((await diff('plain', 'twice')).found)).toMatchObject({ only_a: 0, only_b: 1, changed: 0, first: [{ kind: 'only_b' }] })
  })

  it('a value that is missing in one of them', async () => {
    await doctored('null', 'select * replace (if(row_number() over () = 1, null, net_profit) as net_profit) from trades')
    expect(trades((await diff('plain', 'null')).found).first[0].changes).toMatchObject([{ field: 'net_profit', b: null }])
  })
})

it('finds what was configured differently, and its consequences', async () => {
  await store.backtest('--strategy', 'pldot_cross', '--run-id', 'slipping', '--slippage-bps', '2')
  const { code, out, err } = await store.dgas('runs', 'diff', 'plain', 'slipping', '--rows', '1')
  expect([code, err]).toEqual([1, 'dgas: the runs plain and slipping differ\n'])
  expect(out).toMatch(/^configuration\.rules\.slippage_bps +0 +2$/m)
  expect(out).toMatch(/^trades +\d+ +\d+ +0 +0 +\d+ +\w+ \d+, /m)
  expect(out).toMatch(/^equity .*: cash [\d.]+ → [\d.]+/m)
  expect(out.match(/^trades .* → /gm)).toHaveLength(1)
})

it('finds the line in which strategies differ', async () => {
  const own = store.file('own.sql', readFileSync('sql/strategies/pldot_cross.sql', 'utf8').replace(/$/, '-- mine\n'))
  await store.backtest('--strategy', own, '--run-id', 'own')
  const { code, found } = await diff('plain', 'own')
  expect(code).toBe(1)
  expect(found.strategy).toMatchObject({ b: '-- mine' })
  expect(found.facts.map(({ name }) => name)).toContain('strategy_hash')
  expect(trades(found)).toMatchObject({ only_a: 0, only_b: 0, changed: 0 })
})

it('tells lines apart', () => {
  expect(firstDifferentLine('a\nb', 'a\nb')).toBeNull()
  expect(firstDifferentLine('a\nb', 'a\nc')).toEqual({ line: 2, a: 'b', b: 'c' })
  expect(firstDifferentLine('a', 'a\nc')).toEqual({ line: 2, a: null, b: 'c' })
})

it('compares other data and runs that were not finished too', async () => {
  await store.backtest('--strategy', 'pldot_cross', '--run-id', 'other')
  const file = join(store.folder, 'runs/other/run.json')
  writeFileSync(file, readFileSync(file, 'utf8').replace('"completed"', '"running"').replace(/("data_fingerprint": ")./, '$1-'))
  const { found } = await diff('plain', 'other')
  expect(found.facts.map(({ name }) => name)).toEqual(['status', 'data_fingerprint'])
})

it('names a run that there is not', async () => {
  const { code, err } = await store.dgas('runs', 'diff', 'plain', 'plane')
  expect([code, err]).toEqual([2, expect.stringContaining('there is no run "plane"')])
})
