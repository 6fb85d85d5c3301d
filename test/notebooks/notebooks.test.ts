import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openStore, query, type OpenStore } from '../../src/index.js'
import { testStore, type TestStore } from '../backtest/store.js'

const folder = resolve(import.meta.dirname, '../../notebooks')
const notebooks = readdirSync(folder).filter((name) => name.endsWith('.html'))
const cells = notebooks.flatMap((name) => cellsOf(name))

let room: TestStore
let store: OpenStore
beforeAll(async () => {
  room = await testStore(2)
  store = await openStore(room.folder)
})
afterAll(() => {
  store.close()
  room.remove()
})

describe('the SQL cells of the notebooks', () => {
  const queries = cells.filter(({ attributes }) => attributes.includes('type="application/sql"'))

  it('are there', () => {
    expect(queries.length).toBeGreaterThan(10)
  })

  it.each(queries)('$name, cell $id runs', async ({ attributes, text }) => {
    expect(attributes).toContain('database="dgas"')
    expect(Object.keys((await query(store, text)).columns).length).toBeGreaterThan(0)
  })
})

it.each(notebooks)('%s ends in a finding whose numbers are computed', (name) => {
  const last = cellsOf(name).at(-1)!
  expect(last.text).toContain('## Finding')
  const written = last.text.replaceAll(/\$\{[^}]*\}/g, '').replaceAll('5-9', '')
  expect(written.match(/\d/g)).toBe(null)
  expect(last.text.match(/\$\{/g)!.length).toBeGreaterThan(3)
})

it.each(notebooks)('%s names each cell once and imports no network address', (name) => {
  const ids = cellsOf(name).map(({ id }) => id)
  expect(new Set(ids).size).toBe(ids.length)
  expect(readFileSync(join(folder, name), 'utf8')).not.toMatch(/https?:\/\//)
})

function cellsOf(name: string): { name: string; id: string; attributes: string; text: string }[] {
  const source = readFileSync(join(folder, name), 'utf8')
  return [...source.matchAll(/<script id="(\d+)" ([^>]*)>([\s\S]*?)<\/script>/g)].map(([, id, attributes, text]) => ({ name, id, attributes, text }))
}
