import { DgasError, nearest } from '../errors.js'
import { sqlValue, type SqlValue } from './quote.js'

/** Values of the `$name` parameters of a piece of SQL. */
export type Parameters = Readonly<Record<string, SqlValue>>

/** Text in quotes, comments and dollar-quoted strings are skipped: a `$name` inside them is not a parameter. */
const token = /'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|\/\*[\s\S]*?\*\/|\$\$[\s\S]*?\$\$|\$([a-z_]\w*)/gi

/** Returns the names of the `$name` parameters of `sql`, each once, in the order of their first use. */
export function parameterNames(sql: string): string[] {
  const names = [...sql.matchAll(token)].flatMap((match) => match.slice(1).filter(Boolean))
  return [...new Set(names)]
}

/**
 * Returns `sql` with each `$name` replaced by its value as a literal, so that the planner can fold it. Lines keep their
 * numbers. Throws a `DgasError` that names `where` when a parameter has no value.
 */
export function bindParameters(sql: string, values: Parameters, where: string): string {
  return sql.replace(token, (text: string, name: string | undefined) => {
    if (name === undefined) return text
    if (name in values) return sqlValue(values[name])
    const known = Object.keys(values)
    throw new DgasError({
      what: `no value for the parameter $${name}`,
      where,
      expected: known.length === 0 ? 'no parameters' : `one of ${known.map((key) => `$${key}`).join(', ')}`,
      nearest: nearest(name, known),
    })
  })
}
