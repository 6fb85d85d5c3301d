import type { Database } from '../database/database.js'
import { nearest, usageError } from '../errors.js'

/** Returns the name of a time zone as the database writes it. Throws a usage error with the nearest name. */
export async function parseTimezone(database: Database, name: string): Promise<string> {
  // to list them all takes as long as to read a small file
  if (name === 'UTC') return name
  const zones = await database.rows<{ name: string }>('select name from pg_timezone_names() order by length(name), name')
  const names = zones.map((zone) => zone.name)
  const found = names.find((zone) => zone.toLowerCase() === name.toLowerCase())
  if (found !== undefined) return found
  throw usageError({
    what: `there is no time zone "${name}"`,
    where: '--timezone',
    expected: 'a name such as America/New_York',
    nearest: nearest(name, names),
  })
}
