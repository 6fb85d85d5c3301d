import { readFileSync } from 'node:fs'
import type { Database } from '../database/database.js'
import { DgasError } from '../errors.js'
import type { DrawdownRow, FullReport, MonthRow, RunRecord, SymbolMetricsRow, SymbolRow, TradeGroupRow } from '../report/record.js'
import { createRunRelations } from '../store/run-relations.js'
import type { RunFolder } from '../store/runs.js'

/** Reads what the reports show of a finished run. Throws a `DgasError` for a damaged `run.json`. */
export async function readRunReport(database: Database, run: RunFolder): Promise<FullReport> {
  const record = readRecord(run)
  if (record.status !== 'completed') {
    const what = `the run ${run.id} is not complete: it is ${record.status === 'failed' ? 'one that failed' : 'still running, or was killed'}`
    throw new DgasError({ what, where: run.folder, expected: 'a run that was completed' })
  }
  await createRunRelations(database, [run], ['symbols', 'symbol_metrics'])
  const symbols = await database.rows<SymbolRow>('select * exclude (run_id) from symbols order by symbol')
  const metrics = 'select * exclude (run_id) from symbol_metrics order by symbol'
  return { record, symbols, symbol_metrics: await database.rows<SymbolMetricsRow>(metrics), ...await readTables(database, run) }
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

/** Reads the record of a run, in whatever state it is. Throws a `DgasError` for a damaged one. */
export function readRecord({ file }: RunFolder): RunRecord {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as RunRecord
  } catch (error) {
    throw new DgasError({ what: `this record of a run cannot be read: ${(error as Error).message}`, where: file })
  }
}
