import { parameterNames, parameterPointer, type Parameters } from '../database/parameters.js'
import type { SqlValue } from '../database/quote.js'
import { nearest, usageError } from '../errors.js'

const number = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:e[+-]?\d+)?$/i

/**
 * Returns the value that a text on the command line stands for: a number, `true`, `false`, `null`, else the text itself. In
 * single quotes everything is text. A whole number that JavaScript would round stays text, which SQL compares as a number.
 */
export function typedValue(text: string): SqlValue {
  if (/^'.*'$/s.test(text)) return text.slice(1, -1).replaceAll("''", "'")
  if (text === 'null') return null
  if (text === 'true' || text === 'false') return text === 'true'
  if (!number.test(text)) return text
  const value = Number(text)
  return Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value)) ? value : text
}

/**
 * Returns the values of the `$name` parameters of a query by their texts. Throws a usage error for one without a value, with a
 * caret, and for a value too many.
 */
export function parameterValues(sql: string, texts: Readonly<Record<string, string>>): Parameters {
  const used = parameterNames(sql)
  const unused = Object.keys(texts).find((name) => !used.includes(name))
  if (unused !== undefined) {
    const expected = used.length === 0 ? 'a $name in the query' : `one of ${used.map((name) => `$${name}`).join(', ')}`
    throw usageError({ what: `the query has no $${unused}`, where: '--param', expected, nearest: nearest(unused, used) })
  }
  const missing = used.find((name) => !Object.hasOwn(texts, name))
  if (missing !== undefined) {
    const what = `no value for the parameter $${missing}`
    throw usageError({ what, where: '--param', expected: `--param ${missing}=value`, detail: parameterPointer(sql, missing) })
  }
  return Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, typedValue(text)]))
}
