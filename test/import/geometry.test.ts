import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { importGeometry, type GeometryRequest, type ImportedGeometry } from '../../src/commands/import-geometry.js'
import { openDatabase } from '../../src/database/database.js'
import type { ImportReport } from '../../src/import/report.js'
import { cacheRoom, type CacheRoom } from '../backtest/kept-geometry-room.js'
import { testStore } from '../backtest/store.js'
import { room as importRoom } from './room.js'

let room: CacheRoom
beforeAll(async () => {
  room = cacheRoom(await testStore(6))
})
afterAll(() => room.store.remove())
beforeEach(() => room.clear())

const entry = 'context-30m-1d-1w-'

async function rowsOf(file: string): Promise<unknown[]> {
  const database = await openDatabase()
  return database.rows(`select cached::varchar from read_parquet('${file}') as cached order by symbol, bar_at`).finally(() => database.close())
}

/** Prepares the geometry of the store; returns what came of it and what was said. */
async function prepared(request: Partial<GeometryRequest> = {}, onText: (text: string) => void = () => undefined) {
  const texts: string[] = []
  const err = (text: string) => {
    texts.push(text)
    onText(text)
  }
  const usual = { least: 1, most: 100_000 }
  const store = { folder: room.store.folder, isSample: false }
  const geometry = await importGeometry({ err }, { store, timeframe: '30m', isWanted: undefined, isQuiet: false, usual, ...request })
  return { geometry, said: texts.join('') }
}

describe('the geometry of imported bars', () => {
  it('is what the first backtest reads, and the same as it would compute', async () => {
    const { geometry, said } = await prepared()
    const [{ bars }] = await room.store.rows(`select count(*) as bars from bars where timeframe = '30m'`)
    const { seconds: _seconds, ...facts } = geometry!
    expect(facts).toEqual({ strategy: 'multi_timeframe', timeframe: '30m', higher: ['1d', '1w'], symbols: 6, bars })
    expect(said).toMatch(/^Computing the geometry of 2,\d+ bars, .+\n$/)
    const spec = { rules: { allow_short: true } }
    expect(await room.run(spec)).toEqual({ results: await room.computed(spec), cached: ['context'], warnings: [] })
  })

  it('is what a backtest leaves, to the last bit', async () => {
    await prepared()
    const [content, own] = [room.manifest(), await rowsOf(room.file())]
    room.clear()
    await room.run({})
    const { files, ...left } = room.manifest()
    expect({ ...content, files: content.files.map(({ symbols }) => symbols) }).toEqual({ ...left, files: files.map(({ symbols }) => symbols) })
    expect(own.length).toBeGreaterThan(2000)
    expect(own).toEqual(await rowsOf(room.file()))
  })

  it('is computed once', async () => {
    await prepared()
    const [first] = room.entries()
    expect(await prepared()).toEqual({ geometry: null, said: '' })
    expect(room.entries()).toEqual([first])
  })

  it('is left to the first backtest of too few bars, of too many, and when it is not wanted', async () => {
    expect(await prepared({ usual: { least: 100_000, most: 200_000 } })).toEqual({ geometry: null, said: '' })
    const { geometry, said } = await prepared({ usual: { least: 1, most: 1000 } })
    expect([geometry, said]).toEqual([null, expect.stringMatching(/^The first backtest computes the geometry of 2,\d+ bars; dgas import --prepare does that at once\.\n$/)])
    expect(await prepared({ isWanted: false })).toEqual({ geometry: null, said: '' })
    expect(room.entries()).toEqual([])
  })

  it.each([{ least: 100_000, most: 200_000 }, { least: 1, most: 1000 }])('is computed of any number of bars when it is wanted: %o', async (usual) => {
    expect((await prepared({ usual, isWanted: true, isQuiet: true }))).toEqual({ geometry: expect.objectContaining({ symbols: 6 }) as ImportedGeometry, said: '' })
    expect(room.entries()).toEqual([expect.stringContaining(entry)])
  })

  it('is left to the first backtest by SIGINT, which leaves nothing behind', async () => {
    const before = process.listenerCount('SIGINT')
    await expect(prepared({}, () => process.emit('SIGINT'))).rejects.toMatchObject({ exitCode: 130, message: expect.stringContaining('the bars are in the store') as string })
    expect([room.entries(), process.listenerCount('SIGINT')]).toEqual([[], before])
  })

  it('is only warned of when it cannot be written', async () => {
    writeFileSync(room.folder, '')
    const { geometry, said } = await prepared()
    rmSync(room.folder)
    expect(geometry).toBeNull()
    expect(said.split('\n')[1]).toMatch(/^warning: the geometry is left to the first backtest: .*cache/)
  })
})

describe('dgas import', () => {
  it('prepares 50,000 bars, and says so', async () => {
    const { parquet, run, report, store } = importRoom()
    const days = `select day from unnest(generate_series(date '2010-01-01', date '2014-12-31', interval 1 day)) as days(day) where isodow(day) < 6`
    const bars = await parquet('bars.parquet', `
      select 'S' || lpad(number::varchar, 2, '0') as symbol, day as ts, price as open, price + 1 as high, price - 1 as low, price as close, 100 as volume
      from (${days}) as days, range(41) as symbols(number), lateral (select 50 + number + 10 * sin(number + epoch(day) / 4e6) as price)`)
    const { bars: facts, geometry, ...rest } = await report(bars, '--timeframe', '1d') as ImportReport & { geometry: ImportedGeometry }
    expect([facts?.timeframe, rest.rows_written]).toEqual(['1d', geometry.bars])
    expect(geometry).toMatchObject({ strategy: 'multi_timeframe', timeframe: '1d', higher: ['1w', '1mo'], symbols: 41 })
    const cache = join(store.folder, 'cache')
    expect(readdirSync(cache)).toEqual([expect.stringContaining('context-1d-1w-1mo-')])
    const again = await run(bars, '--timeframe', '1d')
    expect([again.code, again.err, again.out]).toEqual([0, '', expect.not.stringContaining('Geometry')])
    const other = await run(await parquet('other.parquet', `select * replace (close + 0.5 as close) from '${bars}' limit 1`), '--timeframe', '1d')
    expect([other.code, other.err]).toEqual([0, expect.stringContaining('Computing the geometry of')])
    expect(other.out).toMatch(/\nGeometry of 41 symbols for multi_timeframe beside 1w and 1mo: [\d.]+ s\n$/)
    rmSync(cache, { recursive: true })
    const without = await run(bars, '--timeframe', '1d', '--no-prepare')
    expect([without.code, without.err, without.out.includes('Geometry'), existsSync(cache)]).toEqual([0, '', false, false])
  }, 60_000)

  it('has no geometry of instruments and actions', async () => {
    const { run, file } = importRoom()
    const { code, err } = await run('--instruments', file('instruments.csv', 'symbol,sector\nA,Energy\n'), '--no-prepare')
    expect([code, err]).toEqual([2, expect.stringContaining('--no-prepare says nothing about instruments')])
  })
})
