import { mkdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { barFiles } from '../../src/store/layout.js'
import { cacheRoom, type CacheRoom } from './kept-geometry-room.js'
import { testStore } from './store.js'

const hours = { timezone: 'America/New_York', opens: '09:30', closes: '16:00', weekdays: [1, 2, 3, 4, 5] }

let room: CacheRoom
beforeAll(async () => {
  const [source, store] = [await testStore(3, '2026-01-02', '2026-01-23'), await testStore(0)]
  room = cacheRoom(store)
  mkdirSync(join(store.folder, 'calendars'))
  setCalendar(hours)
  const { out } = await source.dgas('query', `select symbol, bar_at, open, high, low, close, volume from bars where timeframe = '30m' order by all`, '--format', 'csv')
  source.remove()
  await importBars(out)
})
afterAll(() => room.store.remove())
beforeEach(() => room.clear())

const setCalendar = (calendar: object) => writeFileSync(join(room.store.folder, 'calendars/XTST.json'), JSON.stringify(calendar))

async function importBars(text: string): Promise<void> {
  const { code, err } = await room.store.dgas('import', room.store.file('bars.csv', text), '--timeframe', '30m', '--exchange', 'XTST')
  expect(code, err).toBe(0)
}

/** Computes, changes the data, and expects that the next run computes anew and the one after it reads that. */
async function expectAnew(strategy: string, change: () => unknown): Promise<{ before: unknown; after: unknown }> {
  const before = (await room.run({ strategy })).results
  expect((await room.run({ strategy })).cached).toHaveLength(1)
  await change()
  const after = await room.computed({ strategy })
  expect(await room.run({ strategy })).toEqual({ results: after, cached: [], warnings: [] })
  expect(await room.run({ strategy })).toMatchObject({ results: after, cached: [expect.any(String)] })
  return { before, after }
}

it('an import that changes a bar makes the geometry be computed anew', async () => {
  const [bar] = await room.store.rows(`select symbol, bar_at, open, low from bars where timeframe = '30m' and session_date = date '2026-01-14' order by all limit 1`)
  const { before, after } = await expectAnew('pldot_cross', () => importBars(
    `symbol,bar_at,open,high,low,close,volume\n${String(bar.symbol)},${String(bar.bar_at)},${Number(bar.open)},${Number(bar.open) * 1.3},${Number(bar.low)},${Number(bar.open) * 1.2},1000`,
  ))
  expect(after).not.toEqual(before)
})

it('an import that adds bars makes the geometry be computed anew', async () => {
  await expectAnew('pldot_cross', () => importBars('symbol,bar_at,open,high,low,close,volume\nLATE,2026-01-22T15:00:00Z,1,1,1,1,1\nLATE,2026-01-22T15:30:00Z,1,1,1,1,1'))
})

it('a symbol with too few bars does not keep a run from reading', async () => {
  const { results, cached } = await room.run({ strategy: 'pldot_cross' })
  expect([results, cached]).toMatchObject([{ record: { skipped: [{ symbol: 'LATE' }] } }, []])
  expect(await room.run({ strategy: 'pldot_cross' })).toEqual({ results, cached: ['sides'], warnings: [] })
  expect(room.manifest().files.flatMap((file) => file.symbols)).not.toContain('LATE')
})

it('a file of bars that was changed by hand is computed anew', async () => {
  const [file] = barFiles({ folder: room.store.folder, isSample: false }, '30m')
  await expectAnew('pldot_cross', () => utimesSync(file, new Date(), new Date('2026-01-01')))
  await expectAnew('pldot_cross', () => writeFileSync(file, readFileSync(file)))
})

it('another calendar makes the geometry be computed anew', async () => {
  await expectAnew('termination_fade', () => setCalendar({ ...hours, opens: '08:00' }))
})

it('what was computed of other data is deleted, and nothing of another timeframe', async () => {
  await room.run({ strategy: 'pldot_cross', displacement: 0 })
  await room.run({ strategy: 'pldot_cross', timeframe: '1d' })
  setCalendar({ ...hours, opens: '08:30' })
  await room.run({ strategy: 'pldot_cross' })
  expect(room.entries().map((entry) => entry.split('-')[1])).toEqual(['1d', '30m'])
})

it('bars that change while a run goes on leave nothing', async () => {
  const [file] = barFiles({ folder: room.store.folder, isSample: false }, '30m')
  const onBatch = () => utimesSync(file, new Date(), new Date('2026-02-01'))
  await room.run({ strategy: 'pldot_cross' }, { onBatch })
  expect(room.entries()).toEqual([])
})
