import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { testStore, type TestStore } from './store.js'

let store: TestStore
beforeAll(async () => {
  store = await testStore(4, '2026-01-02', '2026-01-23')
})
afterAll(() => store.remove())

describe('stored trades', () => {
  it('are filled after the bar that decided and within the range of their bars', async () => {
    const run = await store.backtest('--strategy', 'multi_timeframe', '--slippage-bps', '30', '--allow-short', '--from', '2026-01-08')
    const [{ wrong, trades }] = await store.rows(`
      select
        count(*) as trades,
        count(*) filter (where signal_at >= entry_at or entry_at > exit_at
          or entry_price not between entry.low and entry.high or exit_price not between exit.low and exit.high) as wrong
      from trades
      join bars as entry on entry.symbol = trades.symbol and entry.bar_at = entry_at
      join bars as exit on exit.symbol = trades.symbol and exit.bar_at = exit_at
      where run_id = '${run}'`)
    expect(trades as number).toBeGreaterThan(20)
    expect(wrong).toBe(0)
  })

  it('of pldot_cross follow the sides of the closes', async () => {
    const run = await store.backtest('--strategy', 'pldot_cross')
    const expected = await store.rows(`
      with opened as (
        select symbol, bar_at, side, lead(bar_at) over (partition by symbol order by bar_at) as next_at, previous_side
        from sides
      )
      select symbol, next_at as entry_at from opened
      where side = 1 and previous_side is distinct from 1 and next_at is not null order by all`)
    const entries = await store.rows(`select symbol, entry_at from trades where run_id = '${run}' order by all`)
    const declined = await store.rows(`select symbol from signals where run_id = '${run}' and declined = 'position open'`)
    expect(entries.length + declined.length).toBe(expected.length)
    expect(expected).toEqual(expect.arrayContaining(entries))
  })

  it('of buy_and_hold last from the second bar to the end', async () => {
    const run = await store.backtest('--strategy', 'buy_and_hold', '--from', '2026-01-12')
    const trades = await store.rows(`select * from trades where run_id = '${run}' order by symbol`)
    const bounds = await store.rows(`
      select symbol, array_agg(bar_at order by bar_at)[2]::varchar as second, max(bar_at)::varchar as last
      from bars where session_date >= '2026-01-12' group by symbol order by symbol`)
    expect(trades.map(({ symbol, entry_at, exit_at }) => [symbol, entry_at, exit_at])).toEqual(
      bounds.map(({ symbol, second, last }) => [symbol, second, last]),
    )
    expect(new Set(trades.map(({ exit_reason }) => exit_reason))).toEqual(new Set(['end_of_data']))
  })
})

describe('the record of a run', () => {
  it('agrees with its rows', async () => {
    const id = await store.backtest('--universe', 'all', '--strategy', 'pldot_cross', '--run-id', 'agreement')
    expect(id).toBe('agreement')
    const { out } = await store.dgas('report', id, '--json')
    const { record, symbols } = JSON.parse(out) as {
      record: { trades: number; metrics: Record<string, number>; bars: number; ledger_checks: number; total_return_pct: number }
      symbols: { net_profit: number }[]
    }
    const [trades] = await store.rows(`
      select count(*) as trades, sum(net_profit) as net_profit, avg((net_profit > 0)::integer) * 100 as win_rate
      from trades where run_id = '${id}'`)
    const [{ bars }] = await store.rows('select count(*) as bars from bars')
    expect(record).toMatchObject({ trades: trades.trades, bars, ledger_checks: 4 * 15 })
    expect(record.metrics.net_profit).toBeCloseTo(trades.net_profit as number, 4)
    expect(record.metrics.win_rate_pct).toBeCloseTo(trades.win_rate as number, 9)
    expect(record.total_return_pct).toBeCloseTo((trades.net_profit as number) / 4000, 6)
    expect(symbols.reduce((sum, { net_profit }) => sum + net_profit, 0)).toBeCloseTo(trades.net_profit as number, 4)
  })

  it('holds what makes the run again', async () => {
    const first = await store.backtest('--strategy', 'pldot_cross', '--run-id', 'first')
    const second = await store.backtest('--strategy', 'pldot_cross', '--run-id', 'second')
    const read = async (id: string) => (JSON.parse((await store.dgas('report', id, '--json')).out) as { record: Record<string, unknown> }).record
    const [a, b] = [await read(first), await read(second)]
    for (const name of ['configuration', 'strategy_text', 'strategy_hash', 'data_fingerprint', 'versions', 'metrics']) {
      expect(a[name], name).toEqual(b[name])
      expect(a[name], name).toBeTruthy()
    }
  })
})

describe('entries not taken', () => {
  it('are counted by their reason in the record, the summary and the signals', async () => {
    const argv = ['--strategy', 'pldot_cross', '--portfolio', '--fraction', '0.4', '--max-positions', '2', '--run-id', 'crowded']
    const { out } = await store.dgas('backtest', ...argv)
    const counts = await store.rows(`
      select declined, count(*) as entries from signals
      where run_id = 'crowded' and declined is not null group by declined order by entries desc, declined`)
    const { out: json } = await store.dgas('report', 'crowded', '--json')
    const { record } = JSON.parse(json) as { record: { declined: Record<string, number> } }
    expect(record.declined).toEqual(Object.fromEntries(counts.map(({ declined, entries }) => [declined, entries])))
    expect(record.declined['too many positions']).toBeGreaterThan(5)
    expect(out).toContain(`entries not taken: ${record.declined['too many positions']} × too many positions`)
  })
})

describe('output', () => {
  it('ends with the id of the run, and says nothing else with --quiet', async () => {
    const loud = await store.dgas('backtest', store.symbols[0], '--strategy', 'buy_and_hold', '--run-id', 'loud')
    expect(loud.out).toContain('Sharpe ratio')
    expect(loud.out).toMatch(/report: .*loud.*report\.md\nloud\n$/)
    const quiet = await store.dgas('backtest', store.symbols[0], '--strategy', 'buy_and_hold', '--run-id', 'quiet', '--quiet')
    expect(quiet).toEqual({ code: 0, out: 'quiet\n', err: '' })
  })

  it('lists the runs and shows their reports', async () => {
    await store.backtest('--strategy', 'buy_and_hold', '--run-id', 'listed')
    expect((await store.dgas('runs')).out).toMatch(/listed +completed +buy_and_hold +30m +all +separate +4/)
    expect((await store.dgas('report', 'listed')).out).toContain('buy_and_hold on 4 symbols, 30m, 2026-01-02 to 2026-01-23')
    expect((await store.dgas('report', 'listed', '--markdown')).out).toMatch(/^# listed\n/)
    expect((await store.dgas('report', 'latest')).out).toContain('report: ')
  })
})
