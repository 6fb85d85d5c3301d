import type { Database } from '../database/database.js'
import { literal } from '../database/quote.js'
import type { SqlOrigin } from '../database/sql-error.js'
import { DgasError, nearest } from '../errors.js'
import { orderTypes } from '../rows.js'

/** What a column holds, and the SQL that makes a number of it. */
interface SignalColumn {
  holds: 'a number' | 'text' | 'true or false'
  sql: string
}

/** The columns that a strategy may return. */
const signalColumns: Readonly<Record<string, SignalColumn>> = {
  // 2 stands for what is no entry
  entry: { holds: 'a number', sql: 'case when entry is null then 0 when entry::double in (-1, 0, 1) then entry::tinyint else 2 end::tinyint' },
  order_type: {
    holds: 'text',
    sql: `case when order_type is null then 0
      else coalesce(list_position([${orderTypes.map(literal).join(', ')}], order_type) - 1, -1) end::tinyint`,
  },
  limit_price: number('limit_price'),
  stop_entry_price: number('stop_entry_price'),
  valid_bars: number('valid_bars'),
  stop_price: number('stop_price'),
  target_price: number('target_price'),
  first_target_price: number('first_target_price'),
  time_stop_bars: number('time_stop_bars'),
  other_entry_price: number('other_entry_price'),
  other_stop_price: number('other_stop_price'),
  other_target_price: number('other_target_price'),
  trail_price: number('trail_price'),
  exit_long: flag('exit_long'),
  exit_short: flag('exit_short'),
  size_factor: number('size_factor'),
  score: number('score'),
  reason: { holds: 'text', sql: 'reason::varchar' },
}

function number(name: string): SignalColumn {
  return { holds: 'a number', sql: `${name}::double` }
}

function flag(name: string): SignalColumn {
  return { holds: 'true or false', sql: `coalesce(${name}::boolean, false)::tinyint` }
}

/** Their names. */
export const signalColumnNames: readonly string[] = Object.keys(signalColumns)

/** Returns the names of the columns of signals that are among `names`. */
export function givenColumns(names: readonly string[]): string[] {
  return signalColumnNames.filter((name) => names.includes(name))
}

/** Returns SQL that makes numbers of a strategy's columns. */
export function columnsSql(names: readonly string[]): string {
  return givenColumns(names).map((name) => `, ${signalColumns[name].sql} as ${name}`).join('')
}

/** Returns SQL of the column `name` of a table of signals, null where the strategy does not return it. */
export function signalColumn(name: string, names: readonly string[]): string {
  if (!names.includes(name)) return name === 'order_type' ? literal(orderTypes[0]) : 'null'
  return name === 'order_type' ? `list_extract([${orderTypes.map(literal).join(', ')}], order_type + 1)` : name
}

/**
 * Checks the columns of a strategy's result and returns their names. Throws a `DgasError` for an unknown column, with the
 * nearest known one, when neither an entry nor an exit is among them, and for a column of a type that it cannot have.
 */
export async function checkColumns(database: Database, relation: string, origin: SqlOrigin): Promise<string[]> {
  // binds the view once more, `pragma_table_info` would twice; `duckdb_columns` would not, but looks into all views of the system
  const described = await database.rows<{ name: string; type: string }>(
    `select lower(column_name) as name, column_type as type from (describe main.${relation})`,
    origin,
  )
  const names = described.map(({ name }) => name)
  const known = ['symbol', 'bar_at', ...signalColumnNames]
  const unknown = names.find((name) => !known.includes(name))
  if (unknown !== undefined) {
    const what = `the strategy returns an unknown column "${unknown}"`
    throw new DgasError({ what, where: origin.name, expected: known.join(', '), nearest: nearest(unknown, known) })
  }
  const missing = ['symbol', 'bar_at'].filter((name) => !names.includes(name))
  if (!['entry', 'exit_long', 'exit_short'].some((name) => names.includes(name))) missing.push('entry')
  if (missing.length > 0) {
    throw new DgasError({ what: `the strategy does not return ${missing.join(', ')}`, where: origin.name })
  }
  for (const { name, type } of described) {
    const expected = fault(name, type)
    if (expected !== null) throw new DgasError({ what: `the strategy's column ${name} is ${type}`, where: origin.name, expected })
  }
  return names
}

const numeric = /^(?:U?(?:TINY|SMALL|BIG|HUGE)?INT(?:EGER)?|DECIMAL\(.*\)|FLOAT|DOUBLE|BIGNUM|BOOLEAN)$/

/** Returns what a column of this type should hold, or null when it may have it. */
function fault(name: string, type: string): string | null {
  if (name === 'symbol') return type === 'VARCHAR' ? null : 'the symbol of the bar'
  if (name === 'bar_at') return type.startsWith('TIMESTAMP') ? null : 'the bar_at of the bar'
  const { holds } = signalColumns[name]
  return holds === 'text' || numeric.test(type) ? null : holds
}
