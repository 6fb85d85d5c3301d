import { existsSync } from 'node:fs'
import type { Database } from '../database/database.js'
import { literal } from '../database/quote.js'
import { DgasError, messageOf } from '../errors.js'
import { barColumns, storedSql } from '../store/partition-file.js'
import { failedSymbol, type FailedSymbol } from './batch-record.js'
import { databaseKind } from './faults.js'
import type { SourceFiles } from './source-files.js'

/**
 * Looks for the stored file that is to blame for a failure to read bars, by a connection of its own: one that is gone, or that
 * cannot be read, of one symbol if it is given. Returns an error that names it, or the failure as it was when all is well.
 */
export async function blamed(
  database: Database,
  files: SourceFiles,
  error: unknown,
  symbol: string | null = null,
): Promise<unknown> {
  const kind = databaseKind(error)
  if (kind === null || /^(?:Parser|Binder|Catalog|INTERRUPT|Out of Memory)$/.test(kind)) return error
  const paths = [...files.values()].flat()
  const gone = paths.find((path) => !existsSync(path))
  if (gone !== undefined) {
    return new DgasError({ what: 'this file of the store is gone', where: gone, expected: 'the file back in its place, or the bars imported again' })
  }
  const probe = await database.fork()
  try {
    for (const path of paths) {
      const fault = await readFault(probe, path, symbol === null ? 'true' : `symbol = ${literal(symbol)}`)
      if (fault !== null) return fault
    }
    return error
  } finally {
    probe.close()
  }
}

/** Returns those of `symbols`, which follow each other, whose stored bars cannot all be read. */
export async function unreadableSymbols(
  database: Database,
  files: SourceFiles,
  symbols: readonly { symbol: string }[],
): Promise<FailedSymbol[]> {
  if (symbols.length === 0) return []
  const range = `symbol between ${literal(symbols[0].symbol)} and ${literal(symbols.at(-1)!.symbol)}`
  const faults = [...files.values()].flat().map((path) => readFault(database, path, range))
  const fault = (await Promise.all(faults)).find((one) => one !== null)
  if (fault === undefined) return []
  if (symbols.length === 1) return [failedSymbol(symbols[0].symbol, fault)]
  const half = symbols.length >> 1
  return [
    ...await unreadableSymbols(database, files, symbols.slice(0, half)),
    ...await unreadableSymbols(database, files, symbols.slice(half)),
  ]
}

/** Does work that reads the bars of all symbols; a failure names the file that is to blame. */
export async function withBlame<T>(database: Database, files: SourceFiles, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw await blamed(database, files, error)
  }
}

async function readFault(database: Database, path: string, condition: string): Promise<DgasError | null> {
  try {
    await database.value(`select sum(hash(${barColumns})) from (${storedSql([path])}) where ${condition}`)
    return null
  } catch (error) {
    const reason = messageOf(error)
    const expected = 'an intact file: the bars imported again, or that file from a copy'
    return new DgasError({ what: `the stored bars cannot be read: ${reason}`, where: path, expected, cause: error })
  }
}
