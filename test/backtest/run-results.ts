import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { openDatabase } from '../../src/database/database.js'
import { literal } from '../../src/database/quote.js'
import type { RunRecord } from '../../src/report/record.js'
import { createRunRelations } from '../../src/store/run-relations.js'
import { findRun } from '../../src/store/runs.js'
import type { TestStore } from './store.js'

const relations = ['trades', 'equity', 'signals', 'symbols', 'metrics', 'symbol_metrics', 'monthly_returns', 'drawdowns', 'trade_groups']

/** Everything that a run says of its symbols, to the last bit: the rows of its relations, and what `run.json` counts. */
export async function resultsOf({ folder }: Pick<TestStore, 'folder'>, run: string): Promise<Record<string, unknown>> {
  const record = JSON.parse(readFileSync(join(folder, 'runs', run, 'run.json'), 'utf8')) as RunRecord
  const { metrics, declined, ledger_checks, finer_bars, status, failed, skipped } = record
  return {
    ...await rowsOf(folder, run),
    record: { metrics, declined, ledger_checks, finer_bars, status, skipped, failed: failed.map(({ symbol, reason }) => [symbol, reason]) },
  }
}

/** The rows of its relations; a query of the command line for each would take longer than the run. */
async function rowsOf(folder: string, run: string): Promise<Record<string, unknown>> {
  const database = await openDatabase({ threads: 1 })
  try {
    await createRunRelations(database, [findRun(join(folder, 'runs'), run)], relations)
    const rows: Record<string, unknown> = {}
    for (const relation of relations) {
      rows[relation] = await database.rows(`select * exclude (run_id) from ${relation} where run_id = ${literal(run)} order by all`)
    }
    return rows
  } finally {
    database.close()
  }
}
