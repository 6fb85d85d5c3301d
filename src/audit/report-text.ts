import { alignedTable, count, counted } from '../format.js'
import { geometryTexts } from '../models/parameters.js'
import type { AuditReport } from './audit.js'
import type { SubjectReport } from './audit-subject.js'
import type { ColumnDifference } from './compare.js'

/** Whether nothing that was compared changed, and something was compared of everything. */
export function isHonest({ differences, rows }: SubjectReport): boolean {
  return differences.length === 0 && rows > 0
}

/** Returns the table of what an audit compared, and below it lines for the columns that changed. */
export function auditText({ timeframe, higher, geometry_parameters: parameters, symbols, subjects }: AuditReport): string {
  const above = higher.length === 0 ? '' : ` below ${higher.join(' and ')}`
  const table = subjects.map((subject) => {
    const { name, columns, rows, cuts, bars, last_bars } = subject
    return [name, count(columns), count(rows), count(cuts.length), `${count(last_bars)} of ${count(bars)}`, outcome(subject)]
  })
  const lines = subjects.flatMap(differenceLines)
  return [
    `${timeframe} bars${above} of ${symbols.join(', ')}, cut within higher bars and at their ends.\n`,
    ...geometryTexts(parameters).map((text) => `Geometry: ${text}.\n`),
    'Every row up to a cut was compared with the same row when later bars are removed, and when they are altered.\n',
    'A look one bar ahead can show on the last bars before a cut alone, one of k bars on the last k: --cuts makes more of them.\n\n',
    alignedTable(tableColumns, table),
    ...(lines.length === 0 ? [] : ['\n', ...lines]),
  ].join('')
}

const tableColumns = [
  { name: 'audited', isNumber: false },
  { name: 'columns', isNumber: true },
  { name: 'rows', isNumber: true },
  { name: 'cuts', isNumber: true },
  { name: 'last bars', isNumber: true },
  { name: 'outcome', isNumber: false },
]

function outcome({ rows, differences, rounded }: SubjectReport): string {
  if (differences.length > 0) return `${counted(differences.length, 'column')} changed`
  if (rows === 0) return 'nothing to compare'
  return rounded === 0 ? 'unchanged' : `unchanged but for the last digits of ${counted(rounded, 'value')}`
}

/** Columns of which one line each is printed; the others are counted. */
const mostLines = 12

function differenceLines({ name, differences }: SubjectReport): string[] {
  const lines = differences.slice(0, mostLines).map((one) => `${differenceText(name, one)}\n`)
  const more = differences.length - lines.length
  return more === 0 ? lines : [...lines, `${name}: ${counted(more, 'column')} more (--json lists all)\n`]
}

function differenceText(name: string, difference: ColumnDifference): string {
  const { column, symbol, bar_at, whole_value, other_value, cut, later, differing } = difference
  const what = `${name}: ${column} of ${symbol} at ${minutes(bar_at)} is ${whole_value ?? 'null'}`
  const change = later === 'removed' ? 'removed' : 'altered'
  const when = `when the bars that close after ${minutes(cut)} are ${change}`
  return `${what}, but ${other_value ?? 'null'} ${when} (${column === 'row' ? counted(differing, 'row') : `${counted(differing, 'value')} of this column`})`
}

/** Leaves out the seconds of a time that has none. */
function minutes(time: string): string {
  return time.replace(/:00$/, '')
}
