import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bySymbol } from '../../src/backtest/by-symbol.js'
import type { Columns } from '../../src/database/columns.js'
import { openDatabase } from '../../src/database/database.js'

type Key = [symbol: number, time: number]

/** The keys in the order by symbol and time. */
function ordered(keys: readonly Key[]): Key[] {
  const columns = {
    length: keys.length,
    symbol: Int32Array.from(keys, ([symbol]) => symbol),
    bar_at: Float64Array.from(keys, ([, time]) => time),
  } as unknown as Columns
  return bySymbol.stretches(columns).flatMap(({ from, to }) => keys.slice(from, to))
}

describe('bars of several sorted files', () => {
  it('are ordered by symbol and time', () => {
    const column = fc.uniqueArray(fc.nat(40), { minLength: 8, maxLength: 40 })
    fc.assert(fc.property(fc.array(column, { minLength: 1, maxLength: 4 }), fc.nat(30), (times, cut) => {
      const sorted = times.flatMap((list, symbol) => list.sort((a, b) => a - b).map((time): Key => [symbol, time]))
      const files = [sorted.filter(([, time]) => time < cut), sorted.filter(([, time]) => time >= cut)]
      expect(ordered(files.flat())).toEqual(sorted)
    }))
  })

  it('in reverse are put right', () => {
    const later: Key[] = [0, 1].flatMap((symbol) => [10, 11, 12, 13, 14, 15].map((time): Key => [symbol, time]))
    const early = later.map(([symbol, time]): Key => [symbol, time - 10])
    expect(ordered([...later, ...early])).toEqual([...early.slice(0, 6), ...later.slice(0, 6), ...early.slice(6), ...later.slice(6)])
  })

  it('that threads took in turns are put right, also of three threads', () => {
    const chunks = [0, 1, 2, 3, 4, 5].map((chunk) => [0, 1, 2, 3, 4].map((bar): Key => [7, chunk * 10 + bar]))
    const threads = [[0, 3], [1, 4], [2, 5]].map((taken) => taken.flatMap((chunk) => chunks[chunk]))
    expect(ordered(threads.flat())).toEqual(chunks.flat())
    expect(ordered(threads.toReversed().flat())).toEqual(chunks.flat())
  })

  it('keep two rows of one time beside each other', () => {
    const one = [0, 2, 4, 6, 8, 10, 12, 14].map((time): Key => [0, time])
    expect(ordered([...one, [0, 6]])).toEqual([...one.slice(0, 4), [0, 6], ...one.slice(4)])
  })

  it('are sorted however mixed up they are', () => {
    const anyKeys = fc.uniqueArray(fc.tuple(fc.nat(5), fc.nat(40)), { selector: String, maxLength: 60 })
    fc.assert(fc.property(anyKeys, (mixed) => {
      const sorted = mixed.toSorted((a, b) => a[0] - b[0] || a[1] - b[1])
      expect(ordered(mixed)).toEqual(sorted)
    }))
  })

  it('may be none', () => {
    expect(ordered([])).toEqual([])
  })
})

describe('columns that are read in the order by symbol and time', () => {
  /** Rows of a result that comes as `sorting` says, over several chunks and with gaps, in the order in which they are read. */
  async function read(sorting: string): Promise<unknown[][]> {
    const database = await openDatabase()
    const result = await database.computed(`
      select
        (range // 1500)::integer as symbol,
        (range % 1500)::double as bar_at,
        if(range % 7 = 0, null, range)::double as price,
        if(range % 11 = 0, null, range % 100)::tinyint as flag,
        range::integer as number
      from range(9000) order by ${sorting}`)
    const { length, ...columns } = result(bySymbol)
    const lists = Object.values(columns).map((column) => Array.from(column))
    database.close()
    return Array.from({ length }, (_, row) => lists.map((list) => list[row]))
  }

  const expected = Array.from({ length: 9000 }, (_, i) => {
    return [Math.floor(i / 1500), i % 1500, i % 7 === 0 ? NaN : i, i % 11 === 0 ? -1 : i % 100, i]
  })

  it.each([
    ['as they come', 'range'],
    ['symbols and times backwards', 'range desc'],
    ['files of three sets of times', '(range % 1500) // 500 desc, range'],
    ['in no order', 'hash(range)'],
  ])('each have their own values: %s', async (_name, sorting) => {
    expect(await read(sorting)).toEqual(expected)
  })

  it('may be none', async () => {
    const database = await openDatabase()
    const result = await database.computed('select 1 as symbol, 1::double as bar_at where false')
    expect(result(bySymbol)).toEqual({ length: 0, symbol: new Int32Array(0), bar_at: new Float64Array(0) })
    database.close()
  })
})
