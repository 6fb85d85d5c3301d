import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { RunRecord } from '../../src/report/record.js'
import type { TestStore } from './store.js'

const relations = ['trades', 'equity', 'signals', 'symbols', 'metrics', 'symbol_metrics', 'monthly_returns', 'drawdowns', 'trade_groups']

/** Everything that a run says of its symbols, to the last bit: the rows of its relations, and what `run.json` counts. */
export async function resultsOf(store: Pick<TestStore, 'folder' | 'rows'>, run: string): Promise<Record<string, unknown>> {
  const rows = relations.map(async (relation): Promise<[string, unknown]> => {
    return [relation, await store.rows(`select * exclude (run_id) from ${relation} where run_id = '${run}' order by all`)]
  })
  const record = JSON.parse(readFileSync(join(store.folder, 'runs', run, 'run.json'), 'utf8')) as RunRecord
  const { metrics, declined, ledger_checks, finer_bars, status, failed, skipped } = record
  return {
    ...Object.fromEntries(await Promise.all(rows)),
    record: { metrics, declined, ledger_checks, finer_bars, status, skipped, failed: failed.map(({ symbol, reason }) => [symbol, reason]) },
  }
}
