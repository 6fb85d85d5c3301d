import type { Database } from '../database/database.js'
import { literal } from '../database/quote.js'
import { createRunRelations } from '../store/run-relations.js'
import type { RunFolder } from '../store/runs.js'

/** A trade of a run; times in milliseconds since 1970-01-01 UTC. */
export interface RunTradeRow {
  side: 'long' | 'short'
  entry_at: number
  entry_price: number
  exit_at: number
  exit_price: number
  stop_price: number | null
  target_price: number | null
  net_profit: number
  exit_reason: string
}

/** Reads the trades of one symbol in a run, in the order of their entries. */
export async function readTrades(database: Database, run: RunFolder, symbol: string): Promise<RunTradeRow[]> {
  await createRunRelations(database, [run], ['trades'])
  return database.rows<RunTradeRow>(`
    select
      side,
      epoch_ms(entry_at) as entry_at, entry_price,
      epoch_ms(exit_at) as exit_at, exit_price,
      stop_price, target_price, net_profit, exit_reason
    from trades where symbol = ${literal(symbol)} order by trades.entry_at, trades.exit_at`)
}
