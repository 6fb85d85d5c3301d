import { DgasError, nearest } from '../errors.js'
import { pointer } from './pointer.js'
import { sqlValue, type SqlValue } from './quote.js'

/** Values of the `$name` parameters of a piece of SQL. */
export type Parameters = Readonly<Record<string, SqlValue>>

/** Text in quotes, comments and dollar-quoted strings are skipped: a `$name` inside them is not a parameter. */
const token = /'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|\/\*[\s\S]*?\*\/|\$\$[\s\S]*?\$\$|\$([a-z_]\w*)/gi

/** A `$name` in some SQL, and where it stands. */
interface ParameterUse {
  name: string
  place: number
}

function parameterUses(sql: string): ParameterUse[] {
  return [...sql.matchAll(token)].flatMap(({ 1: name, index }) => ((name as string | undefined) === undefined ? [] : [{ name, place: index }]))
}

/** Returns the names of the `$name` parameters of `sql`, each once, in the order of their first use. */
export function parameterNames(sql: string): string[] {
  return [...new Set(parameterUses(sql).map(({ name }) => name))]
}

/** Returns the line of `sql` in which `$name` first stands, with a caret below it. */
export function parameterPointer(sql: string, name: string): string {
  return pointer(sql, parameterUses(sql).find((use) => use.name === name)?.place ?? 0)
}

/**
 * Returns `sql` with each `$name` replaced by its value as a literal, so that the planner can fold it. Lines keep their
 * numbers. Throws a `DgasError` that names `where`, with a caret, when a parameter has no value.
 */
export function bindParameters(sql: string, values: Parameters, where: string): string {
  return sql.replace(token, (text: string, name: string | undefined) => {
    if (name === undefined) return text
    if (name in values) return boundValue(values[name])
    const known = Object.keys(values)
    throw new DgasError({
      what: `no value for the parameter $${name}`,
      where,
      expected: known.length === 0 ? 'no parameters' : `one of ${known.map((key) => `$${key}`).join(', ')}`,
      nearest: nearest(name, known),
      detail: parameterPointer(sql, name),
    })
  })
}

/** A negative number in parentheses: behind a minus it would begin a comment. */
function boundValue(value: SqlValue): string {
  const text = sqlValue(value)
  return text.startsWith('-') ? `(${text})` : text
}

/** Returns the place in `sql` of what stands at `place` in `bindParameters(sql, values)`: for a value that of its `$name`. */
export function placeBeforeBinding(sql: string, values: Parameters, place: number): number {
  let shift = 0
  for (const use of parameterUses(sql)) {
    const { length } = boundValue(values[use.name])
    if (place < use.place + shift) break
    if (place < use.place + shift + length) return use.place
    shift += length - `$${use.name}`.length
  }
  return place - shift
}
