import { withoutComments } from './comments.js'

/** A `select` behind which no column comes. */
const bareSelect = /\bselect\b(?=\s*(?:$|[;)]|(?:from|where|group|having|qualify|window|order|limit|offset|union|intersect|except)\b))/i

/**
 * Returns the place in some SQL at which something is missing, by what DuckDB says without pointing at it: behind its last word,
 * or behind a `select`. Null for any other message.
 */
export function placeOfUnfinished(message: string, sql: string): number | null {
  const code = withoutComments(sql)
  if (message.startsWith('syntax error at end of input')) return code.replace(/[\s;]+$/, '').length
  if (!message.startsWith('SELECT clause without selection list')) return null
  const found = bareSelect.exec(code)
  return found === null ? null : found.index + 'select'.length
}
