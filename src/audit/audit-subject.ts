import type { SourceFiles } from '../backtest/source-files.js'
import type { Database } from '../database/database.js'
import type { SqlOrigin } from '../database/sql-error.js'
import { DgasError } from '../errors.js'
import { createMacros } from '../models/macros.js'
import type { Store } from '../store/layout.js'
import { createSessions } from '../store/sessions.js'
import { auditedColumns, compareRows, computeOther, countRows, type ColumnDifference } from './compare.js'
import { chooseCuts, countLastBars, createInstants } from './cuts.js'
import { loadBars, showAllBars, showVariants } from './sample.js'
import type { Subject } from './subject.js'
import { createVariants, type Variant } from './variants.js'

/** The bars that an audit works on. */
export interface AuditData {
  store: Store
  files: SourceFiles
  symbols: readonly string[]
  /** How many times the data is cut. */
  cuts: number
}

/** What was compared of one relation. */
export interface SubjectReport {
  name: string
  columns: number
  /** Rows compared, over all cuts. */
  rows: number
  cuts: string[]
  /** Bars of the sample. */
  bars: number
  /** Those of them that are the last one of their symbol before a cut: on others a look one bar ahead cannot show. */
  last_bars: number
  /** Columns that changed, each with its first difference. */
  differences: ColumnDifference[]
  /** Values that differ in their last digits only and are allowed to. */
  rounded: number
}

/**
 * Computes a relation over all bars of the sample, and again for each cut with the later bars removed or altered, and
 * compares all rows up to the cut. Nothing but the sample can be read: what a strategy reads from files is not cut.
 */
export async function auditSubject(database: Database, subject: Subject, data: AuditData): Promise<SubjectReport> {
  const { relation, config } = subject
  const { store, files, symbols } = data
  const readable = 'relations such as bars: what is read from files is not cut'
  const origin = { name: relation === 'strategy' ? config.strategy.file : `${relation}.sql`, readable }
  await createMacros(database)
  await createSessions(database, store)
  await loadBars(database, files, symbols)
  await showAllBars(database, files)
  await createInstants(database, config, files)
  await subject.prepare(database)
  await database.confine([])
  await database.run(`create table audit_whole as select * from ${relation}`, origin)
  await assertOneRowEach(database, origin)
  return compareCuts(database, subject, data, origin)
}

async function compareCuts(
  database: Database,
  subject: Subject,
  data: AuditData,
  origin: SqlOrigin,
): Promise<SubjectReport> {
  const { name, relation, precision } = subject
  const columns = await auditedColumns(database, 'audit_whole')
  const cuts = await chooseCuts(database, data.cuts, columns.map((column) => column.name))
  const found: ColumnDifference[] = []
  let rows = 0
  for (const variants of rounds(subject, cuts)) {
    await createVariants(database, variants)
    await showVariants(database, data.files, variants)
    await computeOther(database, relation, origin)
    rows += await countRows(database)
    found.push(...await compareRows(database, columns, precision))
  }
  const rounded = found.reduce((sum, difference) => sum + difference.rounded, 0)
  return { name, columns: columns.length, rows, cuts, ...await countLastBars(database, cuts), differences: firsts(found), rounded }
}

/** The variants that are computed together: all cuts when no symbol sees another one, else each alone. */
function rounds({ variations, isBySymbol }: Subject, cuts: readonly string[]): Variant[][] {
  if (isBySymbol) return variations.map((later) => cuts.map((cut) => ({ cut, later })))
  return cuts.flatMap((cut) => variations.map((later) => [{ cut, later }]))
}

/** Joins the differences of a column into its first one. */
function firsts(found: readonly ColumnDifference[]): ColumnDifference[] {
  const byColumn = new Map<string, ColumnDifference>()
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
