import { afterAll, beforeAll, expect, it } from 'vitest'
import { testStore, type TestStore } from '../backtest/store.js'

let store: TestStore
beforeAll(async () => {
  store = await testStore(2, '2026-01-02', '2026-01-30')
})
afterAll(() => store.remove())

it.each([
  ['live_pldot(high, low, close, typical_1, typical_2)', 'pldot_next'],
  ['red_bird(close, typical, typical_1)', 'red_bird_next'],
])('at the close of its bar, %s is the column %s', async (macro, column) => {
  const [{ bars, different }] = await store.rows(`
    with typical as (
      select *, (high + low + close) / 3 as typical from bars where timeframe = '30m'
    ),
    lagged as (
      select *, lag(typical) over bar as typical_1, lag(typical, 2) over bar as typical_2
      from typical window bar as (partition by symbol order by bar_at)
    )
    select count(${column}) as bars, count(*) filter (${macro} is distinct from ${column}) as different
    from lagged join (select symbol, bar_at, ${column} from dots where timeframe = '30m') using (symbol, bar_at)`)
  expect(bars).toBeGreaterThan(500)
  expect(different).toBe(0)
})
