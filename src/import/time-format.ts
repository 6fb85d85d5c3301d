import type { Database } from '../database/database.js'
import { bindParameters } from '../database/parameters.js'
import { literal } from '../database/quote.js'
import { DgasError, usageError } from '../errors.js'
import { readSql } from '../models/model.js'

/** How times are written: as in ISO 8601, as a number of units since 1970, or by a pattern of `strptime`. */
export type TimeFormat = { kind: 'iso' } | { kind: 'epoch'; perSecond: number } | { kind: 'pattern'; pattern: string; hasOffset: boolean }

const unitsPerSecond: Readonly<Record<string, number>> = { s: 1, ms: 1000, us: 1_000_000, ns: 1_000_000_000 }

/** What a date needs, with the specifiers of a pattern that tell it. */
const datePieces: readonly (readonly [string, RegExp])[] = [
  ['year', /%-?[Yycx]/],
  ['month', /%-?[mbBjcx]/],
  ['day', /%-?[djcx]/],
]

/** Returns the format of times; null: that of ISO 8601. Throws a usage error for a pattern that cannot be read or tells no date. */
export async function parseTimeFormat(database: Database, text: string | null): Promise<TimeFormat> {
  if (text === null) return { kind: 'iso' }
  if (Object.hasOwn(unitsPerSecond, text)) return { kind: 'epoch', perSecond: unitsPerSecond[text] }
  const where = '--time-format'
  const expected = 's, ms, us or ns since 1970, or a pattern such as %d.%m.%Y %H:%M'
  if (!text.includes('%')) throw usageError({ what: `"${text}" is no format of times`, where, expected })
  try {
    await database.run(`select try_strptime('', ${literal(text)})`)
  } catch (error) {
    const unknown = error instanceof DgasError ? /Unrecognized format for strftime\/strptime: (\S+)/.exec(error.problem.what) : null
    if (unknown === null) throw error
    throw usageError({ what: `the pattern "${text}" has ${unknown[1]}, which stands for nothing`, where, expected })
  }
  const specifiers = text.replaceAll('%%', '')
  const lacking = datePieces.find(([, pattern]) => !pattern.test(specifiers))
  if (lacking !== undefined) throw usageError({ what: `the pattern "${text}" has no ${lacking[0]}`, where, expected })
  return { kind: 'pattern', pattern: text, hasOffset: /%[zZ]/.test(specifiers) }
}

/** Returns the query that reads the times of `raw_rows`: as the clock showed them, or, where the text tells it, as an instant. */
export function clockTimesSql(format: TimeFormat): string {
  const { kind, ...parameters } = format
  const file = `import/${kind}_times.sql`
  return bindParameters(readSql(file), parameters, file)
}
