import { alignedTable, count } from '../format.js'
import type { RunComparison } from './compare.js'
import type { RelationDifference, RowDifference } from './rows.js'

/** Returns a comparison for the terminal: what the records say, how many rows differ, and the first of them. */
export function comparisonText(comparison: RunComparison): string {
  const parts = [facts(comparison), strategy(comparison), relations(comparison), ...comparison.relations.map((each) => first(each, comparison))]
  return parts.filter((part) => part !== '').join('\n')
}

function facts({ facts: differences, a, b }: RunComparison): string {
  if (differences.length === 0) return 'configuration, versions and data are the same\n'
  const columns = ['differs', a, b, ''].map((name) => ({ name, isNumber: false }))
  const rows = differences.map(({ name, a: before, b: after, matters }) => {
    return [name, short(before), short(after), matters ? '' : 'of no matter for the results']
  })
  return alignedTable(columns, rows)
}

function strategy({ strategy: difference, a, b }: RunComparison): string {
  if (difference === null) return ''
  const { line } = difference
  return `the strategies differ from line ${line} on:\n  ${a}: ${difference.a ?? '(no such line)'}\n  ${b}: ${difference.b ?? '(no such line)'}\n`
}

function relations({ relations: all, a, b }: RunComparison): string {
  const columns = ['relation', `rows of ${a}`, `rows of ${b}`, 'only in the first', 'only in the second', 'changed', 'fields']
  const rows = all.map(({ relation, rows_a, rows_b, only_a, only_b, changed, fields }) => {
    return [relation, ...[rows_a, rows_b, only_a, only_b, changed].map(count), fieldsText(fields)]
  })
  return alignedTable(columns.map((name, index) => ({ name, isNumber: index > 0 && index < 6 })), rows)
}

function fieldsText(fields: RelationDifference['fields']): string {
  const names = Object.entries(fields).map(([field, rows]) => `${field} ${count(rows)}`)
  return names.length <= 4 ? names.join(', ') : `${names.slice(0, 3).join(', ')}, … ${names.length - 3} more`
}

function first({ relation, first: rows }: RelationDifference, { a, b }: RunComparison): string {
  return rows.map((row) => `${relation} ${row.key}: ${rowText(row, a, b)}\n`).join('')
}

function rowText({ kind, changes }: RowDifference, a: string, b: string): string {
  if (kind !== 'changed') return `only in ${kind === 'only_a' ? a : b}`
  const texts = changes.slice(0, 4).map(({ field, a: before, b: after }) => `${field} ${before ?? '·'} → ${after ?? '·'}`)
  return changes.length <= 4 ? texts.join(', ') : `${texts.join(', ')}, … ${changes.length - 4} more`
}

function short(text: string | null): string {
  if (text === null) return '·'
  const line = text.replaceAll('\n', '↵')
  return line.length <= 40 ? line : `${line.slice(0, 39)}…`
}
