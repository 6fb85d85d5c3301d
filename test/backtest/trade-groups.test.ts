import { copyFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { TradeGrouping } from '../../src/backtest/trade-groups.js'
import { continueWork, type RunWork } from '../../src/backtest/work.js'
import { openDatabase, type Database } from '../../src/database/database.js'
import type { TradeGroupRow } from '../../src/report/record.js'
import { runParts } from '../../src/store/runs.js'
import { testStore, type TestStore } from './store.js'

let store: TestStore
let database: Database
let work: RunWork
let expected: unknown[]
beforeAll(async () => {
  store = await testStore(6)
  const id = await store.backtest('--strategy', 'pldot_cross', '--batch-bars', '900', '--run-id', 'grouped')
  expected = await store.rows(`select * exclude (run_id) from trade_groups order by all`)
  database = await openDatabase({ threads: 2 })
  work = await continueWork(database, { folder: store.folder, isSample: true }, id)
})
afterAll(() => {
  work.output.database.close()
  database.close()
  store.remove()
})

/** The groups of the run when its trades are added as `add` says. */
async function groups(add: (grouping: TradeGrouping, files: readonly string[]) => void): Promise<unknown[]> {
  const grouping = new TradeGrouping(work)
  add(grouping, runParts(work.run, 'trades'))
  const rows: TradeGroupRow[] = await grouping.finish()
  expect(rows.length).toBeGreaterThan(10)
  return store.rows(`select * exclude (run_id) from trade_groups order by all`)
}

describe('the trades of a run by groups', () => {
  it('are the same whenever their files are added', async () => {
    expect(runParts(work.run, 'trades').length).toBeGreaterThan(2)
    expect(await groups(() => undefined)).toEqual(expected)
    expect(await groups((grouping, files) => grouping.add(files.slice(1)))).toEqual(expected)
    expect(await groups((grouping, files) => files.forEach((file) => grouping.add([file])))).toEqual(expected)
  })

  it('count a file once, however often it is added', async () => {
    expect(await groups((grouping, files) => [files, files.slice(2), files].forEach((some) => grouping.add(some)))).toEqual(expected)
  })

  it('leave out a file that was written in vain', async () => {
    const vain = join(work.run.folder, 'trades', 'vain.parquet')
    const grouping = new TradeGrouping(work)
    copyFileSync(runParts(work.run, 'trades')[0], vain)
    grouping.add([vain, ...runParts(work.run, 'trades').filter((file) => file !== vain).slice(0, 2)])
    await grouping.settled()
    rmSync(vain)
    await grouping.finish()
    expect(await store.rows(`select * exclude (run_id) from trade_groups order by all`)).toEqual(expected)
  })

  it('are added again when a file could not be read', async () => {
    expect(await groups((grouping, files) => grouping.add([join(work.run.folder, 'trades', 'none.parquet'), ...files.slice(0, 1)]))).toEqual(expected)
  })
})
