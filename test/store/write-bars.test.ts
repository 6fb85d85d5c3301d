import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openDatabase, type Database } from '../../src/database/database.js'
import { barFiles, dataFingerprint, storeAt, storedBarsSql, storedSymbols, timeframeFolder } from '../../src/store/layout.js'
import { readManifest } from '../../src/store/manifest.js'
import { writeBars } from '../../src/store/write-bars.js'
import { contents, each, emptyFolder, partition } from './room.js'

const now = new Date('2026-07-01T12:00:00Z')
const hours = (count: number) => new Date(now.getTime() + count * 3_600_000)

let database: Database
beforeAll(async () => void (database = await openDatabase()))
afterAll(() => database.close())

describe('written bars', () => {
  it('are sorted, and counted as written and replaced', async () => {
    const { write, bars } = room()
    const three = partition('year=2026', [['B', '2026-01-27', 2], ['B', '2026-01-26', 1], ['A', '2026-01-26', 3]])
    const two = partition('year=2026', [['B', '2026-01-27', 9], ['C', '2026-01-26', 4]])
    expect(await write(three)).toEqual({ written: 3, replaced: 0 })
    expect(await write(two)).toEqual({ written: 2, replaced: 1 })
    expect(await bars()).toEqual(['A 2026-01-26 3.0', 'B 2026-01-26 1.0', 'B 2026-01-27 9.0', 'C 2026-01-26 4.0'])
  })

  it('make their symbols and partitions known', async () => {
    const { store, write } = room()
    await write(partition('year=2026', [['B', '2026-01-27', 2]]), partition('year=2025', [['A', '2025-01-27', 2]]))
    expect(storedSymbols(store, '1d')).toEqual(['A', 'B'])
    expect(barFiles(store, '1d').map((file) => file.split('/').at(-2))).toEqual(['year=2025', 'year=2026'])
  })

  it('have the same fingerprint however they came, and another one when any value differs', async () => {
    const [once, parts, other] = [room(), room(), room()]
    await once.write(partition('year=2026', [['A', '2026-01-26', 1], ['B', '2026-01-26', 2]]))
    await parts.write(partition('year=2026', [['B', '2026-01-26', 7]]))
    await parts.write(partition('year=2026', [['A', '2026-01-26', 1]]))
    await parts.write(partition('year=2026', [['B', '2026-01-26', 2]]))
    await other.write(partition('year=2026', [['A', '2026-01-26', 2], ['B', '2026-01-26', 1]]))
    const [first, second, third] = [once, parts, other].map(({ store }) => dataFingerprint(store, ['1d']))
    expect(second).toBe(first)
    expect(third).not.toBe(first)
  })

  it('that are there already change no file', async () => {
    const { store, write } = room()
    await write(partition('year=2026', [['A', '2026-01-26', 1], ['B', '2026-01-26', 2]]))
    const before = contents(store.folder)
    expect(await write(partition('year=2026', [['B', '2026-01-26', 2]]))).toEqual({ written: 1, replaced: 1 })
    expect(contents(store.folder)).toEqual(before)
  })
})

describe('writing that fails', () => {
  const first = partition('year=2025', [['A', '2025-01-27', 1]])

  it.each([
    ['in the query of a partition', { key: 'year=2026', rows: 'select * from nowhere' }],
    ['between partitions', () => { throw new Error('the source is gone') }],
  ])('%s leaves everything as it was', async (_, failing) => {
    const { store, write } = room()
    await write(first, partition('year=2026', [['A', '2026-01-26', 1]]))
    const before = contents(store.folder)
    await expect(write(partition('year=2025', [['A', '2025-01-27', 2]]), failing)).rejects.toThrow()
    expect(contents(store.folder)).toEqual(before)
  })

  it('on a damaged partition names it', async () => {
    const { store, write } = room()
    await write(first)
    const [file] = barFiles(store, '1d')
    writeFileSync(file, 'damaged')
    await expect(write(first)).rejects.toThrow(`${file}: the stored bars cannot be read`)
  })
})

describe('files that nothing names', () => {
  it('of a writer that was killed are removed by the next', async () => {
    const { store, write } = room()
    await write(partition('year=2026', [['A', '2026-01-26', 1]]))
    const folder = join(timeframeFolder(store, '1d'), 'year=2026')
    writeFileSync(join(folder, '000002.parquet.tmp'), 'half')
    await write(partition('year=2025', [['A', '2025-01-27', 1]]))
    expect(readdirSync(folder)).toEqual(['000001.parquet'])
  })

  it('stay for a day for readers that listed them before they were replaced', async () => {
    const { store, writeAt } = room()
    const folder = join(timeframeFolder(store, '1d'), 'year=2026')
    await writeAt(now, partition('year=2026', [['A', '2026-01-26', 1]]))
    await writeAt(now, partition('year=2026', [['A', '2026-01-26', 2]]))
    await writeAt(hours(23), partition('year=2025', [['A', '2025-01-27', 1]]))
    expect(readdirSync(folder)).toEqual(['000001.parquet', '000002.parquet'])
    await writeAt(hours(25), partition('year=2025', [['A', '2025-01-27', 2]]))
    expect(readdirSync(folder)).toEqual(['000002.parquet'])
    expect(readManifest(timeframeFolder(store, '1d')).retired.map(({ file }) => file)).toEqual(['year=2025/000003.parquet'])
  })
})

function room() {
  const store = storeAt(emptyFolder())
  const writeAt = (time: Date, ...items: Parameters<typeof each>) => writeBars(database, store, '1d', each(...items), time)
  return {
    store,
    writeAt,
    write: (...items: Parameters<typeof each>) => writeAt(now, ...items),
    bars: async () => {
      const rows = await database.rows<{ bar: string }>(
        `select concat_ws(' ', symbol, session_date, close) as bar from (${storedBarsSql(store, '1d')})`,
      )
      return rows.map(({ bar }) => bar)
    },
  }
}
