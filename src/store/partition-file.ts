import { mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Database } from '../database/database.js'
import { literal } from '../database/quote.js'
import { DgasError, messageOf } from '../errors.js'
import { moveDurably } from './files.js'
import type { Partition } from './manifest.js'

/** The columns of stored bars, in their order. */
export const barColumns = 'symbol, exchange, bar_at, closed_at, session_date, open, high, low, close, volume'

/** Small enough that reading some of the symbols, which are sorted, skips most of a file. */
const rowGroupSize = 20_480

/** Returns SQL that reads stored files and yields exactly `barColumns`. */
export function storedSql(files: readonly string[]): string {
  return `select ${barColumns} from read_parquet([${files.map(literal).join(', ')}], hive_partitioning = false)`
}

/** Returns SQL that reads every value of files below `folder`: file, rows and data_hash of each, as a manifest says them. */
export function storedContents(folder: string, files: readonly string[]): string {
  const paths = files.map((file) => literal(join(folder, file))).join(', ')
  return `
    select ${belowSql(folder)} as file, count(*) as rows, sum(hash(${barColumns}))::varchar as data_hash
    from read_parquet([${paths}], hive_partitioning = false, filename = true) group by file`
}

/** Returns SQL of the rows of files below `folder` in their order, with the file in which each is. */
export function storedFiles(folder: string, files: readonly string[]): string {
  const paths = files.map((file) => literal(join(folder, file))).join(', ')
  return `
    select ${belowSql(folder)} as file, ${barColumns}
    from read_parquet([${paths}], hive_partitioning = false, filename = true)`
}

function belowSql(folder: string): string {
  return `filename[${folder.length + 2}:]`
}

/**
 * Writes the rows of a query of `barColumns` to `file`, sorted, and reads them back: what a manifest names has been seen to be
 * readable. Returns what the manifest says of it.
 */
export async function writePartitionFile(
  database: Database,
  sql: string,
  file: string,
): Promise<Omit<Partition, 'file'>> {
  mkdirSync(dirname(file), { recursive: true })
  const beside = `${file}.tmp`
  await database.run(`
    copy (select ${barColumns} from (${sql}) order by symbol, bar_at) to ${literal(beside)}
    (format parquet, compression zstd, row_group_size ${rowGroupSize}, use_tmp_file false)`)
  const partition = await checkPartitionFile(database, beside)
  moveDurably(beside, file)
  return partition
}

/** Reads every value of a stored file. Throws a `DgasError` that names it when that fails. */
export async function checkPartitionFile(database: Database, file: string): Promise<Omit<Partition, 'file'>> {
  try {
    const [content] = await database.rows<{ rows: number; data_hash: string }>(`
      select count(*) as rows, coalesce(sum(hash(${barColumns})), 0)::varchar as data_hash from (${storedSql([file])})`)
    return content
  } catch (error) {
    const reason = messageOf(error)
    throw new DgasError({ what: `the stored bars cannot be read: ${reason}`, where: file })
  }
}
