import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openDatabase } from '../../src/database/database.js'
import { literal } from '../../src/database/quote.js'
import { storedSymbols } from '../../src/store/layout.js'
import { runRelations, type RunRelation } from '../../src/store/run-relations.js'
import { writeSample } from '../../src/store/sample.js'

/** A store of three synthetic symbols over three weeks, with one run of two of them. */
export interface SmallStore {
  folder: string
  /** The first two were simulated by the run. */
  symbols: string[]
  run: string
}

/** Writes a small store below the temporary folder. */
export async function smallStore(): Promise<SmallStore> {
  const folder = mkdtempSync(join(tmpdir(), 'dgas-chart-'))
  const database = await openDatabase({ threads: 1 })
  await writeSample(database, folder, { symbols: 3, from: '2026-01-05', to: '2026-01-23' })
  const symbols = storedSymbols({ folder, isSample: true }, '30m')
  const run = '20260126-143000-abcdef12'
  const runFolder = join(folder, 'runs', run)
  mkdirSync(runFolder, { recursive: true })
  writeFileSync(join(runFolder, 'run.json'), JSON.stringify(runRecord(run)))
  const [first, second] = symbols.map(literal)
  await writeRows('symbols', `select ${literal(run)} as run_id, unnest([${first}, ${second}]) as symbol`)
  await writeRows('equity', equitySql(run, first, second))
  await writeRows('trades', tradesSql(run, first))
  database.close()
  return { folder, symbols, run }

  async function writeRows(relation: RunRelation, sql: string): Promise<void> {
    mkdirSync(join(runFolder, relation))
    const file = literal(join(runFolder, relation, '000000.parquet'))
    const columns = Object.entries(runRelations[relation]).map(([name, type]) => `null::${type} as ${name}`)
    const rows = `select ${columns.join(', ')} where false union all by name ${sql}`
    await database.run(`copy (${rows}) to ${file} (format parquet)`)
  }
}

function runRecord(run_id: string): object {
  return {
    run_id, status: 'completed', strategy: 'pldot_cross', accounts: 'separate',
    configuration: { rules: { capital: 1000 } },
  }
}

/** The second account has no row on the first and the third session. */
function equitySql(run: string, first: string, second: string): string {
  return `
    select ${literal(run)} as run_id, account, bar_at, bar_at::date as session_date, equity
    from (values
      (${first}, timestamp '2026-01-05 20:30:00', 1010.0),
      (${first}, timestamp '2026-01-06 20:00:00', 1.0),
      (${first}, timestamp '2026-01-06 20:30:00', 1040.0),
      (${second}, timestamp '2026-01-06 20:30:00', 960.0),
      (${first}, timestamp '2026-01-07 20:30:00', 940.0)
    ) as closes(account, bar_at, equity)`
}

/** One trade that won within a bar, one that lost, one of another time. */
function tradesSql(run: string, symbol: string): string {
  return `
    select ${literal(run)} as run_id, ${symbol} as symbol, *
    from (values
      ('long', timestamp '2026-01-22 14:30:00', 11.5, timestamp '2026-01-22 15:00:00', 12.0, 11.0, 50.0),
      ('short', timestamp '2026-01-23 14:30:00', 12.0, timestamp '2026-01-23 20:30:00', 12.5, null, -50.0),
      ('long', timestamp '2026-01-05 14:30:00', 12.0, timestamp '2026-01-05 20:30:00', 12.5, null, 50.0)
    ) as trades(side, entry_at, entry_price, exit_at, exit_price, stop_price, net_profit)`
}
