import { describe, expect, it } from 'vitest'
import { geometryRows, type Value } from './bars.js'
import { goldenBars, readGolden } from './golden.js'

const computed = await geometryRows(goldenBars())

/** The geometry of the `index`th bar of a set. */
function geometryOf(set: string, index: number): Record<string, Value> {
  return computed.filter(({ symbol }) => symbol === set)[index]
}

const expected = readGolden('expected.csv')
const numbered = expected.map((row, index) => ({ ...row, index: index - expected.findIndex(({ set }) => set === row.set) }))
const columns = Object.keys(expected[0]).filter((name) => name !== 'set' && name !== 'bar')

describe('the worked examples', () => {
  it.each(columns)('agree on %s', (column) => {
    for (const row of numbered) {
      const text = (row as unknown as Record<string, string>)[column]
      const value = geometryOf(row.set, row.index)[column]
      const where = `${column} of ${row.set} ${row.bar}`
      if (text === '') expect(value, where).toBeNull()
      else if (typeof value === 'boolean') expect(value, where).toBe(text === 'True')
      else if (Number.isNaN(Number(text))) expect(value, where).toBe(text)
      else expect(Math.abs(Number(value) - Number(text)), `${where}: ${String(value)} for ${text}`).toBeLessThan(1e-6)
    }
  })

  it('agree with the levels that a vendor published', () => {
    const published = readGolden('published.csv')
    expect(published.length).toBeGreaterThan(20)
    for (const { set, bar, column, value, tolerance } of published) {
      const index = numbered.find((row) => row.set === set && row.bar === bar)!.index
      const own = Number(geometryOf(set, index)[column])
      expect(Math.abs(own - Number(value)), `${column} of ${set} ${bar}: ${own}`).toBeLessThanOrEqual(Number(tolerance) + 1e-9)
    }
  })
})
