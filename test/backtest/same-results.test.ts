import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { resultsOf as allResultsOf } from './run-results.js'
import { testStore, type TestStore } from './store.js'

let store: TestStore
beforeAll(async () => {
  store = await testStore(7)
})
afterAll(() => store.remove())

const rules = ['--commission-rate', '0.0005', '--slippage-bps', '2', '--allow-short']

/** Everything that a run says of some symbols, to the last bit. */
async function resultsOf(run: string, symbols: readonly string[]): Promise<unknown[]> {
  const results = await allResultsOf(store, run) as Record<string, Record<string, unknown>[]>
  const relations = { trades: 'symbol', equity: 'account', symbols: 'symbol', signals: 'symbol' }
  return Object.entries(relations).map(([relation, column]) => results[relation].filter((row) => symbols.includes(String(row[column]))))
}

describe.each(['pldot_cross', 'multi_timeframe'])('the results of %s', (strategy) => {
  const backtest = (...more: string[]) => store.backtest('--strategy', strategy, ...rules, ...more)
  let usual: string
  beforeAll(async () => void (usual = await backtest()))

  it('are the same alone and in the universe', async () => {
    const all = await backtest('--universe', 'all')
    for (const symbol of [store.symbols[0], store.symbols[4]]) {
      const alone = await resultsOf(await backtest(symbol), [symbol])
      expect(alone).toEqual(await resultsOf(all, [symbol]))
      expect(alone[0]).not.toEqual([])
    }
  })

  it('are the same with any number of threads and any size of the batches', async () => {
    const expected = await resultsOf(usual, store.symbols)
    expect(await resultsOf(await backtest('--threads', '1'), store.symbols)).toEqual(expected)
    expect(await resultsOf(await backtest('--threads', '3', '--batch-bars', '800'), store.symbols)).toEqual(expected)
  })

  it('of a shared account are the same with any number of threads and any size of the batches', async () => {
    const portfolio = (...more: string[]) => backtest('--portfolio', '--max-positions', '3', '--fraction', '0.3', ...more)
    const accounts = [...store.symbols, 'portfolio']
    const expected = await resultsOf(await portfolio(), accounts)
    expect(await resultsOf(await portfolio('--threads', '1', '--batch-bars', '800'), accounts)).toEqual(expected)
    expect(expected[0]).not.toEqual([])
  })

  it('do not change when later bars are cut off', async () => {
    const until = await backtest('--to', '2026-01-30')
    const trades = (run: string) => store.rows(`
      select * exclude (run_id) from trades
      where run_id = '${run}' and exit_at < timestamp '2026-01-30' and exit_reason <> 'end_of_data' order by all`)
    expect(await trades(until)).toEqual(await trades(usual))
  })
})

describe('the ledger', () => {
  it.each([[], ['--portfolio', '--fraction', '0.2']])('adds up in the stored rows too (%s)', async (...portfolio) => {
    const run = await store.backtest('--strategy', 'pldot_cross', '--capital', '50000', ...rules, ...portfolio)
    const [worst] = await store.rows(`
      with realised as (
        select account, sum(net_profit) as net_profit from trades where run_id = '${run}' group by account
      ),
      ends as (
        select account, arg_max(equity, bar_at) as equity from equity where run_id = '${run}' group by account
      )
      select max(abs(50000 + net_profit - equity)) as difference, count(*) as accounts from ends join realised using (account)`)
    expect(worst.accounts).toBe(portfolio.length === 0 ? 7 : 1)
    expect(worst.difference as number).toBeLessThan(1e-6 * 50_000)
  })
})
