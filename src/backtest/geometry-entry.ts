import { join } from 'node:path'
import type { Database } from '../database/database.js'
import { identifier, literal } from '../database/quote.js'
import { viewSql } from '../models/bar-views.js'
import { readModels } from '../models/model.js'
import { columnNames, namesIn, wordsIn } from '../models/prune.js'
import { cachedFolder, readCached, type CachedColumns, type CachedFile } from '../store/geometry-files.js'
import type { Store } from '../store/layout.js'
import type { BacktestConfig } from './config.js'
import { entryName, type GeometryIdentity } from './geometry-identity.js'
import type { GeometryWriter } from './geometry-writer.js'

/** Returns SQL that computes a relation, with the columns that `columnsRead` names. */
export type Compute = (relation: string, columnsRead: string) => Promise<string>

/** What a run does with a relation that its strategy reads. */
export interface Entry {
  relation: string
  timeframe: string
  folder: string
  /** Its columns besides symbol, timeframe, bar_at and session_date. */
  columns: readonly string[]
  /** Words that may be names of columns, and those of them that this run and others have asked for. */
  names: readonly string[]
  asked: readonly string[]
  /** Those of this run, which sees no other columns: what others have asked for changes nothing for it. */
  own: readonly string[]
  /** What the store holds of these data, as far as this run can use it. */
  found: CachedColumns | null
  /** Returns SQL that computes it. */
  computed: () => Promise<string>
  /** What it does: reads it from the store, computes it table by table, which are written there, or only computes it. */
  mode: 'read' | 'write' | 'compute'
  writer: GeometryWriter | null
}

/** What columns of a run are computed of, and where they are kept. */
export interface EntryOrigin {
  store: Store
  config: BacktestConfig
  identity: GeometryIdentity
}

/** Returns the entry of a relation that the strategy `text` reads, which is only computed so far. */
export function entryOf({ store, config, identity }: EntryOrigin, relation: string, text: string, compute: Compute): Entry {
  const folder = cachedFolder(store, entryName(relation, config))
  const present = ofTheseData(readCached(folder), identity)
  const found = present !== null && reaches(present, config) ? present : null
  const names = present?.names ?? columnNames([...readModels().values()])
  const known = new Set(names)
  const own = wordsIn(text).filter((word) => [...namesIn(word)].some((name) => known.has(name)))
  // also of one that does not reach as far: else two runs that end elsewhere would replace it in turns
  const asked = [...new Set([...(present?.asked ?? []), ...own])].sort()
  const computed = () => compute(relation, asked.join(' '))
  const { timeframe: { name: timeframe } } = config
  return { relation, timeframe, folder, columns: found?.columns ?? [], names, asked, own, found, computed, mode: 'compute', writer: null }
}

/** What a folder holds, if that was computed here and now, of these data. */
function ofTheseData(present: CachedColumns | null, { program, data }: GeometryIdentity): CachedColumns | null {
  return present?.program === program && present.data === data ? present : null
}

/** Whether cached columns reach as far as the run does. */
function reaches({ to: end }: CachedColumns, { to, timeframe: { unit = 'day' } }: BacktestConfig): boolean {
  // a week that the run cuts short is another bar than the whole one
  if (unit !== 'day') return end === to
  return end === null || (to !== null && to <= end)
}

/** Returns the statement by which the strategy reads an entry from the rows of `sql` for which `condition` holds. */
export function viewOf({ relation, timeframe, columns, own }: Entry, sql: string, condition = 'true'): string {
  const shown = columns.filter((name) => own.includes(name)).map(identifier)
  const list = ['symbol', `${literal(timeframe)} as timeframe`, 'bar_at', 'session_date', ...shown].join(', ')
  return viewSql('cached', relation, `select ${list} from (${sql}) where ${condition}`)
}

/** Returns the columns, with their types, of the rows of `sql`. */
export async function columnsOf(database: Database, sql: string): Promise<{ name: string; type: string }[]> {
  return database.rows<{ name: string; type: string }>(`select column_name as name, column_type as type from (describe from (\n${sql}\n))`)
}

/** Whether all files of an entry can be read to their ends. */
export async function isReadable(database: Database, entry: Entry): Promise<boolean> {
  try {
    await database.value(`select sum(hash(cached)) from (${filesSql(entry, null)}) as cached`)
    return true
  } catch {
    return false
  }
}

/** Columns that every entry has. */
const always = ['symbol', 'timeframe', 'bar_at', 'session_date']

/** Types whose values are the same when they have been in a file, but for the sign of a zero, which no model was seen to give. */
const storable = /^(?:VARCHAR|BOOLEAN|DOUBLE|DATE|TIMESTAMP|(?:TINY|SMALL|BIG)INT|INTEGER)$/

/**
 * Returns the columns of a relation that are kept, of those that are `asked` for, and the list with types that makes a table of all that an
 * entry has; null when the values of one would not be the same from a file.
 */
export function keptColumns(known: readonly { name: string; type: string }[], asked: readonly string[]): { columns: string[]; list: string } | null {
  const columns = known.filter(({ name }) => asked.includes(name) && !always.includes(name))
  if (!columns.every(({ type }) => storable.test(type))) return null
  const all = [...always.map((name) => known.find((column) => column.name === name)!), ...columns].filter(({ name }) => name !== 'timeframe')
  return { columns: columns.map(({ name }) => name), list: all.map(({ name, type }) => `${identifier(name)} ${type}`).join(', ') }
}

/** Returns the symbols of cached columns; null has none. */
export function symbolsOf(found: CachedColumns | null): Set<string> {
  return new Set(found?.files.flatMap((file) => file.symbols))
}

/** Whether the store has all columns of an entry, and most of its symbols: some of these may turn out to have too few bars. */
export function holds({ found, asked }: Entry, symbols: readonly string[]): boolean {
  if (found === null || asked.length > found.asked.length) return false
  const present = symbolsOf(found)
  return symbols.filter((symbol) => present.has(symbol)).length * 2 > symbols.length
}

/** Returns the files that have any of the symbols, null standing for all. */
export function filesWith({ found }: Entry, symbols: readonly string[] | null): CachedFile[] {
  const wanted = new Set(symbols)
  return found!.files.filter((file) => symbols === null || file.symbols.some((symbol) => wanted.has(symbol)))
}

/** Returns SQL of the rows of these files. */
export function filesSql(entry: Entry, symbols: readonly string[] | null): string {
  const paths = filesWith(entry, symbols).map(({ file }) => literal(join(entry.folder, file)))
  return `select * from read_parquet([${paths.join(', ')}])`
}
