import { existsSync, mkdirSync, rmSync } from 'node:fs'
import type { Database } from '../database/database.js'
import { literal } from '../database/quote.js'
import { fileError, moveDurably } from './files.js'
import { actionsFile, type Store } from './layout.js'

/** The columns of `corporate_actions`, in their order, with their types. */
export const actionColumns = { symbol: 'VARCHAR', ex_date: 'DATE', kind: 'VARCHAR', value: 'DOUBLE' } as const

const names = Object.keys(actionColumns).join(', ')

/**
 * Returns SQL that reads the store's splits and dividends, one row for each symbol, `ex_date` and kind: `value` is the number
 * of shares that one becomes, or the money paid on one. No rows when the store has none.
 */
export function actionsSql(store: Store): string {
  const file = actionsFile(store)
  if (existsSync(file)) return `select ${names} from read_parquet(${literal(file)}, hive_partitioning = false)`
  const columns = Object.entries(actionColumns).map(([name, type]) => `null::${type} as ${name}`)
  return `select ${columns.join(', ')} limit 0`
}

/** Creates the relation `corporate_actions`. */
export async function createActions(database: Database, store: Store): Promise<void> {
  await database.run(`create or replace view corporate_actions as ${actionsSql(store)}`)
}

/**
 * Brings splits and dividends into the store: each row of the query `rows`, unique in symbol, `ex_date` and kind, replaces the
 * stored one of these. Returns how many were there before. The caller holds the store's lock.
 */
export async function writeActions(database: Database, store: Store, rows: string): Promise<number> {
  const file = actionsFile(store)
  const beside = `${file}.${process.pid}.tmp`
  const stored = actionsSql(store)
  const key = 'using (symbol, ex_date, kind)'
  const replaced = await database.value(`select count(*) from (${stored}) semi join (${rows}) ${key}`)
  try {
    mkdirSync(store.folder, { recursive: true })
    await database.run(`
      copy (
        select ${names} from (${rows})
        union all by name
        select ${names} from (${stored}) anti join (${rows}) ${key}
        order by symbol, ex_date, kind
      ) to ${literal(beside)} (format parquet, compression zstd, use_tmp_file false)`)
    moveDurably(beside, file)
  } catch (error) {
    rmSync(beside, { force: true })
    throw fileError(error, file)
  }
  return Number(replaced)
}
