import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { run } from '../cli/run.js'

const bars = resolve(import.meta.dirname, '../../../shared/data/sp500_30m_2026.parquet')
const store = mkdtempSync(join(tmpdir(), 'dgas-real-'))

describe.skipIf(!existsSync(bars))('half a year of 500 stocks', () => {
  beforeAll(async () => {
    const { code, err } = await run(['--store', store, '--quiet', 'import', bars, '--timeframe', '30m', '--no-prepare'])
    expect(code, err).toBe(0)
  }, 120_000)
  afterAll(() => rmSync(store, { recursive: true }))

  it.each(['pldot_cross', 'multi_timeframe'])('gives %s the same trades alone, together and with one thread', async (strategy) => {
    const all = await backtest('--universe', 'all', '--strategy', strategy)
    for (const symbol of ['AAPL', 'BRK-B', 'ZTS']) {
      const trades = await tradesOf(all, symbol)
      expect(trades.length).toBeGreaterThan(10)
      expect(await tradesOf(await backtest(symbol, '--strategy', strategy, '--threads', '1'), symbol)).toEqual(trades)
    }
  }, 120_000)

  it('is the sum of its trades', async () => {
    const id = await backtest('--strategy', 'pldot_cross', '--commission-rate', '0.0005', '--slippage-bps', '2')
    const [{ wrong, accounts }] = await rows(`
      with realised as (select account, sum(net_profit) as net_profit from trades where run_id = '${id}' group by account),
      ends as (select account, arg_max(equity, bar_at) as equity from equity where run_id = '${id}' group by account)
      select count(*) as accounts, count(*) filter (where abs(100000 + net_profit - equity) > 0.1) as wrong
      from ends join realised using (account)`)
    expect([accounts, wrong]).toEqual([500, 0])
  }, 120_000)

  it('is resampled by sessions, also over the change to summer time', async () => {
    const [week] = await rows(`
      select
        count(*) filter (where bar_at <> session_date::timestamp) as off_label,
        count(*) filter (where closed_at::time not in (time '21:00', time '20:00')) as off_close,
        count(distinct closed_at::time) as closes,
        count(*) as bars
      from bars where timeframe = '1d'`)
    expect(week).toEqual({ off_label: 0, off_close: 0, closes: 2, bars: 50_912 })
  })
})

async function backtest(...argv: string[]): Promise<string> {
  const { code, out, err } = await run(['--store', store, 'backtest', '--quiet', ...argv])
  expect(code, err).toBe(0)
  return out.trimEnd()
}

async function tradesOf(id: string, symbol: string): Promise<unknown[]> {
  return rows(`select * exclude (run_id) from trades where run_id = '${id}' and symbol = '${symbol}' order by entry_at`)
}

async function rows(sql: string): Promise<Record<string, unknown>[]> {
  const { code, out, err } = await run(['--store', store, 'query', sql, '--format', 'json'])
  expect(code, err).toBe(0)
  return JSON.parse(out) as Record<string, unknown>[]
}
