import { afterAll, beforeAll, expect, it } from 'vitest'
import { testStore, type TestStore } from './store.js'

let store: TestStore
beforeAll(async () => {
  store = await testStore(1, '2026-01-02', '2026-01-05')
})
afterAll(() => store.remove())

it.each(['latest', '.', '..', '.hidden', '-x', '../x', ''])('the name %j, which could not be told from something else, names no run', async (name) => {
  const { code, err } = await store.dgas('backtest', '--strategy', 'pldot_cross', `--run-id=${name}`)
  expect([code, err]).toEqual([2, expect.stringContaining(`--run-id: "${name}" cannot name a run`)])
})
