import type { SourceFiles } from '../backtest/prepare.js'
import type { Database } from '../database/database.js'
import type { SqlOrigin } from '../database/sql-error.js'
import { DgasError } from '../errors.js'
import { createMacros } from '../models/relations.js'
import type { Store } from '../store/layout.js'
import { createSessions } from '../store/sessions.js'
import { auditedColumns, compareRows, countRows, type ColumnDifference } from './compare.js'
import { chooseCuts, createInstants } from './cuts.js'
import { loadBars, showBars, type Later } from './sample.js'
import type { Subject } from './subject.js'

/** The bars that an audit works on. */
export interface AuditData {
  store: Store
  files: SourceFiles
  symbols: readonly string[]
  /** How many times the data is cut. */
  cuts: number
}

/** A column that changes with later bars. Times are UTC as text; values are as SQL writes them. */
export interface Difference extends ColumnDifference {
  /** The instant after whose closes the bars were removed or altered. */
  cut: string
  later: Later
}

/** What was compared of one relation. */
export interface SubjectReport {
  name: string
  columns: number
  /** Rows compared, over all cuts. */
  rows: number
  cuts: string[]
  /** Columns that changed, each with its first difference. */
  differences: Difference[]
  /** Values that differ in their last digits only and are allowed to. */
  rounded: number
}

/**
 * Computes a relation over all bars of the sample, and again for each cut with the later bars removed or altered, and
 * compares all rows up to the cut. Nothing but the sample can be read: what a strategy reads from files could not be cut.
 */
export async function auditSubject(database: Database, subject: Subject, data: AuditData): Promise<SubjectReport> {
  const { relation, config } = subject
  const { store, files, symbols } = data
  const origin = { name: relation === 'strategy' ? config.strategy.file : `${relation}.sql` }
  await createMacros(database)
  await createSessions(database, store)
  await loadBars(database, files, symbols)
  await showBars(database, files, 'kept', '')
  await createInstants(database, config, files)
  await subject.prepare(database)
  await database.confine([])
  await database.run(`create table audit_whole as select * from ${relation}`, origin)
  await assertOneRowEach(database, origin)
  return compareCuts(database, subject, data, origin)
}

async function compareCuts(
  database: Database,
  { name, relation, precision, variations }: Subject,
  data: AuditData,
  origin: SqlOrigin,
): Promise<SubjectReport> {
  const columns = await auditedColumns(database, 'audit_whole')
  const cuts = await chooseCuts(database, data.cuts, columns.map((column) => column.name))
  const found: Difference[] = []
  let rows = 0
  for (const cut of cuts) {
    rows += variations.length * await countRows(database, cut)
    for (const later of variations) {
      await showBars(database, data.files, later, cut)
      await database.run(`create or replace table audit_other as select * from ${relation}`, origin)
      const differences = await compareRows(database, columns, cut, precision)
      found.push(...differences.map((difference) => ({ ...difference, cut, later })))
    }
  }
  const rounded = found.reduce((sum, difference) => sum + difference.rounded, 0)
  return { name, columns: columns.length, rows, cuts, differences: firsts(found), rounded }
}

/** Joins the differences of a column into its first one. */
function firsts(found: readonly Difference[]): Difference[] {
  const byColumn = new Map<string, Difference>()
  for (const difference of found.filter(({ differing }) => differing > 0)) {
    const first = byColumn.get(difference.column)
    if (first === undefined) byColumn.set(difference.column, { ...difference })
    else first.differing += difference.differing
  }
  return [...byColumn.values()]
}

/** Rows are compared by symbol and bar, of which there must be one, as a backtest demands too. */
async function assertOneRowEach(database: Database, { name }: SqlOrigin): Promise<void> {
  const doubled = 'select symbol, bar_at::varchar as bar_at from audit_whole group by all having count(*) > 1'
  const [row] = await database.rows<{ symbol: string; bar_at: string }>(`${doubled} order by all limit 1`)
  if ((row as unknown) === undefined) return
  const expected = 'at most one row for a symbol and bar; is "where timeframe = $timeframe" missing?'
  throw new DgasError({ what: `more than one row for ${row.symbol} at ${row.bar_at}`, where: name, expected })
}
