import { DgasError } from '../errors.js'

/**
 * An instant: milliseconds since 1970-01-01 UTC, or UTC text as the relations have it (`2026-01-26 14:30:00`,
 * `2026-01-26T14:30:00Z`, `2026-01-26`).
 */
export type Time = number | string

const zoned = /(?:Z|[+-]\d\d:?\d\d)$/
const dateOnly = /^\d{4}-\d\d-\d\d$/

/** Returns an instant in milliseconds since 1970-01-01 UTC. Throws a `DgasError` when it is none. */
export function milliseconds(time: Time): number {
  const value = typeof time === 'number' ? time : Date.parse(isoText(time))
  if (Number.isFinite(value)) return value
  throw new DgasError({ what: `"${time}" is not a time`, expected: 'UTC such as 2026-01-26 14:30' })
}

/** Returns the date of an instant in UTC, as `2026-01-26`. */
export function isoDate(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10)
}

/** Returns `2026-01-26 to 2026-06-22`, or one date when both are equal. */
export function dateRange(from: number, to: number): string {
  const [first, last] = [isoDate(from), isoDate(to)]
  return first === last ? first : `${first} to ${last}`
}

function isoText(text: string): string {
  if (dateOnly.test(text) || zoned.test(text)) return text
  return `${text.replace(' ', 'T')}Z`
}
