import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { literal } from '../database/quote.js'
import type { RunFolder } from './runs.js'

/** The relation `batches`: one row for each finished batch of a run, also while the run goes on. */
const batchColumns = {
  run_id: 'VARCHAR',
  batch: 'INTEGER',
  /** Symbols that were computed, the failed ones not among them. */
  symbols: 'INTEGER',
  first_symbol: 'VARCHAR',
  last_symbol: 'VARCHAR',
  bars: 'BIGINT',
  started_at: 'TIMESTAMP',
  elapsed_ms: 'DOUBLE',
  /** Processor time of the process meanwhile, of all cores together. */
  cpu_ms: 'DOUBLE',
  compute_ms: 'DOUBLE',
  /** Null for a shared account, which is simulated when the signals of all batches are there. */
  simulate_ms: 'DOUBLE',
  write_ms: 'DOUBLE',
  bars_per_second: 'DOUBLE',
  memory_bytes: 'BIGINT',
  attempts: 'INTEGER',
  failures: 'INTEGER',
  /** The process that did it, as `host:pid`. */
  worker: 'VARCHAR',
  /** Whether it took more than twice the time, and the processor time, for each bar that the batches before it took. */
  is_degraded: 'BOOLEAN',
} as const

const shortest = 65_536

/** Returns SQL of the finished batches of runs. */
export function batchesSql(runs: readonly RunFolder[]): string {
  const files = runs.flatMap(batchFiles)
  const columns = Object.entries(batchColumns)
  if (files.length === 0) return `select ${columns.map(([name, type]) => `null::${type} as ${name}`).join(', ')} limit 0`
  const types = columns.map(([name, type]) => `${name}: '${type}'`)
  // what else a record holds may be long; DuckDB takes memory for the longest that there may be
  const limits = `maximum_object_size = ${Math.max(...files.map((file) => statSync(file).size), shortest)}`
  return `
    select * from read_json([${files.map(literal).join(', ')}], columns = {${types.join(', ')}}, format = 'newline_delimited', ${limits})
    order by run_id, batch`
}

function batchFiles({ folder }: RunFolder): string[] {
  const records = join(folder, 'batches')
  if (!existsSync(records)) return []
  return readdirSync(records).filter((name) => name.endsWith('.json')).sort().map((name) => join(records, name))
}
