import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openDatabase } from '../../src/database/database.js'
import { relationNames } from '../../src/models/relation-names.js'
import { relationsPage } from '../../src/query/schema-text.js'
import { meaningOf, readMeanings, readSchema, type SchemaRelation } from '../../src/query/schema.js'
import { testStore, type TestStore } from '../backtest/store.js'
import { run } from '../cli/run.js'

let relations: SchemaRelation[]
let store: TestStore
beforeAll(async () => {
  const database = await openDatabase({ threads: 1 })
  relations = await readSchema(database)
  database.close()
  store = await testStore(1, '2026-01-02', '2026-01-16')
  await store.backtest('--strategy', 'pldot_cross')
})
afterAll(() => store.remove())

describe('the schema', () => {
  it('has every relation and says what its rows are', () => {
    expect(relations.map(({ name }) => name)).toEqual(relationNames())
    expect(relations.filter(({ row }) => row === null).map(({ name }) => name)).toEqual([])
  })

  it('has a meaning for every column', () => {
    const silent = relations.flatMap(({ name, columns }) => {
      return columns.filter(({ meaning }) => meaning === null).map((column) => `${name}.${column.name}`)
    })
    expect(silent).toEqual([])
  })

  it('has no meaning of what is not there, and none twice', () => {
    const meanings = readMeanings()
    const unused = [...meanings].flatMap(([section, columns]) => [...columns.keys()].filter((column) => {
      if (section === 'relations') return !relationNames().includes(column)
      return !relations.some(({ name, columns: own }) => {
        return (section === '*' || section === name) && own.some((each) => each.name === column)
      })
    }).map((column) => `${section}: ${column}`))
    // a section of several relations may hold columns of some of them only
    expect(unused.filter((name) => !/^(?:symbols|symbol_metrics|trade_groups|episodes|moves|states|bar_states|congestions): /.test(name))).toEqual([])
  })

  it.each(relationNames())('agrees with what DuckDB has over a store: %s', async (name) => {
    const found = await store.rows(`describe ${name}`)
    const { columns } = relations.find((relation) => relation.name === name)!
    expect(columns.map((column) => `${column.name} ${column.type}`)).toEqual(found.map((row) => `${String(row.column_name)} ${String(row.column_type)}`))
  })

  it('derives the columns of higher timeframes', () => {
    const meanings = readMeanings('[*]\nclose: price of the last trade\n')
    expect(meaningOf(meanings, 'context', 'second_higher_close')).toBe(`of the second higher timeframe's bar: price of the last trade`)
    expect(meaningOf(meanings, 'context', 'higher_clos')).toBeNull()
  })

  it('is the page docs/relations.md (npm run docs writes it)', () => {
    const page = readFileSync(resolve(import.meta.dirname, '../../docs/relations.md'), 'utf8')
    expect(page).toBe(relationsPage(relations))
  })
})

describe('dgas schema', () => {
  it('lists the relations', async () => {
    const { out } = await run(['schema'])
    expect(out).toMatch(/^relation +columns +one row is\n─/)
    expect(out).toMatch(/^trades +26 +a closed position, or a part of one$/m)
  })

  it('shows a relation, cut to the terminal', async () => {
    const { out } = await run(['schema', 'Bars'], '', { isTerminal: true, columns: 50 })
    expect(out.split('\n').every((line) => line.length <= 50)).toBe(true)
    expect(out).toMatch(/^closed_at +TIMESTAMP +when the bar ended, UTC…?/m)
  })

  it('gives JSON', async () => {
    expect(JSON.parse((await run(['schema', 'equity', '--json'])).out)).toMatchObject({ name: 'equity', columns: [{ name: 'run_id', type: 'VARCHAR' }, {}, {}, {}, {}, {}, {}, {}] })
    expect(JSON.parse((await run(['schema', '--json'])).out)).toHaveLength(relationNames().length)
  })

  it('names the nearest for one that is not there', async () => {
    const { code, err } = await run(['schema', 'geometri'])
    expect([code, err]).toEqual([2, 'dgas: there is no relation "geometri"; expected a name that dgas schema lists (did you mean geometry?)\n'])
  })
})
