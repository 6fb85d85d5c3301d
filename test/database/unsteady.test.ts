import { expect, it } from 'vitest'
import { openDatabase } from '../../src/database/database.js'

/** What DuckDB lists as unsteady, but is none for who reads rows: it fails, or depends on the connection alone. */
const steady = ['error', 'current_database', 'current_schema', 'current_schemas', 'in_search_path']

it('knows every function of DuckDB that comes to something else each time', async () => {
  const database = await openDatabase({ threads: 1 })
  const rows = await database.rows<{ name: string }>(`
    select distinct function_name as name from duckdb_functions() where stability in ('VOLATILE', 'CONSISTENT_WITHIN_QUERY') order by name`)
  const names = rows.map(({ name }) => name).filter((name) => !steady.includes(name))
  expect(names.length).toBeGreaterThan(15)
  for (const name of names) {
    const { unsteady } = await database.parsed(`select 1 + ${name}('a')`, `select 1 + ${name}('a')`)
    expect([name, unsteady]).toEqual([name, { name, place: 11 }])
  }
  database.close()
})

it.each([
  ['select x from (select 1 as x)', null],
  ['select localtime', { name: 'localtime', place: 7 }],
  ["select '€', x from t where x in (select NOW())", { name: 'now', place: 40 }],
  ['select t.current_date from t', null],
])('finds it wherever it stands: %s', async (sql, found) => {
  const database = await openDatabase({ threads: 1 })
  expect((await database.parsed(sql, sql)).unsteady).toEqual(found)
  database.close()
})
