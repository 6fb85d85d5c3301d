import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openDatabase, type Database } from '../../src/database/database.js'
import { callsMacro, createMacros, createMacrosOf } from '../../src/models/macros.js'

let whole: Database
beforeAll(async () => {
  whole = await openDatabase()
  await createMacros(whole)
})
afterAll(() => whole.close())

async function macrosOf(database: Database): Promise<string[]> {
  const rows = await database.rows<{ name: string }>(`select function_name as name from duckdb_functions() where not internal and function_type = 'macro' order by 1`)
  return rows.map(({ name }) => name)
}

/** The names of the macros that are created for some SQL. */
async function createdFor(sql: string): Promise<string[]> {
  const database = await openDatabase({ threads: 1 })
  await createMacrosOf(database, sql)
  return macrosOf(database).finally(() => database.close())
}

describe('macros of some SQL', () => {
  it('are those that it calls, and those that these call', async () => {
    expect(await createdFor('select mean3(high, low, close) from bars')).toEqual(['mean3'])
    expect(await createdFor('select SIDE_OF(close, pldot) from bars')).toEqual(['is_above', 'is_below', 'price_tolerance', 'side_of'])
  })

  it('are not those of comments and texts', async () => {
    expect(await createdFor(`select 'mean3' as side -- of mean3(a, b, c)`)).toEqual([])
    expect(callsMacro(`select 'mean3' as side`)).toBe(false)
    expect(callsMacro('select mean3(1, 2, 3)')).toBe(true)
  })

  it('are enough to call any of them', async () => {
    const all = await macrosOf(whole)
    expect(all.length).toBeGreaterThan(50)
    for (const name of all) {
      const [{ parameters }] = await whole.rows<{ parameters: string[] }>(`select parameters from duckdb_functions() where function_name = '${name}' and not internal`)
      const call = `select ${name}(${parameters.map(() => 'null').join(', ')})`
      const database = await openDatabase({ threads: 1 })
      await createMacrosOf(database, call)
      const outcomes = await Promise.all([whole, database].map((one) => one.rows(call).catch(String)))
      expect(outcomes[1], name).toEqual(outcomes[0])
      database.close()
    }
  })
})
