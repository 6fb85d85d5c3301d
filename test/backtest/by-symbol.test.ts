import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { orderedBySymbol } from '../../src/backtest/by-symbol.js'
import type { BarColumns } from '../../src/rows.js'

type Key = [symbol: number, time: number]

/** Bars whose close says which key they belong to. */
function barsOf(keys: readonly Key[]): BarColumns {
  const numbers = Float64Array.from(keys, ([symbol, time]) => symbol * 1000 + time)
  return {
    length: keys.length,
    symbol: Int32Array.from(keys, ([symbol]) => symbol),
    bar_at: Float64Array.from(keys, ([, time]) => time),
    session_date: Int32Array.from(keys, ([, time]) => time),
    ...{ open: numbers, high: numbers, low: numbers, close: numbers, volume: numbers },
  }
}

const keys = (bars: BarColumns): Key[] => Array.from(bars.symbol, (symbol, row) => [symbol, bars.bar_at[row]])

describe('bars of several sorted files', () => {
  it('are ordered by symbol and time, each with its own values', () => {
    const column = fc.uniqueArray(fc.nat(40), { minLength: 8, maxLength: 40 })
    fc.assert(fc.property(fc.array(column, { minLength: 1, maxLength: 4 }), fc.nat(30), (times, cut) => {
      const sorted = times.flatMap((list, symbol) => list.sort((a, b) => a - b).map((time): Key => [symbol, time]))
      const files = [sorted.filter(([, time]) => time < cut), sorted.filter(([, time]) => time >= cut)]
      const ordered = orderedBySymbol(barsOf(files.flat()))
      expect(keys(ordered)).toEqual(sorted)
      expect(Array.from(ordered.close)).toEqual(sorted.map(([symbol, time]) => symbol * 1000 + time))
    }))
  })

  it('in reverse are put right', () => {
    const later: Key[] = [0, 1].flatMap((symbol) => [10, 11, 12, 13, 14, 15].map((time): Key => [symbol, time]))
    const early = later.map(([symbol, time]): Key => [symbol, time - 10])
    expect(keys(orderedBySymbol(barsOf([...later, ...early])))).toEqual([...early.slice(0, 6), ...later.slice(0, 6), ...early.slice(6), ...later.slice(6)])
  })

  it('that threads took in turns are put right, also of three threads', () => {
    const chunks = [0, 1, 2, 3, 4, 5].map((chunk) => [0, 1, 2, 3, 4].map((bar): Key => [7, chunk * 10 + bar]))
    const threads = [[0, 3], [1, 4], [2, 5]].map((taken) => taken.flatMap((chunk) => chunks[chunk]))
    expect(keys(orderedBySymbol(barsOf(threads.flat())))).toEqual(chunks.flat())
    expect(keys(orderedBySymbol(barsOf(threads.toReversed().flat())))).toEqual(chunks.flat())
  })

  it('keep two rows of one time beside each other', () => {
    const one = [0, 2, 4, 6, 8, 10, 12, 14].map((time): Key => [0, time])
    expect(keys(orderedBySymbol(barsOf([...one, [0, 6]])))).toEqual([...one.slice(0, 4), [0, 6], ...one.slice(4)])
  })

  it('are sorted however mixed up they are', () => {
    const anyKeys = fc.uniqueArray(fc.tuple(fc.nat(5), fc.nat(40)), { selector: String, maxLength: 60 })
    fc.assert(fc.property(anyKeys, (mixed) => {
      const sorted = mixed.toSorted((a, b) => a[0] - b[0] || a[1] - b[1])
      const bars = orderedBySymbol(barsOf(mixed))
      expect(keys(bars)).toEqual(sorted)
      expect(Array.from(bars.close)).toEqual(sorted.map(([symbol, time]) => symbol * 1000 + time))
    }))
  })

  it('may be none', () => {
    expect(orderedBySymbol(barsOf([])).length).toBe(0)
  })
})
