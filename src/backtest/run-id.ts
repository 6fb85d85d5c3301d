import { createHash } from 'node:crypto'

/** Returns the id of a run: the time of its start in UTC and eight digits of the hash of what determines its result. */
export function runId(startedAt: Date, determinants: unknown): string {
  const time = startedAt.toISOString().replaceAll(/[-:]/g, '').replace('T', '-').slice(0, 15)
  const hash = createHash('sha256').update(JSON.stringify(determinants)).digest('hex')
  return `${time}-${hash.slice(0, 8)}`
}
