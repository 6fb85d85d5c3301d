import type { Columns, NumberColumn } from '../database/columns.js'
import { identifier } from '../database/quote.js'

/** Columns as the database is to take them over, and SQL of the numbers of each column by its name. */
export interface Packed {
  columns: Columns
  sql: ReadonlyMap<string, string>
  /** Names of the columns in which a number is missing. */
  missing: ReadonlySet<string>
}

/**
 * Leaves out of columns, but for the first, those with the same value in all rows and those that repeat another one, and makes
 * whole numbers INTEGER: the database keeps statistics of what it takes over, and those of a DOUBLE take it several times as
 * long. Of the columns of trades, half are left out or made smaller.
 */
export function packed({ length, ...columns }: Columns): Packed {
  const kept = new Map<string, NumberColumn>()
  const sql = new Map<string, string>()
  for (const [name, values] of Object.entries<NumberColumn>(columns)) {
    const twin = [...kept.keys()].find((other) => areSame(columns[other], values))
    if (kept.size > 0 && isConstant(values)) sql.set(name, sqlNumber(length === 0 ? NaN : values[0]))
    else if (twin !== undefined) sql.set(name, identifier(twin))
    else {
      kept.set(name, areWhole(values) ? new Int32Array(values) : values)
      sql.set(name, identifier(name))
    }
  }
  const missing = new Set(Object.entries<NumberColumn>(columns).flatMap(([name, values]) => (hasMissing(values) ? name : [])))
  return { columns: { length, ...Object.fromEntries(kept) } as Columns, sql, missing }
}

function hasMissing(values: NumberColumn): boolean {
  for (let row = 0; row < values.length; row++) if (Number.isNaN(values[row])) return true
  return false
}

/** A loop, and so are the others: `every` would make an object of each number. */
function isConstant(values: NumberColumn): boolean {
  for (let row = 1; row < values.length; row++) if (!Object.is(values[row], values[0])) return false
  return true
}

function areSame(values: NumberColumn, others: NumberColumn): boolean {
  for (let row = 0; row < values.length; row++) if (!Object.is(values[row], others[row])) return false
  return true
}

/** Whether all values are whole numbers of 32 bits; neither NaN nor -0 is. */
function areWhole(values: NumberColumn): boolean {
  for (let row = 0; row < values.length; row++) if (!Object.is(values[row], values[row] | 0)) return false
  return true
}

function sqlNumber(value: number): string {
  return Object.is(value, -0) ? `'-0.0'::double` : `'${value}'::double`
}
