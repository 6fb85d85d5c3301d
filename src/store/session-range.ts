import { usageError } from '../errors.js'

/** Sessions from one date to another, both included, as `2026-02-01`; null: from the first, to the last. */
export interface SessionRange {
  from: string | null
  to: string | null
}

/** Parses the options `--from` and `--to`. Throws a usage error for what is no date and for an empty range. */
export function sessionRange(from: string | undefined, to: string | undefined): SessionRange {
  const range = { from: optionalDate('--from', from), to: optionalDate('--to', to) }
  if (range.from === null || range.to === null || range.from <= range.to) return range
  throw usageError({ what: `--from ${range.from} lies after --to ${range.to}`, expected: 'a range that is not empty' })
}

/** Returns `from 2026-02-01`, `to 2026-02-28`, both, or an empty text. */
export function rangeText({ from, to }: SessionRange): string {
  return [from === null ? '' : `from ${from}`, to === null ? '' : `to ${to}`].filter(Boolean).join(' ')
}

function optionalDate(option: string, text: string | undefined): string | null {
  if (text === undefined) return null
  if (/^\d{4}-\d{2}-\d{2}$/.test(text) && isOfCalendar(text)) return text
  throw usageError({ what: `"${text}" is no date`, where: option, expected: 'a date such as 2026-02-01' })
}

function isOfCalendar(text: string): boolean {
  const time = Date.parse(`${text}T00:00:00Z`)
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text)
}
