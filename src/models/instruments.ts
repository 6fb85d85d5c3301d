import { existsSync } from 'node:fs'
import type { Database } from '../database/database.js'
import { literal } from '../database/quote.js'

const columns = ['symbol', 'name', 'exchange', 'sector', 'industry']

/** Creates the relation `instruments` over a Parquet file; without the file it has no rows. */
export async function createInstruments(database: Database, file: string): Promise<void> {
  const text = existsSync(file)
    ? `select ${columns.join(', ')} from read_parquet(${literal(file)})`
    : `select ${columns.map((name) => `null::varchar as ${name}`).join(', ')} limit 0`
  await database.run(`create or replace view instruments as ${text}`)
}
