import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { testStore, type TestStore } from './store.js'

const days = Array.from({ length: 12 }, (_, index) => `2020-01-${String(index + 6).padStart(2, '0')}`)
  .filter((day) => !['2020-01-11', '2020-01-12'].includes(day))

let store: TestStore
beforeAll(async () => {
  store = await testStore(0)
  const flat = (symbol: string, priceOn: (day: string) => number, from = days[0]) => {
    return days.filter((day) => day >= from).map((day) => [symbol, day, ...Array.from({ length: 4 }, () => priceOn(day))].join())
  }
  const bars = [
    // as traded: 2:1 on the 9th; no bar on the 14th, the day of a dividend and of 4:1
    ...flat('A', (day) => (day < '2020-01-09' ? 100 : day < '2020-01-14' ? 50 : 12)).filter((line) => !line.includes('-14,')),
    ...flat('B', () => 20),
    ...flat('C', (day) => (day < '2020-01-09' ? 30 : 29), '2020-01-07'),
  ]
  const actions = [
    ...['A,2020-01-09,split,2', 'A,2020-01-14,split,4', 'A,2020-01-14,dividend,0.5', 'A,2020-01-13,dividend,2'],
    ...['A,2019-12-02,split,7', 'A,2020-01-20,split,3', 'C,2020-01-09,dividend,1', 'Z,2020-01-09,split,2'],
  ]
  await imported('bars.csv', ['symbol,date,open,high,low,close', ...bars], '--timeframe', '1d')
  await imported('actions.csv', ['symbol,ex_date,kind,value', ...actions], '--actions')
})
afterAll(() => store.remove())

async function imported(name: string, lines: readonly string[], ...options: string[]): Promise<void> {
  const { code, err } = await store.dgas('import', store.file(name, `${lines.join('\n')}\n`), ...options)
  if (code !== 0) throw new Error(err)
}

async function tradesOf(...options: string[]): Promise<Record<string, unknown>[]> {
  const run = await store.backtest('--timeframe', '1d', '--strategy', 'buy_and_hold', ...options)
  return store.rows(`
    select symbol, quantity, entry_price, exit_price, dividends, net_profit from trades where run_id = '${run}' order by all`)
}

describe('corporate actions of the store', () => {
  const applied = [
    // 10 become 20, which get 2 each, and 80, which get 0.5 each: (12 - 12.5) × 80 + 40 + 40
    { symbol: 'A', quantity: 80, entry_price: 12.5, exit_price: 12, dividends: 80, net_profit: 40 },
    { symbol: 'B', quantity: 50, entry_price: 20, exit_price: 20, dividends: 0, net_profit: 0 },
    { symbol: 'C', quantity: 33, entry_price: 30, exit_price: 29, dividends: 33, net_profit: 0 },
  ]

  it('are applied at the first bar on or after their day, whatever the batches', async () => {
    expect(await tradesOf('--actions', 'apply', '--capital', '1000')).toEqual(applied)
    expect(await tradesOf('--actions', 'apply', '--capital', '1000', '--batch-bars', '1')).toEqual(applied)
  })

  it('are applied in a shared account, whatever the batches', async () => {
    const portfolio = ['--portfolio', '--sizing', 'notional', '--notional', '1000', '--capital', '3000', '--actions', 'apply']
    expect(await tradesOf(...portfolio)).toEqual(applied)
    expect(await tradesOf(...portfolio, '--batch-bars', '1')).toEqual(applied)
  })

  it('are ignored by default', async () => {
    const [first] = await tradesOf('--capital', '1000')
    expect(first).toEqual({ symbol: 'A', quantity: 10, entry_price: 100, exit_price: 12, dividends: 0, net_profit: -880 })
  })

  it('are part of the fingerprint of the data, when they are applied', async () => {
    const print = async (...options: string[]) => {
      const id = await store.backtest('B', '--timeframe', '1d', '--strategy', 'buy_and_hold', ...options)
      const { record } = JSON.parse((await store.dgas('report', id, '--json')).out) as { record: { data_fingerprint: string } }
      return record.data_fingerprint
    }
    expect(await print('--actions', 'apply')).not.toBe(await print())
    expect(await print('--actions', 'ignore')).toBe(await print())
  })
})

it('is an error where the store has none', async () => {
  const other = await testStore(1, '2026-01-02', '2026-01-09')
  const { code, err } = await other.dgas('backtest', '--strategy', 'buy_and_hold', '--actions', 'apply')
  other.remove()
  expect([code, err]).toEqual([2, expect.stringContaining('this store holds no corporate actions')])
})
