import type { Database } from '../database/database.js'
import { literal } from '../database/quote.js'
import { readCalendar, type Calendar } from './calendar.js'
import { storedTimeframes, timeframeFolder, type Store } from './layout.js'
import { readManifest } from './manifest.js'

/**
 * Creates the table `sessions` (exchange, session_date, opens_at, closes_at as UTC) for every exchange of the stored bars,
 * from a week before the year of the first bar to a week after the year of the last: whole calendar periods.
 */
export async function createSessions(database: Database, store: Store): Promise<void> {
  const manifests = storedTimeframes(store).map((name) => readManifest(timeframeFolder(store, name)))
  const exchanges = [...new Set(manifests.flatMap((manifest) => manifest.exchanges))].sort()
  const years = manifests.flatMap(({ partitions }) => Object.keys(partitions).map(partitionYear))
  const range = { from: `${Math.min(...years)}-01-01`, to: `${Math.max(...years)}-12-31` }
  const calendars = exchanges.map((exchange) => readCalendar(store, exchange))
  await database.run(`create or replace table sessions as ${sessionsSql(calendars, range)}`)
}

/** Returns SQL of the sessions of calendars over whole weeks around `from` to `to`: ISO dates, both included. */
export function sessionsSql(calendars: readonly Calendar[], { from, to }: { from: string; to: string }): string {
  const days = `range(date ${literal(from)} - 7, date ${literal(to)} + 8, interval 1 day) days(day)`
  return calendars.map((calendar) => calendarSql(calendar, days)).join('\nunion all\n')
}

function calendarSql({ exchange, timezone, opens, closes, weekdays }: Calendar, days: string): string {
  return `
    select
      ${literal(exchange)} as exchange,
      day::date as session_date,
      ${instantSql(opens, timezone)} as opens_at,
      ${instantSql(closes, timezone)} as closes_at
    from ${days}
    where isodow(day) in (${weekdays.join(', ')})`
}

function instantSql(minutes: number, timezone: string): string {
  return `((day + to_minutes(${minutes})) at time zone ${literal(timezone)}) at time zone 'UTC'`
}

function partitionYear(key: string): number {
  return Number(/=(\d{4})/.exec(key)![1])
}
