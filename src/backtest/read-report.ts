import type { Database } from '../database/database.js'
import { DgasError } from '../errors.js'
import type { BatchHealth, DrawdownRow, FullReport, MonthRow, SymbolMetricsRow, SymbolRow, TradeGroupRow } from '../report/record.js'
import { createRunRelations } from '../store/run-relations.js'
import type { RunFolder } from '../store/runs.js'
import { readRecord } from './read-record.js'

/** Reads what the reports show of a finished run. Throws a `DgasError` for a damaged `run.json`. */
export async function readRunReport(database: Database, run: RunFolder): Promise<FullReport> {
  const record = readRecord(run)
  if (record.status !== 'completed') {
    const states = { failed: 'one that failed', interrupted: 'interrupted', running: 'still running, or was killed' }
    const what = `the run ${run.id} is not complete: it is ${states[record.status]}`
    throw new DgasError({ what, where: run.folder, expected: `a run that was completed; dgas backtest --resume ${run.id} goes on with it` })
  }
  await createRunRelations(database, [run], ['symbols', 'symbol_metrics'])
  const symbols = await database.rows<SymbolRow>('select * exclude (run_id) from symbols order by symbol')
  const metrics = 'select * exclude (run_id) from symbol_metrics order by symbol'
  const symbol_metrics = await database.rows<SymbolMetricsRow>(metrics)
  return { record, symbols, symbol_metrics, ...await readTables(database, run), batches: await readBatches(database, run) }
}

/** Reads what the health of a run needs of its batches. */
async function readBatches(database: Database, run: RunFolder): Promise<BatchHealth[]> {
  await createRunRelations(database, [run], ['batches'])
  return database.rows('select memory_bytes, attempts, failures, is_degraded from batches order by batch')
}

/** The tables of a report besides that of the symbols. */
export interface ReportTables {
  monthly_returns: MonthRow[]
  drawdowns: DrawdownRow[]
  trade_groups: TradeGroupRow[]
}

/** Reads the returns of months, the drawdowns and the groups of trades of a run. */
export async function readTables(database: Database, run: RunFolder): Promise<ReportTables> {
  await createRunRelations(database, [run], ['monthly_returns', 'drawdowns', 'trade_groups'])
  return {
    monthly_returns: await database.rows(`
      select month::varchar as month, return_pct from monthly_returns where account = 'total' order by monthly_returns.month`),
    drawdowns: await database.rows(`
      select * exclude (run_id) replace (start::varchar as start, bottom::varchar as bottom, recovery::varchar as recovery)
      from drawdowns order by rank`),
    trade_groups: await database.rows('select * exclude (run_id) from trade_groups'),
  }
}
