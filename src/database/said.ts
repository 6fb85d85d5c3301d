/** What DuckDB says of a mistake in SQL. */
export interface Said {
  kind: string
  message: string
  /** The line at which it points, with a caret; null when it points at none. */
  pointed: string | null
}

const said = /^(?:Failed to [a-z ]+: )?(?<kind>Parser|Binder|Catalog|Conversion|Invalid Input|Out of Range|Syntax|Not implemented|Permission|Out of Memory|INTERRUPT|IO) Error: (?<rest>[\s\S]*)$/

/** Returns what DuckDB says by an error; null for an error that is not about SQL. */
export function saidBy(error: unknown): Said | null {
  const found = error instanceof Error ? said.exec(error.message)?.groups : undefined
  if (found === undefined) return null
  const [message, pointed = null] = found.rest.split(/\n\s*(?=LINE \d+:)/)
  return { kind: found.kind, message, pointed }
}

/** What DuckDB says of a column that a relation has not, as in `t.clse`: the relation, as the query calls it, and the column. */
export const lackingColumn = /^(?:Values list|Table) "(.*)" does not have a column named "(.*)"/
