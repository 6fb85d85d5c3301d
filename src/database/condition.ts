import { DgasError } from '../errors.js'
import type { Database } from './database.js'
import type { SqlOrigin } from './sql-error.js'

/** A condition in the words of the user. */
export interface Condition {
  text: string
  /** The option that gave it. */
  option: string
  /** Names of the relations whose columns it may use. */
  relations: readonly string[]
}

/** Returns `selecting`, a query in one line without conditions, with the condition as the only one. */
export function whereSql(selecting: string, text: string): string {
  return `${selecting} where (\n${text}\n)`
}

/** Throws a `DgasError`, with a caret for a mistake in it, when a text is not one condition on the rows of `selecting`. */
export async function assertCondition(database: Database, selecting: string, { text, option, relations }: Condition): Promise<void> {
  const origin: SqlOrigin = { name: option, linesBefore: 1, text, relations }
  if (text.trim() === '') throw new DgasError({ what: 'the condition is empty', where: option, exit: 2 })
  const { isQuery } = await database.statements(whereSql(selecting, text), origin)
  if (!isQuery) throw new DgasError({ what: 'this is no condition', where: option, exit: 2 })
  // a text that closes the parenthesis around it and opens another one is no SQL without it
  await database.parsed(`select 1 where\n${text}`, '', origin)
}
