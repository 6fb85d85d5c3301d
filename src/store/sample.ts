import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Database } from '../database/database.js'
import { bindParameters } from '../database/parameters.js'
import { packageFile } from '../package-file.js'
import { fileError, writeDurably } from './files.js'
import { writeInstruments } from './instruments.js'
import type { Store } from './layout.js'
import { barColumns } from './partition-file.js'
import { writeBars, type PartitionRows } from './write-bars.js'

/** The size of a synthetic store; all fields optional. */
export interface SampleSpec {
  /** Number of symbols, at most 29,160; default 517. */
  symbols?: number
  /** First day, ISO; default 2026-01-02. */
  from?: string
  /** Last day, ISO; default 2026-06-30. */
  to?: string
}

/** Raised whenever the generator would make other bars, so that an older sample is made anew. */
const version = 1

/** Holidays of US exchanges in the range of the sample. */
const holidays = ['2026-01-19', '2026-02-16', '2026-04-03', '2026-05-25', '2026-06-19']

/** Makes the sample store in `folder` unless it is there, and returns the folder. */
export async function ensureSample(database: Database, folder: string): Promise<string> {
  if (sampleVersion(folder) === version) return folder
  const beside = `${folder}.${process.pid}.tmp`
  try {
    rmSync(beside, { recursive: true, force: true })
    await writeSample(database, beside)
    replaceFolder(beside, folder)
  } catch (error) {
    throw fileError(error, dirname(folder))
  } finally {
    rmSync(beside, { recursive: true, force: true })
  }
  return folder
}

/**
 * Writes synthetic 30-minute bars and their instruments to a new store in `folder`, a month at a time: memory is bounded by
 * one month of all symbols. The same size gives the same bars on every machine.
 */
export async function writeSample(database: Database, folder: string, spec: SampleSpec = {}): Promise<void> {
  const { symbols = 517, from = '2026-01-02', to = '2026-06-30' } = spec
  const store: Store = { folder, isSample: true }
  mkdirSync(folder, { recursive: true })
  const instruments = bindParameters(readSampleSql('instruments.sql'), { symbols }, 'instruments.sql')
  await database.run(`create or replace temp table sample_instruments as ${instruments}`, { name: 'instruments.sql' })
  await writeInstruments(database, store, 'select symbol, name, exchange, sector, industry from sample_instruments')
  await writeBars(database, store, '30m', sampleMonths(database, from, to), new Date(0))
  await database.run('drop table sample_instruments; drop table sample_levels; drop table sample_month')
  writeDurably(sampleFile(folder), `${JSON.stringify({ version, symbols, from, to })}\n`)
}

/** Whether a folder is a store that was generated. */
export function isSample(folder: string): boolean {
  return existsSync(sampleFile(folder))
}

async function* sampleMonths(database: Database, from: string, to: string): AsyncGenerator<PartitionRows> {
  await database.run(`create or replace temp table sample_levels as ${firstLevels}`)
  for (const [first, last] of months(from, to)) {
    const sql = bindParameters(readSampleSql('bars.sql'), { from: first, to: last, holidays }, 'bars.sql')
    await database.run(`create or replace temp table sample_month as ${sql}`, { name: 'bars.sql' })
    yield { key: `month=${first.slice(0, 7)}`, rows: `select ${barColumns} from sample_month` }
    await database.run(`
      create or replace temp table sample_levels as
      select number, arg_max(close_level, bar_at) as level from sample_month group by number`)
  }
}

/** Log prices of 12 to 350, spread evenly. */
const firstLevels = `
  select number, 2484906650 + (md5_number_lower('price|' || number) & 65535)::bigint * 51471 as level
  from sample_instruments`

/** Cuts a range of days at the ends of months. */
function months(from: string, to: string): [first: string, last: string][] {
  const ranges: [string, string][] = []
  for (let first = from; first <= to; first = nextMonth(first)) {
    const end = new Date(Date.parse(nextMonth(first)) - 86_400_000).toISOString().slice(0, 10)
    ranges.push([first, end < to ? end : to])
  }
  return ranges
}

function nextMonth(day: string): string {
  const [year, month] = day.split('-').map(Number)
  return new Date(Date.UTC(year, month, 1)).toISOString().slice(0, 10)
}

function sampleVersion(folder: string): number | null {
  if (!existsSync(sampleFile(folder))) return null
  return (JSON.parse(readFileSync(sampleFile(folder), 'utf8')) as { version: number }).version
}

/** Keeps the runs on an older sample. Another process may have made the same one in the meantime; either will do. */
function replaceFolder(from: string, to: string): void {
  if (sampleVersion(to) === version) return
  if (existsSync(join(to, 'runs'))) renameSync(join(to, 'runs'), join(from, 'runs'))
  rmSync(to, { recursive: true, force: true })
  renameSync(from, to)
}

function sampleFile(folder: string): string {
  return join(folder, 'sample.json')
}

function readSampleSql(name: string): string {
  return readFileSync(packageFile(`sql/sample/${name}`), 'utf8')
}
