import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openGeometry, type TestBar } from './bars.js'

const bars = read('bars.csv').map((row): TestBar => {
  return { symbol: row.set, high: Number(row.high), low: Number(row.low), close: Number(row.close) }
})
const database = await openGeometry(bars)
const computed = await database.rows<Record<string, string | number | boolean | null>>('select * from geometry order by symbol, bar_at')

/** The geometry of the `index`th bar of a set. */
function geometryOf(set: string, index: number): Record<string, string | number | boolean | null> {
  return computed.filter(({ symbol }) => symbol === set)[index]
}

const expected = read('expected.csv')
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
      else expect(Math.abs(Number(value) - Number(text)), `${where}: ${value} for ${text}`).toBeLessThan(1e-6)
    }
  })

  it('agree with the levels that a vendor published', () => {
    const published = read('published.csv')
    expect(published.length).toBeGreaterThan(20)
    for (const { set, bar, column, value, tolerance } of published) {
      const index = numbered.find((row) => row.set === set && row.bar === bar)!.index
      const own = Number(geometryOf(set, index)[column])
      expect(Math.abs(own - Number(value)), `${column} of ${set} ${bar}: ${own}`).toBeLessThanOrEqual(Number(tolerance) + 1e-9)
    }
  })
})

type Row = Record<string, string> & { set: string; bar: string }

function read(file: string): Row[] {
  const [header, ...lines] = readFileSync(resolve(import.meta.dirname, '../golden', file), 'utf8').trim().split(/\r?\n/)
  const names = header.split(',')
  return lines.map((line) => Object.fromEntries(line.split(',').map((text, index) => [names[index], text])) as Row)
}
