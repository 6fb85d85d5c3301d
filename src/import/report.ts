import { renameSync } from 'node:fs'
import { join } from 'node:path'
import type { Database } from '../database/database.js'
import { literal } from '../database/quote.js'
import { DgasError } from '../errors.js'
import { count, counted, duration } from '../format.js'
import { fileError, writeDurably } from '../store/files.js'
import type { ImportFolder } from './folder.js'

/** The rows that were not written. */
export interface Rejected {
  rows_rejected: number
  /** Number of rows by reason, the most frequent first. */
  rejected: Record<string, number>
  /** The CSV file with these rows; null when there are none. */
  rejects_file: string | null
}

/** What only an import of bars has. */
export interface BarFacts {
  timeframe: string
  exchange: string
  /** Zone of the times that had no offset. */
  timezone: string
  first_session: string | null
  last_session: string | null
  /** Bars written without a volume. */
  without_volume: number
}

/** What an import did; written to `report.json`. */
export interface ImportReport extends Rejected {
  kind: 'bars' | 'instruments' | 'actions'
  files: string[]
  store: string
  /** ISO time. */
  started_at: string
  seconds: number
  rows_read: number
  rows_written: number
  /** Of the rows written, those that took the place of a stored one. */
  rows_replaced: number
  /** Symbols among the rows written. */
  symbols: number
  /** Only of bars. */
  bars?: BarFacts
  report_file: string
}

/** Writes the rejected rows of a query (file, row, line, reason, …) into the folder of the import, if there are any. */
export async function writeRejects(database: Database, folder: ImportFolder, sql: string): Promise<Rejected> {
  const reasons = await database.rows<{ reason: string; rows: number }>(
    `select reason, count(*) as rows from (${sql}) group by reason order by rows desc, reason`,
  )
  const name = 'rejects.csv'
  const file = literal(join(folder.work, name))
  const ordered = `from (${sql}) order by file, row`
  if (reasons.length > 0) await database.run(`copy (${ordered}) to ${file} (format csv, header)`)
  return {
    rows_rejected: reasons.reduce((sum, { rows }) => sum + rows, 0),
    rejected: Object.fromEntries(reasons.map(({ reason, rows }) => [reason, rows])),
    rejects_file: reasons.length > 0 ? join(folder.folder, name) : null,
  }
}

/**
 * Writes the report, moves the folder of the import to its place and returns the report. Throws a `DgasError` when nothing
 * was written to the store.
 */
export function finishImport({ work, folder }: ImportFolder, facts: Omit<ImportReport, 'report_file'>): ImportReport {
  const report: ImportReport = { ...facts, report_file: join(folder, 'report.json') }
  const { rows_read: read, rows_written: written, rows_rejected: rejected } = report
  if (read !== written + rejected) throw new Error(`${read} rows read, but ${written} written and ${rejected} rejected`)
  try {
    writeDurably(join(work, 'report.json'), `${JSON.stringify(report, null, 2)}\n`)
    renameSync(work, folder)
  } catch (error) {
    throw fileError(error, folder)
  }
  if (written === 0) throw nothingUsable(report)
  return report
}

function nothingUsable({ files, rows_read, rejected, rejects_file }: ImportReport): DgasError {
  const where = named(files)
  if (rejects_file === null) return new DgasError({ what: 'there are no rows', where })
  const reasons = Object.entries(rejected).map(([reason, rows]) => `${count(rows)} × ${reason}`)
  const what = `none of ${counted(rows_read, 'row')} can be used (${reasons.join(', ')}); see ${rejects_file}`
  return new DgasError({ what, where, expected: expectedOf(rejected) })
}

/** What would have been right, where an option may mend it. */
function expectedOf(rejected: Readonly<Record<string, number>>): string | undefined {
  const [[reason]] = Object.entries(rejected)
  if (reason === 'time is not understood') return 'times such as 2026-01-26 14:30, or their --time-format'
  if (reason === 'price is not a number') return 'prices such as 1234.56, or their --decimal and --thousands'
  if (reason === 'outside the regular session') return 'times in UTC, or their --timezone; or another --exchange'
  return undefined
}

/** Returns the report as lines for a terminal. */
export function reportText(report: ImportReport): string {
  const { bars, files, rows_replaced: replaced } = report
  const names = { bars: 'bars', instruments: 'instruments', actions: 'corporate actions' }
  const kind = bars === undefined ? names[report.kind] : `${bars.timeframe} bars`
  const lines = [
    ['rows read', count(report.rows_read)],
    ['rows written', `${count(report.rows_written)}${replaced > 0 ? ` (${count(replaced)} replaced)` : ''}`],
    ['rows rejected', count(report.rows_rejected)],
    ...Object.entries(report.rejected).map(([reason, rows]) => [`  ${reason}`, count(rows)]),
    ['symbols', count(report.symbols)],
    ...(bars === undefined ? [] : barLines(bars)),
    ['time', duration(report.seconds * 1000)],
    ['report', report.report_file],
    ...(report.rejects_file === null ? [] : [['rejected rows', report.rejects_file]]),
  ]
  const width = Math.max(...lines.map(([name]) => name.length))
  const body = lines.map(([name, value]) => `  ${name.padEnd(width)}  ${value}\n`).join('')
  return `Imported ${kind} of ${named(files)} into ${report.store}\n${body}`
}

function named(files: readonly string[]): string {
  return files.length === 1 ? files[0] : counted(files.length, 'file')
}

function barLines(bars: BarFacts): string[][] {
  const sessions = ['sessions', `${bars.first_session ?? '–'} to ${bars.last_session ?? '–'}`]
  return bars.without_volume === 0 ? [sessions] : [sessions, ['without volume', count(bars.without_volume)]]
}
