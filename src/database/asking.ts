import { pointedPlace } from './pointer.js'
import { literal } from './quote.js'
import { lackingColumn, saidBy } from './said.js'

/**
 * Returns a statement that fails as `sql` did, but names the columns that are near. Of a column that a relation has not, as in
 * `t.clse`, DuckDB names none; it does when the row as a whole is asked for the column. Null for any other mistake.
 */
export function askingForColumns(error: unknown, sql: string): string | null {
  const { message = '', pointed = null } = saidBy(error) ?? {}
  const column = lackingColumn.exec(message)?.[2]
  const place = pointed === null ? null : pointedPlace(pointed, sql)
  if (column === undefined || place === null) return null
  const found = qualified(column).exec(sql.slice(place))
  if (found === null) return null
  return `${sql.slice(0, place)}struct_extract(${found[1]}, ${literal(column)})${sql.slice(place + found[0].length)}`
}

/** Matches a column with the name of its relation before it, each perhaps in quotes. */
function qualified(column: string): RegExp {
  const name = String.raw`(?:"(?:[^"]|"")*"|[^\s".,()]+)`
  const escaped = column.replaceAll('"', '""').replaceAll(/[^\p{L}\p{N}_]/gu, String.raw`\$&`)
  return new RegExp(String.raw`^(${name}(?:\s*\.\s*${name})*?)\s*\.\s*(?:"${escaped}"|${escaped}(?![\p{L}\p{N}_]))`, 'iu')
}
