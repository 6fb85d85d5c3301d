import { literal } from '../database/quote.js'
import { usageError } from '../errors.js'
import type { SourceColumn } from './columns.js'

/** How text has numbers: the sign between whole part and fraction, and that between thousands, if there is one. */
export interface NumberFormat {
  decimal: string
  thousands: string | null
}

/** A point, and nothing between thousands. */
export const plainNumbers: NumberFormat = { decimal: '.', thousands: null }

/** Returns a format of numbers. Throws a usage error when one sign stands for both. */
export function numberFormat(decimal: string, thousands: string | null): NumberFormat {
  if (decimal !== thousands) return { decimal, thousands }
  const what = `"${decimal}" cannot stand before the fraction and between thousands`
  throw usageError({ what, where: '--thousands', expected: 'another sign than that of --decimal' })
}

/** What stands for a missing number in text, in lower case. */
const missing = `('', 'nan', 'null', 'none', 'na', 'n/a')`

/** Returns SQL of a column's numbers: null where it is missing, NaN where it is no finite number, or not of the format. */
export function numberSql(column: SourceColumn | undefined, format: NumberFormat = plainNumbers): string {
  if (column === undefined) return 'null::double'
  if (isNumber(column)) {
    const value = `${column.sql}::double`
    return `case when isnan(${value}) then null when isinf(${value}) then 'nan'::double else ${value} end`
  }
  const text = `trim(${column.sql}::varchar)`
  const value = `try_cast(${plainSql(text, format)} as double)`
  return `case when ${text} is null or lower(${text}) in ${missing} then null
    when isfinite(${value}) then ${value} else 'nan'::double end`
}

/** Returns SQL of a number in text as SQL writes it, null where it is not of the format: 1,5 is no number with thousands. */
function plainSql(text: string, { decimal, thousands }: NumberFormat): string {
  if (decimal === '.' && thousands === null) return text
  const whole = thousands === null ? String.raw`\d*` : String.raw`(\d{1,3}([${thousands}]\d{3})+|\d*)`
  const number = String.raw`[+-]?${whole}([${decimal}]\d*)?(e[+-]?\d+)?`
  const joined = thousands === null ? text : `replace(${text}, ${literal(thousands)}, '')`
  return `case when regexp_full_match(${text}, ${literal(number)}, 'i') then replace(${joined}, ${literal(decimal)}, '.') end`
}

/** Returns SQL of a column's text without blanks at its ends, null where nothing is left. */
export function textSql(column: SourceColumn | undefined): string {
  return column === undefined ? 'null::varchar' : `nullif(trim(${column.sql}::varchar), '')`
}

/** Returns SQL of the time as text, of one column or of a date and a time. A time with a zone is shown in UTC. */
export function timeSql(columns: readonly SourceColumn[]): string {
  if (columns.length === 1) return textSql(toMicroseconds(columns[0]))
  const [date, time] = columns
  const day = date.type.startsWith('TIMESTAMP') ? `${date.sql}::date` : date.sql
  return `${textSql({ ...date, sql: day })} || ' ' || ${textSql(time)}`
}

function toMicroseconds(column: SourceColumn): SourceColumn {
  return column.type.startsWith('TIMESTAMP_') ? { ...column, sql: `${column.sql}::timestamp` } : column
}

function isNumber({ type }: SourceColumn): boolean {
  return /^(?:U?(?:TINY|SMALL|BIG|HUGE)?INT(?:EGER)?|DOUBLE|FLOAT|DECIMAL.*)$/.test(type)
}
