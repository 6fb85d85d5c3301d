import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openDatabase, type Database } from '../../src/database/database.js'
import { writeInstruments } from '../../src/store/instruments.js'
import { storeAt, type Store } from '../../src/store/layout.js'
import { resolveUniverse, type WantedSymbols } from '../../src/store/universe.js'

const stored = ['AAA', 'BBB', 'BRK-B', 'CCC', 'NA']
let database: Database
let store: Store
beforeAll(async () => {
  database = await openDatabase()
  store = storeAt(mkdtempSync(join(tmpdir(), 'dgas-universe-')))
  mkdirSync(join(store.folder, 'universes'))
  write('universes/tech.csv', 'Ticker,weight\nCCC,1\nAAA,2\nCCC,3\n')
  write('universes/late.csv', 'symbol\nAAA\nAAB\nZZZZZ\n')
  write('universes/none.csv', 'symbol\nAAB\nZZZZZ\n')
  const rows = `values ('AAA', 'Alpha', 'XNYS', 'Energy', 'Oil'), ('BBB', 'Beta', 'XNYS', 'Utilities', null)`
  await writeInstruments(database, store, `from (${rows}) as t(symbol, name, exchange, sector, industry)`)
})
afterAll(() => {
  database.close()
  rmSync(store.folder, { recursive: true })
})

describe('a universe', () => {
  it('is all stored symbols', async () => {
    expect(await resolve({})).toEqual(stored)
  })

  it('is a list of the store, each symbol once and sorted', async () => {
    expect(await resolve({ universe: 'tech' })).toEqual(['AAA', 'CCC'])
  })

  it.each([
    ['a column symbol', 'name;symbol\nAlpha;AAA\nBerkshire;BRK-B\n', ['AAA', 'BRK-B']],
    ['one column without a header', 'BBB\nAAA\n', ['AAA', 'BBB']],
    ['one symbol without a newline', 'NA', ['NA']],
    ['blank lines, blanks and Windows line ends', 'SYMBOL\r\n AAA \r\n\r\nNA\r\n', ['AAA', 'NA']],
    ['quotes', '"symbol","name"\n"AAA","Alpha, Inc."\n', ['AAA']],
    ['a byte order mark', '\ufeffsymbol\nAAA\n', ['AAA']],
  ])('is a file with %s', async (_, text, symbols) => {
    expect(await resolve({ universe: write('list.csv', text) })).toEqual(symbols)
  })

  it('is given by name', async () => {
    expect(await resolve({ symbols: ['CCC', 'AAA', 'CCC'], universe: 'unused' })).toEqual(['AAA', 'CCC'])
  })
})

describe('a condition', () => {
  it('chooses by instrument', async () => {
    expect(await resolve({ where: `sector = 'Energy' -- only these` })).toEqual(['AAA'])
  })

  it('sees null where no instrument is known', async () => {
    expect(await resolve({ where: 'instruments.sector is null', universe: 'tech' })).toEqual(['CCC'])
  })

  it('shows a mistake with a caret', async () => {
    expect(await failure({ where: `sectr = 'Energy'` })).toBe(
      `--where: Referenced column "sectr" not found in FROM clause (did you mean sector?)\n` +
        `line 1: sectr = 'Energy'\n        ^`,
    )
  })

  it('is one condition and nothing more', async () => {
    expect(await failure({ where: 'true); drop table x; select (1' })).toBe('--where: this is no condition')
    expect(await failure({ where: `1=1) or (1=1` })).toBe('--where: syntax error at or near ")"\nline 1: 1=1) or (1=1\n           ^')
  })

  it('that ends too early is told without what was put around it', async () => {
    expect(await failure({ where: 'sector = ' })).toBe('--where: syntax error at end of input\nline 1: sector =\n                ^')
    expect(await failure({ where: 'sector = (\n1 -- one' })).toBe('--where: syntax error at end of input\nline 2: 1 -- one\n         ^')
    expect(await failure({ where: ' ' })).toBe('--where: the condition is empty')
  })

  it('that nothing satisfies is an error', async () => {
    expect(await failure({ where: 'false' })).toContain('--where: none of 5 symbols satisfies the condition')
  })
})

it('of a list keeps the symbols without bars, which a run reports', async () => {
  expect(await resolve({ universe: 'late' })).toEqual(['AAA', 'AAB', 'ZZZZZ'])
})

describe('a mistake', () => {
  it.each<[string, Partial<WantedSymbols>, string | RegExp]>([
    ['in a symbol', { symbols: ['AAA', 'brk-c'] }, 'the store has no bars of "brk-c" (did you mean BRK-B?)'],
    ['in an empty symbol', { symbols: [''] }, /""$/],
    ['in the name', { universe: 'tecj' }, '"tecj"; expected all, late, none, tech or a CSV file with a column symbol (did you mean tech?)'],
    ['in a list without any', { universe: 'none' }, 'none.csv: the store has no bars of "AAB", nor of 1 other symbol (did you mean AAA?)'],
    ['of no symbols', { symbols: [] }, 'there is no symbol to work on'],
  ])('%s is explained', async (_, wanted, text) => {
    expect(await failure(wanted)).toMatch(text)
  })

  it('in a file is explained', async () => {
    expect(await failure({ universe: write('empty.csv', '') })).toContain('this universe has no symbols')
    expect(await failure({ universe: write('wide.csv', 'a,b\n1,2\n') })).toContain('expected a column symbol or ticker')
  })

  it('is a wrong use of the command line', async () => {
    await expect(resolve({ universe: 'tecj' })).rejects.toMatchObject({ exitCode: 2 })
  })
})

function resolve(wanted: Partial<WantedSymbols>): Promise<string[]> {
  return resolveUniverse(database, store, { symbols: null, universe: 'all', where: null, ...wanted }, stored)
}

async function failure(wanted: Partial<WantedSymbols>): Promise<string> {
  return resolve(wanted).then(() => 'no error', (error: unknown) => (error as Error).message)
}

function write(name: string, text: string): string {
  const file = join(store.folder, name)
  writeFileSync(file, text)
  return file
}
