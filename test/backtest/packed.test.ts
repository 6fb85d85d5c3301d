import { describe, expect, it } from 'vitest'
import { packed } from '../../src/backtest/packed.js'
import type { Columns } from '../../src/database/columns.js'
import { openDatabase } from '../../src/database/database.js'

function columnsOf(named: Record<string, number[]>): Columns {
  const columns = Object.fromEntries(Object.entries(named).map(([name, values]) => [name, Float64Array.from(values)]))
  return { length: Object.values(named)[0].length, ...columns } as unknown as Columns
}

describe('packed columns', () => {
  it('leave out what is the same in all rows or repeats another column, but never the first', () => {
    const { columns, sql } = packed(columnsOf({ symbol: [3, 3], fee: [0.5, 0.5], price: [1.5, 2.5], again: [1.5, 2.5] }))
    expect(Object.keys(columns)).toEqual(['length', 'symbol', 'price'])
    expect(sql).toEqual(new Map([['symbol', '"symbol"'], ['fee', `'0.5'::double`], ['price', '"price"'], ['again', '"price"']]))
  })

  it('make whole numbers of 32 bits INTEGER, and nothing else', () => {
    const others = { part: [1, 1.5], large: [1, 2 ** 31], missing: [1, NaN], zero: [1, -0], infinite: [1, Infinity] }
    const { columns } = packed(columnsOf({ whole: [1, -(2 ** 31)], ...others }))
    const { whole, ...rest } = columns as unknown as Record<string, unknown>
    expect(whole).toEqual(Int32Array.of(1, -(2 ** 31)))
    for (const name of Object.keys(others)) expect(rest[name], name).toBeInstanceOf(Float64Array)
  })

  it('are told apart where only NaN or the sign of a zero differs', () => {
    const { columns } = packed(columnsOf({ first: [0, 1], second: [-0, 1], third: [NaN, 1], fourth: [-0, -0] }))
    expect(Object.keys(columns)).toEqual(['length', 'first', 'second', 'third'])
  })

  it('are the same numbers again in the database', async () => {
    const given = { first: [1, 2, 3], fee: [-0, -0, -0], none: [NaN, NaN, NaN], price: [0.1, NaN, -0], again: [0.1, NaN, -0], large: [2 ** 53, 1, -1] }
    const { columns, sql } = packed(columnsOf(given))
    const database = await openDatabase({ threads: 1 })
    await database.append('rows_of', columns)
    const list = [...sql].map(([name, value]) => `(${value})::double as "${name}"`)
    const read = await database.columns(`select ${list.join(', ')} from rows_of`) as unknown as Record<string, Float64Array>
    database.close()
    for (const [name, values] of Object.entries(given)) expect([...read[name]], name).toEqual(values)
  })

  it('say in which of them a number is missing', () => {
    const { missing } = packed(columnsOf({ whole: [1, 2], some: [1, NaN], none: [NaN, NaN], again: [1, NaN] }))
    expect([...missing]).toEqual(['some', 'none', 'again'])
  })
})
