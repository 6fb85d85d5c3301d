import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openDatabase, type Database } from '../../src/database/database.js'
import { declineReasons } from '../../src/rows.js'
import { rules, type Spec } from '../../src/simulation/rules.js'
import { run } from '../cli/run.js'
import type { TestBar, TestSignal } from '../simulation/market.js'
import { naive } from '../simulation/naive.js'

const file = resolve(import.meta.dirname, '../../../shared/data/sp500_30m_2026.parquet')
const store = mkdtempSync(join(tmpdir(), 'dgas-naive-'))

describe.skipIf(!existsSync(file))('pldot_cross on half a year of 500 stocks', () => {
  let database: Database
  let bars: TestBar[]
  let signals: TestSignal[]
  beforeAll(async () => {
    const { code, err } = await run(['--store', store, '--quiet', 'import', file, '--timeframe', '30m', '--no-prepare'])
    expect(code, err).toBe(0)
    database = await openDatabase()
    await database.run(`create table symbols as select symbol, (row_number() over (order by symbol) - 1)::integer as code from '${file}' group by symbol`)
    bars = await rows<TestBar>(database, `
      select code as symbol, epoch_ms(ts)::double as time, open, high, low, close, volume::double as volume
      from '${file}' join symbols using (symbol) order by code, ts`)
    const crossings = join(store, 'crossings.csv')
    const query = `select symbol, bar_at, side from sides where side <> 0 and side is distinct from previous_side`
    writeFileSync(crossings, (await run(['--store', store, '--quiet', 'query', query, '--format', 'csv'])).out)
    signals = await rows<TestSignal>(database, `
      select code as symbol, epoch_ms(bar_at)::double as time, greatest(side, 0)::tinyint as entry, (side < 0)::tinyint as exit_long
      from read_csv('${crossings}', types = {bar_at: 'TIMESTAMP'}) join symbols using (symbol) order by code, bar_at`)
  }, 120_000)
  afterAll(() => {
    database.close()
    rmSync(store, { recursive: true })
  })

  const costs = ['--commission-rate', '0.0005', '--commission-minimum', '1', '--slippage-bps', '2', '--slippage-range', '0.1']
  const costSpec: Spec = { commission_rate: 0.0005, commission_minimum: 1, slippage_bps: 2, slippage_range: 0.1 }
  it.each<[string, string[], Spec]>([
    ['separate accounts', [], {}],
    ['costs, a trailing stop and a time stop', [...costs, '--trail-pct', '2', '--time-stop-bars', '9'], { ...costSpec, trail_pct: 2, time_stop_bars: 9 }],
    ['a shared account of 20 positions', ['--portfolio', '--max-positions', '20', '--sizing', 'equal', '--participation', '0.001'],
      { accounts: 'shared', max_positions: 20, sizing: 'equal', participation: 0.001 }],
  ])('has the trades of the naive simulation with %s', async (_, options, spec) => {
    const { code, out, err } = await run(['--store', store, 'backtest', '--quiet', '--strategy', 'pldot_cross', ...options])
    expect(code, err).toBe(0)
    const folder = join(store, 'runs', out.trim())
    const expected = naive(bars, signals, rules(spec))
    const trades = await rows<Record<string, number>>(database, `
      select code as symbol, epoch_ms(entry_at)::double as entry_at, epoch_ms(exit_at)::double as exit_at,
        quantity, entry_price, exit_price, costs, net_profit, bars_held
      from '${folder}/trades/*.parquet' join symbols using (symbol) order by exit_at, code, entry_at, quantity`)
    const order = ['exit_at', 'symbol', 'entry_at', 'quantity'] as const
    const sorted = expected.trades.sort((a, b) => order.map((name) => a[name] - b[name]).find((difference) => difference !== 0) ?? 0)
    expect(trades.length).toBe(sorted.length)
    expect(trades.length).toBeGreaterThan(2000)
    const wrong = trades.findIndex((trade, row) => Object.entries(trade).some(([name, value]) => !isClose(value, sorted[row][name as 'quantity'])))
    expect([trades[wrong], sorted[wrong]]).toEqual([undefined, undefined])
    const declined = await database.rows<{ declined: string; count: number }>(`
      select declined, count(*)::double as count from '${folder}/signals/*.parquet' where declined is not null group by declined`)
    const counts = Object.fromEntries(declined.map(({ declined, count }) => [declined, count]))
    const naively: Record<string, number> = {}
    for (const { reason } of expected.declined) naively[declineReasons[reason]] = (naively[declineReasons[reason]] ?? 0) + 1
    expect(counts).toEqual(naively)
  }, 180_000)
})

async function rows<Row>(database: Database, sql: string): Promise<Row[]> {
  const { length, ...columns } = (await database.columns(sql)) as unknown as { length: number } & Record<string, Float64Array>
  const names = Object.keys(columns)
  return Array.from({ length }, (_, row) => Object.fromEntries(names.map((name) => [name, columns[name][row]])) as Row)
}

function isClose(actual: number, expected: number): boolean {
  return Math.abs(actual - expected) <= 1e-7 * Math.max(1, Math.abs(expected))
}
