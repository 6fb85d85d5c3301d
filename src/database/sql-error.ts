import { DgasError, nearest, type Problem } from '../errors.js'

/** The name of a piece of SQL for error messages, such as its file, and the line on which it begins there. */
export interface SqlOrigin {
  name: string
  /** Lines of the executed statement that stand before the user's own first line. */
  linesBefore?: number
  /** Names of the relations that there are, for "did you mean". */
  relations?: readonly string[]
  /** Which files can be read, for when another one was asked for. */
  readable?: string
}

/**
 * Turns what DuckDB throws for a mistake in SQL into a `DgasError` with the line, a caret and the nearest name;
 * anything else is returned as it is.
 */
export function sqlError(error: unknown, origin: SqlOrigin): unknown {
  if (!(error instanceof Error)) return error
  const found = /^(?:Failed to [a-z ]+: )?(?<kind>Parser|Binder|Catalog|Conversion|Invalid Input|Out of Range|Syntax|Not implemented|Permission|Out of Memory|INTERRUPT|IO) Error: (?<rest>[\s\S]*)$/.exec(error.message)
  if (found === null) return error
  const [message, ...pointer] = found.groups!.rest.split(/\n\s*(?=LINE \d+:)/)
  return new DgasError({
    ...plainly(found.groups!.kind, firstSentence(message), origin),
    where: origin.name,
    cause: error,
    nearest: candidate(message, origin.relations ?? []),
    detail: pointer.length === 0 ? undefined : shiftLines(pointer.join('\n'), origin.linesBefore ?? 0),
  })
}

/** What DuckDB says in its own terms, in those of the command line. */
function plainly(kind: string, what: string, { readable = 'a file of the store' }: SqlOrigin): Pick<Problem, 'what' | 'expected'> {
  if (kind === 'Out of Memory') return { what: `the memory limit is reached: ${what}`, expected: 'less to sort or group, or more --memory' }
  if (kind === 'INTERRUPT') return { what: 'stopped' }
  const path = /^Cannot access \w+ (".*") - file system operations are disabled/.exec(what)?.[1]
  if (path !== undefined) return { what: `${path} cannot be reached`, expected: readable }
  // a file without an extension that says its kind is taken for a table
  const file = /^Table with name (.*[/\\].*) does not exist/.exec(what)?.[1]
  if (file === undefined) return { what }
  return { what: `"${file}" is no relation, and no file that can be read by its name`, expected: `a relation that dgas schema lists, or ${readable}` }
}

function firstSentence(message: string): string {
  const text = message.split(/\n|(?:Candidate bindings|Candidate functions|Did you mean)/)[0].trim()
  return text.replace(/[.!]$/, '')
}

function candidate(message: string, relations: readonly string[]): string | null {
  const missing = /^Table with name (\S+) does not exist/.exec(message)
  if (missing !== null && relations.length > 0) return nearest(missing[1], relations)
  const offered = /(?:Did you mean|Candidate bindings:|Candidate Entries:)\s*((?:"[^"]+"(?:,\s*)?)+)/i.exec(message)
  if (offered === null) return null
  const names = [...offered[1].matchAll(/"([^"]+)"/g)].map(([, name]) => name.replace(/^(?:main|memory)\./, ''))
  const wrong = /"([^"]+)"/.exec(message)
  return (wrong === null ? null : nearest(wrong[1], names)) ?? names[0]
}

function shiftLines(pointer: string, linesBefore: number): string {
  return pointer.trimEnd().replace(/LINE (\d+):/, (text: string, line: string) => {
    return `line ${Number(line) - linesBefore}:`.padEnd(text.length)
  })
}
