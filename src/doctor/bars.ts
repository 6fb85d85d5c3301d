import { basename } from 'node:path'
import type { Database } from '../database/database.js'
import { literal, sqlValue } from '../database/quote.js'
import { messageOf } from '../errors.js'
import { count, counted } from '../format.js'
import { readSql } from '../models/model.js'
import { timeframeFolder, type Store } from '../store/layout.js'
import { readManifest, type Manifest } from '../store/manifest.js'
import { storedFiles } from '../store/partition-file.js'
import { timeframes } from '../store/timeframe.js'
import { readBarFiles } from './bar-files.js'
import { ok, problem, some, type Finding } from './finding.js'
import { holeFindings } from './holes.js'

const anew = 'bring the store back from a copy, or move the folder of this timeframe away and import its bars anew'

/** The checks of sql/checks/store, each with what is said when it finds nothing. */
const checks = [
  { file: 'bar_order', passed: 'sorted by symbol and time, each bar once' },
  { file: 'bar_period', passed: 'each bar in the file of its period' },
  { file: 'bar_values', passed: 'prices within low and high, nothing missing' },
  { file: 'manifest_content', passed: 'as the manifest says' },
  { file: 'manifest_symbols', passed: 'symbols as the manifest says' },
] as const

/**
 * Checks the bars of every timeframe of a store: that they can be read, are sorted, unique, in their places, and as written; where all
 * of that is so, also that they have no long holes.
 */
export async function barFindings(database: Database, store: Store): Promise<Finding[]> {
  const findings: Finding[] = []
  for (const { name } of timeframes) findings.push(...await timeframeFindings(database, store, name))
  if (findings.length > 0) {
    const isWhole = findings.every(({ status }) => status === 'ok')
    return isWhole ? [...findings, ...await holeFindings(database, store)] : findings
  }
  return [problem('bars', `there are none at ${store.folder}`, 'dgas import brings bars; without --store the sample store is used')]
}

async function timeframeFindings(database: Database, store: Store, name: string): Promise<Finding[]> {
  const manifest = readOr(() => readManifest(timeframeFolder(store, name)))
  if (manifest instanceof Error) return [problem(`bars ${name}: manifest`, messageOf(manifest), anew)]
  const partitions = Object.values(manifest.partitions)
  if (partitions.length === 0) return []
  const { files, findings } = await readBarFiles(database, store, name, manifest)
  const bars = partitions.filter(({ file }) => files.includes(file)).reduce((sum, { rows }) => sum + rows, 0)
  const readable = `${counted(files.length, 'file')} with ${counted(bars, 'bar')} of ${counted(manifest.symbols.length, 'symbol')}`
  if (findings.length === 0) findings.push(ok(`bars ${name}`, `${readable} can be read`))
  if (files.length === 0) return findings
  await createInputs(database, store, name, manifest, files)
  return [...findings, ...await contentFindings(database, name, findings.every(({ status }) => status === 'ok'))]
}

async function createInputs(database: Database, store: Store, name: string, manifest: Manifest, files: readonly string[]) {
  await database.run(`create or replace view stored_files as ${storedFiles(timeframeFolder(store, name), files)}`)
  const rows = Object.values(manifest.partitions).map(({ file, rows, data_hash }) => {
    return `(${literal(file)}, ${rows}, ${literal(data_hash)})`
  })
  await database.run(`
    create or replace table manifest_partitions as from (values ${rows.join(', ')}) as partitions(file, rows, data_hash);
    create or replace table manifest_symbols as select unnest(${sqlValue(manifest.symbols)}::varchar[]) as symbol`)
}

/** `isWhole`: whether every file of the manifest could be read. */
async function contentFindings(database: Database, name: string, isWhole: boolean): Promise<Finding[]> {
  const findings: Finding[] = []
  for (const { file, passed } of checks) {
    if (file === 'manifest_symbols' && !isWhole) continue
    findings.push(await checked(database, name, file, passed))
  }
  const isOrdered = findings.slice(0, 2).every(({ status }) => status === 'ok')
  // where every file is sorted without repetition and holds its period alone, no bar can be there twice
  return isOrdered ? findings : [...findings, await checked(database, name, 'bar_keys', 'each bar once')]
}

async function checked(database: Database, name: string, file: string, passed: string): Promise<Finding> {
  const text = readSql(`checks/store/${file}.sql`)
  const check = `bars ${name}: ${basename(file).split('_')[1]}`
  const rule = /^-- check: (.*)/.exec(text)?.[1] ?? ''
  const rows = await database.rows<Place>(`from (${text}) limit 1000`, { name: file })
  if (rows.length === 0) return ok(check, passed)
  const places = [...new Set(rows.map(placeOf))]
  const many = rows.length === 1000 ? 'at least 1,000' : count(rows.length)
  return problem(check, `${many} times it does not hold that ${rule}: ${some(places)}`, anew)
}

/** The columns by which the checks name a place, as far as each has them. */
interface Place {
  file?: string
  symbol?: string | null
  bar_at?: Date | null
  symbol_named?: string | null
  symbol_found?: string | null
}

function placeOf({ file, symbol, bar_at, symbol_named, symbol_found }: Place): string {
  if (file === undefined) return symbol_named == null ? `${symbol_found ?? '–'} is not named` : `${symbol_named} has no bars`
  if (symbol === undefined) return file
  return `${symbol ?? '–'} ${bar_at?.toISOString().slice(0, 16) ?? '–'} in ${file}`
}

function readOr<T>(read: () => T): T | Error {
  try {
    return read()
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error))
  }
}
