import { join } from 'node:path'
import { seriesMetrics, seriesReasons } from '../metrics/series.js'
import { tradeMetrics, tradeReasons } from '../metrics/trades.js'
import { reportMarkdown } from '../report/markdown.js'
import type { RunRecord, RunReport, SymbolRow } from '../report/record.js'
import type { Columns } from '../database/columns.js'
import { writeDurably } from '../store/files.js'
import type { BacktestConfig } from './config.js'
import { missingAsNull, type Measures } from './measures.js'
import type { OpenRun } from './open-run.js'
import { writeRows, type RunOutput } from './parts.js'
import type { Plan } from './plan.js'
import { peakMemory } from './progress.js'
import type { Stopwatch } from './stopwatch.js'

/** What is known when the last bar has been simulated. */
export interface Ending {
  run: OpenRun
  config: BacktestConfig
  plan: Plan
  figures: Measures
  watch: Stopwatch
  ledgerChecks: number
  /** Milliseconds since the run began. */
  elapsedMs: number
}

/** Writes the outcome of each symbol, the record and the report of a run. */
export async function finishRun(output: RunOutput, ending: Ending): Promise<RunReport> {
  const symbols = [...ending.figures.symbols(), ...ending.plan.skipped.map(skippedRow)]
  await writeSymbols(output, symbols)
  const record = makeRecord(ending)
  const report = { record, symbols }
  writeDurably(join(output.folder, 'report.md'), reportMarkdown(report))
  writeDurably(ending.run.file, `${JSON.stringify(record, null, 2)}\n`)
  return report
}

function makeRecord({ run, config, plan, figures, watch, ledgerChecks, elapsedMs }: Ending): RunRecord {
  const { dates, equity } = figures.curve()
  const accounts = run.accounts.length
  const series = seriesMetrics(dates, equity, config.rules.capital * accounts)
  const sums = figures.total()
  const traded = tradeMetrics(sums)
  const bars = plan.symbols.reduce((sum, { tradedBars }) => sum + tradedBars, 0)
  const { return_pct, ...others } = missingAsNull({ ...series, ...traded, exposure_pct: (sums.bars_held / bars) * 100 })
  return {
    ...run.beginning,
    status: 'completed',
    seconds: elapsedMs / 1000,
    ...{ symbols: plan.symbols.length, bars, trades: sums.trades },
    total_return_pct: return_pct,
    ...{ sharpe_ratio: others.sharpe_ratio, maximum_drawdown_pct: others.maximum_drawdown_pct },
    metrics: { total_return_pct: return_pct, ...others },
    metric_reasons: { ...seriesReasons(series), ...tradeReasons(traded) },
    timings: watch.stages(),
    peak_memory_bytes: peakMemory(),
    ledger_checks: ledgerChecks,
  }
}

function skippedRow({ symbol, reason }: { symbol: string; reason: string }): SymbolRow {
  return { ...emptyRow, symbol, outcome: 'skipped', reason }
}

const emptyRow = {
  ...{ bars: 0, trades: 0, net_profit: null, return_pct: null, annual_return_pct: null, annual_volatility_pct: null },
  ...{ sharpe_ratio: null, sortino_ratio: null, maximum_drawdown_pct: null, maximum_drawdown_days: null },
  ...{ win_rate_pct: null, profit_factor: null, exposure_pct: null },
}

async function writeSymbols(output: RunOutput, rows: readonly SymbolRow[]): Promise<void> {
  const reasons = [...new Set(rows.flatMap(({ reason }) => reason ?? []))]
  const outcomes = ['completed', 'skipped', 'failed'] as const
  const numbers = Object.keys(emptyRow) as (keyof typeof emptyRow)[]
  const columns = Object.fromEntries(numbers.map((name) => [name, Float64Array.from(rows, (row) => row[name] ?? NaN)]))
  await writeRows(output, 'symbols', 0, {
    length: rows.length,
    symbol: Int32Array.from(rows.keys()),
    outcome: Int32Array.from(rows, ({ outcome }) => outcomes.indexOf(outcome)),
    reason: Int32Array.from(rows, ({ reason }) => (reason === null ? -1 : reasons.indexOf(reason))),
    ...columns,
  } as unknown as Columns, { symbol: rows.map(({ symbol }) => symbol), outcome: outcomes, reason: reasons })
}
