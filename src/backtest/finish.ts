import { join } from 'node:path'
import type { Columns } from '../database/columns.js'
import type { Curve } from '../metrics/comparison.js'
import { reportMarkdown } from '../report/markdown.js'
import type { RunRecord, RunReport, SymbolRow } from '../report/record.js'
import { writeDurably } from '../store/files.js'
import type { Store } from '../store/layout.js'
import type { BatchSource } from './batch.js'
import type { BacktestConfig } from './config.js'
import { missingAsNull, type Measures, type SymbolFigures } from './measures.js'
import type { OpenRun } from './open-run.js'
import { writeRows, type RunOutput } from './parts.js'
import type { Plan, PlannedSymbol } from './plan.js'
import { peakMemory } from './progress.js'
import { runMetrics, type RunMetrics } from './run-metrics.js'
import type { Stopwatch } from './stopwatch.js'
import { groupTrades } from './trade-groups.js'
import { writeBenchmarks, writeDrawdowns, writeMetrics, writeMonthlyReturns, writeSymbolMetrics } from './write-metrics.js'

/** What is known when the last bar has been simulated. */
export interface Ending {
  store: Store
  run: OpenRun
  source: BatchSource
  config: BacktestConfig
  plan: Plan
  figures: Measures
  /** All symbols of the run, bought and held. */
  holding: Curve
  /** Reads the closes of the benchmark from before the day `first` on, in days since 1970. */
  benchmark: (first: number) => Promise<Curve | null>
  watch: Stopwatch
  ledgerChecks: number
  finerBars: { ambiguous: number; resolved: number }
  /** When the run began, by the clock of `performance`. */
  started: number
}

/** Writes the outcome of each symbol, the metrics, the record and the report of a run. */
export async function finishRun(output: RunOutput, ending: Ending): Promise<RunReport> {
  const { plan, figures, run, watch } = ending
  const ofSymbols = figures.symbols()
  const symbols = [...plan.symbols.map((symbol, code) => symbolRow(symbol, ofSymbols[code])), ...plan.skipped.map(skippedRow)]
  const { metrics, ...tables } = await watch.time('metrics', async () => {
    // the database sums trades up while the other relations are written
    const [measured, trade_groups] = await Promise.all([measureRun(output, ending, ofSymbols, symbols), groupTrades(output, ending)])
    return { ...measured, trade_groups }
  })
  const report = { record: makeRecord(ending, metrics), symbols, ...tables }
  writeDurably(join(output.folder, 'report.md'), reportMarkdown(report))
  writeDurably(run.file, `${JSON.stringify(report.record, null, 2)}\n`)
  return report
}

/** Computes the metrics of a run and writes their relations, and that of its symbols. */
async function measureRun(
  output: RunOutput,
  ending: Ending,
  ofSymbols: readonly SymbolFigures[],
  symbols: readonly SymbolRow[],
): Promise<Pick<RunReport, 'monthly_returns' | 'drawdowns'> & { metrics: RunMetrics }> {
  const { config, plan, figures, run } = ending
  const accounts = run.accounts.length
  const curve = { ...figures.curve(), capital: config.rules.capital * accounts }
  const benchmark = await ending.benchmark(curve.dates[0])
  const metrics = runMetrics({ config, figures, accounts, bars: tradedBars(plan), holding: ending.holding, benchmark })
  await writeSymbols(output, symbols)
  await writeMetrics(output, metrics)
  await writeSymbolMetrics(output, plan.symbols, ofSymbols)
  await writeBenchmarks(output, [
    ['buy_and_hold', ending.holding],
    ...(benchmark === null ? [] : [[config.benchmark!, benchmark] as const]),
  ])
  return {
    metrics,
    monthly_returns: await writeMonthlyReturns(output, curve, ofSymbols),
    drawdowns: await writeDrawdowns(output, curve),
  }
}

function makeRecord(ending: Ending, { metrics, reasons }: RunMetrics): RunRecord {
  const { run, plan, config, figures, watch, ledgerChecks, finerBars, started } = ending
  const { total_return_pct, sharpe_ratio, maximum_drawdown_pct } = metrics
  return {
    ...run.beginning,
    status: 'completed',
    seconds: (performance.now() - started) / 1000,
    ...{ symbols: plan.symbols.length, bars: tradedBars(plan), trades: metrics.trades ?? 0 },
    ...{ total_return_pct, sharpe_ratio, maximum_drawdown_pct },
    metrics,
    metric_reasons: reasons,
    declined: figures.declined(),
    timings: watch.stages(),
    peak_memory_bytes: peakMemory(),
    ledger_checks: ledgerChecks,
    finer_bars: config.rules.intrabar === 'finer' ? finerBars : null,
  }
}

function tradedBars({ symbols }: Plan): number {
  return symbols.reduce((sum, { tradedBars }) => sum + tradedBars, 0)
}

function symbolRow({ symbol, tradedBars }: PlannedSymbol, figures: SymbolFigures): SymbolRow {
  const { return_pct, exposure_pct } = figures
  const { annual_return_pct, annual_volatility_pct, sharpe_ratio, sortino_ratio } = figures.series
  const { maximum_drawdown_pct, maximum_drawdown_days } = figures.series
  const { trades, net_profit, win_rate_pct, profit_factor } = figures.trades
  return {
    ...{ symbol, outcome: 'completed', reason: null, bars: tradedBars, trades, net_profit },
    ...missingAsNull({ return_pct, annual_return_pct, annual_volatility_pct, sharpe_ratio, sortino_ratio }),
    ...missingAsNull({ maximum_drawdown_pct, maximum_drawdown_days, win_rate_pct, profit_factor, exposure_pct }),
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
