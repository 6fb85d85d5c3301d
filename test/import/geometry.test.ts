import { existsSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import type { BacktestSpec } from '../../src/backtest/config.js'
import { importGeometry, type GeometryRequest, type ImportedGeometry } from '../../src/commands/import-geometry.js'
import { openDatabase } from '../../src/database/database.js'
import type { Io } from '../../src/io.js'
import type { ImportReport } from '../../src/import/report.js'
import type { Log } from '../../src/log.js'
import { barFiles } from '../../src/store/layout.js'
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
async function prepared(request: Partial<GeometryRequest> = {}, onText: (text: string) => unknown = () => undefined) {
  const [texts, events]: [string[], string[]] = [[], []]
  const err = (text: string) => {
    texts.push(text)
    onText(text)
  }
  const usual = { least: 1, most: 100_000 }
  const store = { folder: room.store.folder, isSample: false }
  const log: Log = (level, event) => void events.push(`${level} ${event}`)
  const usually = { store, timeframe: '30m', written: 100_000, isWanted: undefined, isQuiet: false, usual, log }
  const geometry = await importGeometry({ err, isErrorTerminal: false } as Partial<Io> as Io, { ...usually, ...request })
  return { geometry, said: texts.join(''), events }
}

describe('the geometry of imported bars', () => {
  it('is what the first backtest reads, and the same as it would compute', async () => {
    const { geometry, said, events } = await prepared()
    const [{ bars }] = await room.store.rows(`select count(*) as bars from bars where timeframe = '30m'`)
    const { seconds: _seconds, ...facts } = geometry!
    expect(facts).toEqual({ strategy: 'multi_timeframe', timeframe: '30m', higher: ['1d', '1w'], symbols: 6, bars })
    expect(said).toMatch(/^Computing the geometry of 2,\d+ bars; Ctrl-C leaves it to the first backtest\.\n$/)
    expect(events).toEqual(['info geometry_prepared'])
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
    const none = { geometry: null, said: '', events: [] }
    expect(await prepared()).toEqual(none)
    // nor is it said to be missing
    expect(await prepared({ usual: { least: 1, most: 1000 } })).toEqual(none)
    expect(room.entries()).toEqual([first])
  })

  it('is left to the first backtest of too few bars, of too many, and when it is not wanted', async () => {
    const none = { geometry: null, said: '', events: [] }
    expect(await prepared({ usual: { least: 100_000, most: 200_000 } })).toEqual(none)
    const { geometry, said } = await prepared({ usual: { least: 1, most: 1000 } })
    expect([geometry, said]).toEqual([null, expect.stringMatching(/^The first backtest computes the geometry of 2,\d+ bars; with --prepare an import does\.\n$/)])
    expect(await prepared({ isWanted: false })).toEqual(none)
    // most of the bars were there before
    expect(await prepared({ written: 1000 })).toEqual(none)
    expect(room.entries()).toEqual([])
  })

  it.each([{ least: 100_000, most: 200_000 }, { least: 1, most: 1000 }])('is computed of any number of bars when it is wanted: %o', async (usual) => {
    expect(await prepared({ usual, written: 1, isWanted: true, isQuiet: true })).toMatchObject({ geometry: { symbols: 6 }, said: '' })
    expect(room.entries()).toEqual([expect.stringContaining(entry)])
  })

  it('is left to the first backtest by SIGINT, which leaves nothing behind', async () => {
    const before = process.listenerCount('SIGINT')
    await expect(prepared({}, () => process.emit('SIGINT'))).rejects.toMatchObject({ exitCode: 130, message: expect.stringContaining('the bars are in the store') as string })
    expect([room.entries(), process.listenerCount('SIGINT')]).toEqual([[], before])
  })

  it('is only warned of when it cannot be written, before it is computed', async () => {
    writeFileSync(room.folder, '')
    const { geometry, said, events } = await prepared()
    rmSync(room.folder)
    expect([geometry, events]).toEqual([null, ['warning geometry_not_prepared']])
    expect(said).toMatch(/^warning: the geometry is left to backtests: .*cache.*\n$/)
  })

  it('is not said to be there when the bars change meanwhile', async () => {
    const [file] = barFiles({ folder: room.store.folder, isSample: false }, '30m')
    const { atime, mtime } = statSync(file)
    const { geometry, said } = await prepared({}, (text) => text.startsWith('Computing') && utimesSync(file, new Date(), new Date()))
    utimesSync(file, atime, mtime)
    expect([geometry, room.entries()]).toEqual([null, []])
    expect(said).toContain('warning: the geometry is left to backtests: the bars have changed meanwhile\n')
  })
})

describe('the geometry of a timeframe of which other symbols have finer bars', () => {
  it('is that of all of them', async () => {
    const [source, store] = [await testStore(4), await testStore(0)]
    onTestFinished(store.remove)
    const csv = async (timeframe: string, symbol: string) => {
      const columns = `${symbol} as symbol, bar_at, open, high, low, close, volume`
      return (await source.dgas('query', `select ${columns} from bars where timeframe = '${timeframe}' order by all`, '--format', 'csv')).out
    }
    const [bars, file] = [store.file('bars.csv', await csv('30m', 'symbol')), store.file('days.csv', await csv('1d', `symbol || 'x'`))]
    source.remove()
    expect((await store.dgas('import', bars, '--timeframe', '30m')).code).toBe(0)
    const [own, names] = [cacheRoom(store), source.symbols.map((symbol) => `${symbol}x`)]
    const { out, err } = await store.dgas('import', file, '--timeframe', '1d', '--prepare')
    expect(out, err).toContain('Geometry of 8 symbols for multi_timeframe beside 1w and 1mo')
    expect(own.manifest().files.flatMap(({ symbols }) => symbols)).toEqual([...source.symbols, ...names].sort())
    const spec: BacktestSpec = { timeframe: '1d', rules: { allow_short: true } }
    for (const some of [{ ...spec, symbols: source.symbols }, { ...spec, symbols: names }, spec]) {
      expect(await own.run(some)).toEqual({ results: await own.computed(some), cached: ['context'], warnings: [] })
    }
  }, 60_000)
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
    const other = await run(await parquet('other.parquet', `select * replace (close + 0.5 as close) from '${bars}'`), '--timeframe', '1d')
    expect([other.code, other.err]).toEqual([0, expect.stringContaining('Computing the geometry of')])
    expect(other.out).toMatch(/\nGeometry of 41 symbols for multi_timeframe beside 1w and 1mo: [\d.]+ s\n$/)
    // of few bars only when it is asked for
    const few = await parquet('few.parquet', `select * replace (close + 0.25 as close) from '${bars}' limit 100`)
    expect(await run(few, '--timeframe', '1d')).toMatchObject({ code: 0, err: '' })
    expect((await run(few, '--timeframe', '1d', '--prepare')).out).toContain('Geometry of 41 symbols')
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
