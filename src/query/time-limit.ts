import type { Database } from '../database/database.js'
import { DgasError } from '../errors.js'

/** Does `work` on a database and stops it after `seconds`, with a `DgasError`; null: no limit. */
export async function within<T>(seconds: number | null, database: Database, work: () => Promise<T>): Promise<T> {
  if (seconds === null) return work()
  const over = new AbortController()
  const timer = setTimeout(() => {
    over.abort()
    database.interrupt()
  }, seconds * 1000)
  try {
    return await work()
  } catch (error) {
    if (over.signal.aborted) throw new DgasError({ what: `the query took longer than ${seconds} s and was stopped`, where: '--timeout' })
    throw error
  } finally {
    clearTimeout(timer)
  }
}
