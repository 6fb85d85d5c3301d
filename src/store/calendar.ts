import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { DgasError, nearest, usageError } from '../errors.js'
import { calendarsFolder, type Store } from './layout.js'

/** The regular sessions of an exchange. Holidays are not known: such a session simply has no bars. */
export interface Calendar {
  exchange: string
  /** IANA name. */
  timezone: string
  /** Minutes after local midnight. */
  opens: number
  /** Minutes after local midnight, later than `opens`, at most 1440. */
  closes: number
  /** ISO weekdays with sessions: 1 is Monday, 7 is Sunday. */
  weekdays: number[]
}

/** The calendars that need no file: US stocks, and markets that never close. */
export const builtInCalendars: readonly Calendar[] = [
  { exchange: 'XNYS', timezone: 'America/New_York', opens: 570, closes: 960, weekdays: [1, 2, 3, 4, 5] },
  { exchange: '24/7', timezone: 'UTC', opens: 0, closes: 1440, weekdays: [1, 2, 3, 4, 5, 6, 7] },
]

/**
 * Returns the calendar of an exchange: a built-in one, or `calendars/<exchange>.json` of the store, such as
 * `{"timezone": "Europe/London", "opens": "08:00", "closes": "16:30", "weekdays": [1, 2, 3, 4, 5]}`.
 * Throws a usage error for an unknown exchange and a `DgasError` for a wrong file.
 */
export function readCalendar(store: Store, exchange: string): Calendar {
  const builtIn = builtInCalendars.find((calendar) => calendar.exchange === exchange)
  if (builtIn !== undefined) return builtIn
  const folder = calendarsFolder(store)
  const file = join(folder, `${exchange}.json`)
  if (/^[\w.-]+$/.test(exchange) && existsSync(file)) return parseCalendar(exchange, readFileSync(file, 'utf8'), file)
  const names = [...builtInCalendars.map((calendar) => calendar.exchange), ...calendarNames(folder)]
  throw usageError({
    what: `there is no calendar of "${exchange}"`,
    where: '--exchange',
    expected: `${names.join(', ')} or a file ${join(folder, '<name>.json')}`,
    nearest: nearest(exchange, names),
  })
}

function calendarNames(folder: string): string[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder).filter((name) => name.endsWith('.json')).map((name) => name.slice(0, -'.json'.length))
}

/** Parses the text of a calendar file. Throws a `DgasError` that names `file` and the wrong field. */
export function parseCalendar(exchange: string, text: string, file: string): Calendar {
  const fields = parseObject(text, file)
  const opens = parseTime(fields, 'opens', file)
  const closes = parseTime(fields, 'closes', file)
  if (closes <= opens) throw wrongField(fields, 'closes', 'a time after opens; sessions over midnight are not supported', file)
  return { exchange, timezone: parseTimezone(fields, file), opens, closes, weekdays: parseWeekdays(fields, file) }
}

/** Whether `name` is a time zone, such as `Europe/Warsaw`. */
export function isTimezone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en-US', { timeZone: name })
    return true
  } catch {
    return false
  }
}

type Fields = Partial<Record<string, unknown>>

function parseObject(text: string, file: string): Fields {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null) return value
  } catch {
    // reported below, as is JSON that is no object
  }
  throw new DgasError({ what: 'this is no calendar', where: file, expected: 'a JSON object' })
}

function parseTime(fields: Fields, name: string, file: string): number {
  const value = fields[name]
  const parts = typeof value === 'string' ? /^(\d\d):([0-5]\d)$/.exec(value) : null
  const minutes = parts === null ? NaN : Number(parts[1]) * 60 + Number(parts[2])
  if (minutes <= 1440) return minutes
  throw wrongField(fields, name, 'a local time from "00:00" to "24:00"', file)
}

function parseTimezone(fields: Fields, file: string): string {
  const { timezone } = fields
  if (typeof timezone === 'string' && isTimezone(timezone)) return timezone
  throw wrongField(fields, 'timezone', 'a time zone such as "Europe/London"', file)
}

function parseWeekdays(fields: Fields, file: string): number[] {
  const { weekdays } = fields
  const isDay = (day: unknown): day is number => typeof day === 'number' && Number.isInteger(day) && day >= 1 && day <= 7
  const days: unknown[] = Array.isArray(weekdays) ? weekdays : []
  if (days.length > 0 && days.every(isDay)) return days
  throw wrongField(fields, 'weekdays', 'a list of days from 1 (Monday) to 7 (Sunday)', file)
}

function wrongField(fields: Fields, name: string, expected: string, file: string): DgasError {
  const what = name in fields ? `${name} is ${JSON.stringify(fields[name])}` : `${name} is missing`
  return new DgasError({ what, where: file, expected })
}
