import type { Database } from '../database/database.js'
import { literal } from '../database/quote.js'
import { usageError } from '../errors.js'
import { sourceTimeframes } from '../store/coverage.js'
import { barFiles, type Store } from '../store/layout.js'
import type { Timeframe } from '../store/timeframe.js'

/** When a symbol is looked at: an instant in UTC as `2026-02-03 15:30:00`, or the end of the sessions of a date. */
export interface Moment {
  instant: string | null
  session: string | null
}

/**
 * Parses `--at`: a date such as 2026-02-03, or an instant such as 2026-02-03T15:30, in UTC unless it says otherwise. Without
 * `--at` nothing limits the bars. Throws a usage error for anything else.
 */
export function parseMoment(text: string | undefined): Moment {
  if (text === undefined) return { instant: null, session: null }
  const found = /^(?<date>\d{4}-\d{2}-\d{2})(?:[T ](?<time>\d{2}:\d{2}(?::\d{2})?)(?<zone>Z|[+-]\d{2}:\d{2})?)?$/.exec(text)
  const { date, time, zone = 'Z' } = found?.groups ?? {}
  const parsed = new Date(found === null ? NaN : `${date}T${(time as string | undefined) ?? '00:00'}${zone}`)
  if (Number.isNaN(parsed.getTime()) || !isOfCalendar(date)) throw noMoment(text)
  if ((time as string | undefined) === undefined) return { instant: null, session: date }
  return { instant: parsed.toISOString().slice(0, 19).replace('T', ' '), session: null }
}

/** 31 April parses as 1 May. */
function isOfCalendar(date: string): boolean {
  const parsed = new Date(`${date}T00:00:00Z`)
  return !Number.isNaN(parsed.getTime()) && parsed.toISOString().startsWith(date)
}

function noMoment(text: string): Error {
  const expected = 'a date such as 2026-02-03, or an instant such as 2026-02-03T15:30 (UTC) or 2026-02-03T10:30-05:00'
  return usageError({ what: `"${text}" is neither a date nor an instant`, where: '--at', expected })
}

/**
 * Returns an SQL condition on bars: those that had closed by then. Without a moment it is the last close that the store knows
 * of, so that a bar that is made of finer ones but has not ended yet does not count. The relation `sessions` must be there.
 */
export async function closedBy(
  database: Database,
  store: Store,
  focus: Timeframe,
  { instant, session }: Moment,
): Promise<string> {
  if (instant !== null) return `closed_at <= timestamp ${literal(instant)}`
  if (session === null) return `closed_at <= timestamp ${literal(await lastClose(database, store, focus))}`
  const end = await database.value(
    `select coalesce(max(closes_at), timestamp '-infinity')::varchar from sessions where session_date <= date ${literal(session)}`,
  )
  return `(session_date <= date ${literal(session)} and closed_at <= timestamp ${literal(String(end))})`
}

async function lastClose(database: Database, store: Store, focus: Timeframe): Promise<string> {
  const newest = sourceTimeframes(store, focus).flatMap(({ name }) => barFiles(store, name).slice(-1))
  return String(await database.value(`select max(closed_at)::varchar from read_parquet([${newest.map(literal).join(', ')}])`))
}
