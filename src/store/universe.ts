import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { assertCondition, whereSql } from '../database/condition.js'
import { openDatabase, type Database } from '../database/database.js'
import { literal, sqlValue } from '../database/quote.js'
import { nearest, usageError } from '../errors.js'
import { counted } from '../format.js'
import { instrumentsSql } from './instruments.js'
import { storeFolders, universesFolder, type Store } from './layout.js'

/** Which symbols are wanted. */
export interface WantedSymbols {
  /** Symbols by name; null: those of `universe`. */
  symbols: readonly string[] | null
  /** `all`, the name of a file `universes/<name>.csv` of the store, or the path of a CSV file. */
  universe: string
  /** An SQL condition on `instruments`; null: no condition. */
  where: string | null
}

/**
 * Returns the wanted symbols, sorted, each once; `stored` are the symbols that have bars, of which those of a file need only
 * have some. Throws a usage error for a symbol or universe that is not known and when no symbol is left, and a `DgasError`
 * with a caret for a mistake in the condition.
 */
export async function resolveUniverse(
  database: Database,
  store: Store,
  wanted: WantedSymbols,
  stored: readonly string[],
): Promise<string[]> {
  const { symbols, universe, where } = wanted
  const named = symbols === null ? await universeSymbols(database, store, universe, stored) : known(symbols, stored, null)
  if (named.length === 0) throw usageError({ what: 'there is no symbol to work on', expected: 'at least one symbol' })
  const chosen = where === null ? named : await satisfying(store, where, named)
  return [...new Set(chosen)].sort()
}

async function universeSymbols(
  database: Database,
  store: Store,
  universe: string,
  stored: readonly string[],
): Promise<readonly string[]> {
  if (universe === 'all') return stored
  const file = universeFile(store, universe)
  const symbols = await readUniverse(database, file)
  if (symbols.length === 0) throw usageError({ what: 'this universe has no symbols', where: file })
  const all = new Set(stored)
  return symbols.some((symbol) => all.has(symbol)) ? symbols : known(symbols, stored, file)
}

function universeFile(store: Store, universe: string): string {
  const folder = universesFolder(store)
  const named = join(folder, `${universe}.csv`)
  if (/^[\w.-]+$/.test(universe) && existsSync(named)) return named
  if (existsSync(universe) && statSync(universe).isFile()) return universe
  const names = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.csv')) : []
  const universes = ['all', ...names.map((name) => name.slice(0, -'.csv'.length)).sort()]
  throw usageError({
    what: `there is no universe "${universe}"`,
    where: '--universe',
    expected: `${universes.join(', ')} or a CSV file with a column symbol`,
    nearest: nearest(universe, universes),
  })
}

/** Reads the column `symbol` or `ticker` of a CSV file, or the only column of a file without a header. */
async function readUniverse(database: Database, file: string): Promise<string[]> {
  if (statSync(file).size === 0) return []
  const sql = `select * from read_csv(${literal(file)}, header = false, all_varchar = true, parallel = false)`
  const rows = await database.rows<Record<string, string | null>>(sql, { name: file })
  const lines = rows.map((row) => Object.values(row))
  const header = lines.length === 0 ? [] : lines[0].map((name) => name?.trim().toLowerCase() ?? '')
  const at = header.findIndex((name) => name === 'symbol' || name === 'ticker')
  if (at < 0 && header.length > 1) {
    throw usageError({ what: 'there is no column of symbols', where: file, expected: 'a column symbol or ticker' })
  }
  const values = at < 0 ? lines.map(([value]) => value) : lines.slice(1).map((line) => line[at])
  return values.map((value) => value?.trim() ?? '').filter((value) => value !== '')
}

function known(symbols: readonly string[], stored: readonly string[], file: string | null): readonly string[] {
  const all = new Set(stored)
  const unknown = [...new Set(symbols)].filter((symbol) => !all.has(symbol))
  if (unknown.length === 0) return symbols
  const [first] = unknown
  const others = unknown.length === 1 ? '' : `, nor of ${counted(unknown.length - 1, 'other symbol')}`
  throw usageError({
    what: `the store has no bars of "${first}"${others}`,
    where: file ?? undefined,
    nearest: nearest(first, stored),
  })
}

/** A symbol of which the store knows no instrument has null in every column but `symbol`. */
async function satisfying(store: Store, where: string, symbols: readonly string[]): Promise<readonly string[]> {
  const listed = `select unnest(${sqlValue(symbols)}) as symbol`
  const instruments = `select * from (${listed}) left join (${instrumentsSql(store)}) using (symbol)`
  const selecting = `select distinct symbol from (${instruments}) as instruments`
  const rows = await confinedRows(store, selecting, where)
  if (rows.length > 0) return rows.map(({ symbol }) => symbol)
  throw usageError({
    what: `none of ${counted(symbols.length, 'symbol')} satisfies the condition`,
    where: '--where',
    expected: `a condition on instruments such as "sector = 'Energy'"`,
  })
}

/** Reads the symbols that satisfy a condition in a database of its own, from which nothing outside the store can be reached. */
async function confinedRows(store: Store, selecting: string, where: string): Promise<{ symbol: string }[]> {
  const database = await openDatabase({ threads: 1 })
  try {
    await database.confine(storeFolders(store))
    await assertCondition(database, selecting, { text: where, option: '--where', relations: ['instruments'] })
    return await database.rows<{ symbol: string }>(whereSql(selecting, where), { name: '--where', linesBefore: 1, text: where })
  } finally {
    database.close()
  }
}
