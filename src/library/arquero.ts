import { table, type ColumnTable } from 'arquero'
import type { ColumnKind, ValueColumn, ValueColumns } from '../database/value-columns.js'

/** Returns columns as an Arquero table: times become `Date`, and every missing value null. */
export function arqueroTable({ columns, kinds }: ValueColumns): ColumnTable {
  return table(Object.entries(columns).map(([name, column]) => [name, values(column, kinds[name])]))
}

/** A typed array stays as it is when it has no missing value. */
function values(column: ValueColumn, kind: ColumnKind): ValueColumn | readonly unknown[] {
  if (!(column instanceof Float64Array)) return column
  if (kind === 'time') return Array.from(column, (at) => (Number.isNaN(at) ? null : new Date(at)))
  return column.some(Number.isNaN) ? Array.from(column, (value) => (Number.isNaN(value) ? null : value)) : column
}
