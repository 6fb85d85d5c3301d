import { existsSync, mkdirSync, rmSync } from 'node:fs'
import type { Database } from '../database/database.js'
import { literal } from '../database/quote.js'
import { fileError, moveDurably } from './files.js'
import { instrumentsFile, type Store } from './layout.js'

/** The columns of `instruments`, in their order. */
export const instrumentColumns = 'symbol, name, exchange, sector, industry'

/** Returns SQL that reads the store's instruments; no rows when it has none. */
export function instrumentsSql(store: Store): string {
  const file = instrumentsFile(store)
  if (existsSync(file)) return `select ${instrumentColumns} from read_parquet(${literal(file)}, hive_partitioning = false)`
  const columns = instrumentColumns.split(', ').map((name) => `null::varchar as ${name}`)
  return `select ${columns.join(', ')} limit 0`
}

/**
 * Brings instruments into the store: each row of the query `rows`, unique in symbol, replaces the stored one of its symbol;
 * what is missing in the new row stays as it was. Returns how many were there before. The caller holds the store's lock.
 */
export async function writeInstruments(database: Database, store: Store, rows: string): Promise<number> {
  const file = instrumentsFile(store)
  const beside = `${file}.${process.pid}.tmp`
  const stored = instrumentsSql(store)
  const replaced = await database.value(`select count(*) from (${stored}) semi join (${rows}) using (symbol)`)
  const columns = ['name', 'exchange', 'sector', 'industry'].map((name) => `coalesce(fresh.${name}, stored.${name}) as ${name}`)
  try {
    mkdirSync(store.folder, { recursive: true })
    await database.run(`
      copy (
        select symbol, ${columns.join(', ')}
        from (${rows}) as fresh full join (${stored}) as stored using (symbol)
        order by symbol
      ) to ${literal(beside)} (format parquet, compression zstd, use_tmp_file false)`)
    moveDurably(beside, file)
  } catch (error) {
    rmSync(beside, { force: true })
    throw fileError(error, file)
  }
  return Number(replaced)
}
