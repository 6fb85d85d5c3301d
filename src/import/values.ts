import type { SourceColumn } from './columns.js'

/** What stands for a missing number in text, in lower case. */
const missing = `('', 'nan', 'null', 'none', 'na', 'n/a')`

/** Returns SQL of a column's numbers: null where it is missing, NaN where it is no finite number. */
export function numberSql(column: SourceColumn | undefined): string {
  if (column === undefined) return 'null::double'
  if (isNumber(column)) {
    const value = `${column.sql}::double`
    return `case when isnan(${value}) then null when isinf(${value}) then 'nan'::double else ${value} end`
  }
  const text = `trim(${column.sql}::varchar)`
  const value = `try_cast(${text} as double)`
  return `case when ${text} is null or lower(${text}) in ${missing} then null
    when isfinite(${value}) then ${value} else 'nan'::double end`
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
