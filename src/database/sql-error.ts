import { DgasError, nearest, type Problem } from '../errors.js'
import { bindParameters, placeBeforeBinding, type Parameters } from './parameters.js'
import { pointedPlace, pointer } from './pointer.js'
import { lackingColumn, saidBy } from './said.js'
import { placeOfUnfinished } from './unfinished.js'

/** The name of a piece of SQL for error messages, such as its file, and the line on which it begins there. */
export interface SqlOrigin {
  name: string
  /** Lines of the executed statement that stand before the user's own first line. */
  linesBefore?: number
  /** The user's own as it was written; a mistake behind it is one at its end. Default: up to the end of the statement. */
  text?: string
  /** Values that stand in the statement for the `$name` parameters of `text`; default: it is taken as it is. */
  values?: Parameters
  /** Names of the relations that it can read, for "did you mean". */
  relations?: readonly string[]
  /** Relations that it cannot read, though others can, and what is said of one and expected instead. */
  refused?: { relations: readonly string[]; what: (relation: string) => string; expected: string }
  /** Which files can be read, for when another one was asked for. */
  readable?: string
}

/** A statement that failed. */
export interface Failed {
  /** Its text. */
  sql: string
  /** What was thrown when DuckDB was asked for the columns of a relation, as by `askingForColumns`. */
  answer?: unknown
}

/**
 * Turns what DuckDB throws for a mistake in SQL into a `DgasError` with the line, a caret and the nearest name;
 * anything else is returned as it is.
 */
export function sqlError(error: unknown, { sql, answer }: Failed, origin: SqlOrigin): unknown {
  const said = saidBy(error)
  if (said === null) return error
  const own = ownPart(sql, origin)
  const pointed = said.pointed === null ? null : pointedPlace(said.pointed, sql)
  const isBehind = pointed !== null && pointed > own.end
  const message = isBehind ? 'syntax error at end of input' : said.message
  const place = isBehind || pointed === null ? placeOfUnfinished(message, own.text) : own.placeOf(pointed)
  const near = candidate(message, origin) ?? candidate(saidBy(answer)?.message ?? '', origin)
  return new DgasError({
    ...(near === null ? meantAsText(message) : {}),
    ...plainly(said.kind, firstSentence(message), origin),
    where: origin.name,
    cause: error,
    nearest: near,
    detail: place === null ? undefined : pointer(own.text, place),
  })
}

/** Returns the line in which a place of a statement lies, as the user wrote it, with a caret. */
export function pointerInto(sql: string, place: number, origin: SqlOrigin): string | undefined {
  const own = ownPart(sql, origin)
  const written = own.placeOf(place)
  return written === null ? undefined : pointer(own.text, written)
}

/** What of a statement is the user's own. */
interface OwnPart {
  /** As it was written. */
  text: string
  /** Where it ends in the statement. */
  end: number
  /** Returns the place in `text` of a place in the statement, or null for one before it. */
  placeOf: (place: number) => number | null
}

function ownPart(sql: string, { name, linesBefore = 0, text, values }: SqlOrigin): OwnPart {
  const start = sql.split('\n').slice(0, linesBefore).map((line) => `${line}\n`).join('').length
  const written = text ?? sql.slice(start)
  const bound = values === undefined ? written : bindParameters(written, values, name)
  const placeOf = (place: number) => {
    if (place < start) return null
    return values === undefined ? place - start : placeBeforeBinding(written, values, place - start)
  }
  return { text: written, end: start + bound.length, placeOf }
}

/** A name that is near to no column is likely a text without its quotes. */
function meantAsText(message: string): Pick<Problem, 'expected'> {
  const column = /^Referenced column "([^"]+)"/.exec(message)
  return column === null ? {} : { expected: `a column, or a text in single quotes: '${column[1]}'` }
}

/** What DuckDB says in its own terms, in those of the command line. */
function plainly(kind: string, what: string, { readable = 'a file of the store', refused }: SqlOrigin): Pick<Problem, 'what' | 'expected'> {
  if (kind === 'Out of Memory') return { what: `the memory limit is reached: ${what}`, expected: 'less to sort or group, or more --memory' }
  if (kind === 'INTERRUPT') return { what: 'stopped' }
  const lacking = lackingColumn.exec(what)
  if (lacking !== null) return { what: `${lacking[1]} has no column "${lacking[2]}"` }
  const path = /^Cannot access \w+ (".*") - file system operations are disabled/.exec(what)?.[1]
  if (path !== undefined) return { what: `${path} cannot be reached`, expected: readable }
  const missing = missingTable.exec(what)?.[1]
  if (missing !== undefined && isRefused(missing, refused)) return { what: refused.what(missing), expected: refused.expected }
  // a file without an extension that says its kind is taken for a table
  const file = /^Table with name (.*[/\\].*) does not exist/.exec(what)?.[1]
  if (file === undefined) return { what }
  return { what: `"${file}" is no relation, and no file that can be read by its name`, expected: `a relation that dgas schema lists, or ${readable}` }
}

function isRefused(relation: string, refused: SqlOrigin['refused']): refused is NonNullable<SqlOrigin['refused']> {
  return refused?.relations.includes(relation.toLowerCase()) === true
}

const missingTable = /^Table with name (\S+) does not exist/

function firstSentence(message: string): string {
  const text = message.split(/\n|(?:Candidate bindings|Candidate functions|Did you mean)/)[0].trim()
  return text.replace(/[.!]$/, '')
}

/** The name that was likely meant, which is another one than was written. */
function candidate(message: string, { relations = [], refused }: SqlOrigin): string | null {
  const missing = missingTable.exec(message)?.[1]
  if (missing !== undefined && isRefused(missing, refused)) return null
  if (missing !== undefined && relations.length > 0) return other(missing, nearest(missing, relations))
  const offered = /(?:Did you mean|Candidate (?:bindings|tables|entries):)(?: :)?\s*((?:"[^"]+"(?:,\s*)?)+)/i.exec(message)
  if (offered === null) return null
  const names = [...offered[1].matchAll(/"([^"]+)"/g)].map(([, name]) => name.replace(/^(?:main|memory)\./, ''))
  const wrong = missing ?? /"([^"]+)"/.exec(message.slice(0, offered.index))?.[1]
  // of a function DuckDB offers the one that is near
  return wrong === undefined ? names[0] : other(wrong, nearest(wrong, names) ?? longer(wrong, names))
}

function other(written: string, name: string | null): string | null {
  return name?.toLowerCase() === written.toLowerCase() ? null : name
}

/** The first name that holds `part`, such as `envelope_top` for `envelope`. */
function longer(part: string, names: readonly string[]): string | null {
  return names.find((name) => name.toLowerCase().includes(part.toLowerCase())) ?? null
}
