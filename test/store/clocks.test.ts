import { afterAll, expect, it } from 'vitest'
import { openDatabase } from '../../src/database/database.js'
import { clocksSql } from '../../src/store/clocks.js'
import { storeAt } from '../../src/store/layout.js'
import { testStore } from '../backtest/store.js'

const store = await testStore(0)
const database = await openDatabase({ threads: 1 })
afterAll(() => {
  database.close()
  store.remove()
})

async function bars(symbol: string, exchange: string): Promise<void> {
  const file = store.file(`${symbol}.csv`, `symbol,time,open,high,low,close\n${symbol},2026-01-05,1,2,1,2\n`)
  expect(await store.dgas('import', file, '--timeframe', '1d', '--exchange', exchange)).toMatchObject({ code: 0 })
}

const clocks = () => database.rows(`from (${clocksSql(storeAt(store.folder), `select unnest(['NOON', 'COIN']) as symbol`)}) order by symbol`)

it('a symbol has the clock of its exchange, of one or of several in the store', async () => {
  await bars('NOON', 'XNYS')
  await bars('LATE', 'XNYS')
  expect(await clocks()).toEqual(['COIN', 'NOON'].map((symbol) => ({ symbol, timezone: 'America/New_York' })))
  await bars('COIN', '24/7')
  expect(await clocks()).toEqual([{ symbol: 'COIN', timezone: 'UTC' }, { symbol: 'NOON', timezone: 'America/New_York' }])
})
