import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { evenBars, geometryRows, type Value } from './bars.js'
import { randomSymbols } from './random-bars.js'

/** In the order of their bits, from bit 1 for bullish ones and from bit 8 for bearish ones. */
const kinds = ['push', 'refresh', 'exhaust', 'termination_touch', 'c_wave', 'envelope_exhaust']

type Row = Record<string, Value>

function expected(rows: readonly Row[], index: number): number | null {
  if (rows[index].pldot === null) return null
  const shown = rows.slice(Math.max(0, index - 9), index + 1)
  const bits = kinds.map((kind, place) => {
    const has = (sign: number) => shown.some((row) => Math.sign(row[kind] as number) === sign)
    return (has(1) ? 2 << place : 0) + (has(-1) ? 256 << place : 0)
  })
  return bits.reduce((sum, bit) => sum + bit, 0)
}

describe('recent_patterns', () => {
  it('holds the kinds and directions that the last ten bars showed', async () => {
    await fc.assert(fc.asyncProperty(randomSymbols(15, { minLength: 40, maxLength: 80 }), async (symbols) => {
      const all = await geometryRows(symbols.flat())
      for (const [{ symbol }] of symbols) {
        const rows = all.filter((row) => row.symbol === symbol)
        expect(rows.map((row) => row.recent_patterns)).toEqual(rows.map((_, index) => expected(rows, index)))
      }
    }), { numRuns: 1 })
  })
})

describe('a displacement of 0', () => {
  it('compares a close with the dot that includes it', async () => {
    // dots for the next bar  -   -   11  12  12.33
    const bars = evenBars([10, 11, 12, 13, 12])
    expect((await geometryRows(bars)).map((row) => row.side)).toEqual([null, null, null, 1, 0])
    expect((await geometryRows(bars, { displacement: 0 })).map((row) => row.side)).toEqual([null, null, 1, 1, -1])
  })

  it('moves runs with the sides', async () => {
    const bars = evenBars([10, 11, 12, 13, 14, 15])
    expect((await geometryRows(bars)).map((row) => row.run)).toEqual([null, null, null, null, null, 1])
    expect((await geometryRows(bars, { displacement: 0 })).map((row) => row.run)).toEqual([null, null, null, null, 1, 1])
  })
})
