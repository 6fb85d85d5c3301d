import { availableParallelism, totalmem } from 'node:os'
import { join } from 'node:path'
import type { Columns } from '../database/columns.js'
import type { Curve } from '../metrics/comparison.js'
import { reportMarkdown, symbolTables, type SymbolTables } from '../report/markdown.js'
import type { RunRecord, RunReport, SymbolRow } from '../report/record.js'
import { writeDurably } from '../store/files.js'
import { allDone } from './all-done.js'
import { missingAsNull, type SymbolFigures } from './measures.js'
import { besides, writeRows, type RunOutput } from './parts.js'
import { tradedBars } from './piece.js'
import type { PlannedSymbol } from './plan.js'
import { peakMemory } from './progress.js'
import { runMetrics, type RunMetrics } from './run-metrics.js'
import type { Stopwatch } from './stopwatch.js'
import type { Totals } from './totals.js'
import { writeBenchmarks, writeDrawdowns, writeMetrics, writeMonthlyReturns, writeSymbolMetrics } from './write-metrics.js'
import type { RunWork } from './work.js'

/** What is known when the last bar has been simulated. */
export interface Ending extends RunWork, Totals {
  /** Reads the closes of the benchmark from before the day `first` on, in days since 1970. */
  benchmark: (first: number) => Promise<Curve | null>
  watch: Stopwatch
  /** When the run began, or was resumed, by the clock of `performance`. */
  started: number
}

/** The symbols that were simulated, with their figures; those that failed are as if they had not been asked for. */
interface Completed {
  planned: PlannedSymbol[]
  figures: SymbolFigures[]
  /** Names of the accounts that were used. */
  accounts: readonly string[]
}

/** Writes the outcome of each symbol, the metrics, the record and the report of a run. */
export async function finishRun(ending: Ending): Promise<RunReport> {
  const { run, watch, output, grouping } = ending
  const completed = completedOf(ending)
  const symbols = symbolRows(ending, completed)
  const { metrics, tables, ...shown } = await watch.time('metrics', async () => {
    // the database sums trades up while the other relations and the longest tables are written
    const [trade_groups, measured] = await allDone([grouping.finish(), measureRun(ending, completed, symbols)])
    return { ...measured, trade_groups }
  })
  const report = { record: makeRecord(ending, completed, metrics), symbols, batches: ending.batches, ...shown }
  writeDurably(join(output.folder, 'report.md'), reportMarkdown(report, [], tables))
  writeDurably(run.file, `${JSON.stringify(report.record, null, 2)}\n`)
  return report
}

function completedOf({ plan, config, figures, failed, run }: Ending): Completed {
  const lost = new Set(failed.map(({ symbol }) => symbol))
  const isKept = plan.symbols.map(({ symbol }) => !lost.has(symbol))
  const all = figures.symbols()
  return {
    planned: plan.symbols.filter((_, code) => isKept[code]),
    figures: all.filter((_, code) => isKept[code]),
    accounts: config.rules.accounts === 'shared' ? run.accounts : run.accounts.filter((_, code) => isKept[code]),
  }
}

/** Computes the metrics of a run and writes their relations, that of its symbols, and the tables of these in the report. */
async function measureRun(
  ending: Ending,
  completed: Completed,
  symbols: readonly SymbolRow[],
): Promise<Pick<RunReport, 'monthly_returns' | 'drawdowns'> & { metrics: RunMetrics; tables: SymbolTables }> {
  const { config, figures, run } = ending
  const { planned, accounts } = completed
  const output = { ...ending.output, accounts }
  const idle = run.accounts.length - accounts.length
  const curve = { ...figures.curve(idle), capital: config.rules.capital * accounts.length }
  const benchmark = await ending.benchmark(curve.dates[0])
  const holding = ending.holding.curve(planned.length)
  const metrics = runMetrics({ config, figures, accounts: accounts.length, idle, bars: tradedBars(planned), holding, benchmark })
  const marks = benchmark === null ? [] : [[config.benchmark!, benchmark] as const]
  const [monthly_returns, drawdowns] = await allDone([
    besides(output, async (first) => {
      await writeSymbolMetrics(first, planned, completed.figures)
      return writeMonthlyReturns(first, curve, completed.figures)
    }),
    besides(output, async (second) => {
      await writeSymbols(second, symbols)
      await writeMetrics(second, metrics)
      await writeBenchmarks(second, [['buy_and_hold', holding], ...marks])
      return writeDrawdowns(second, curve)
    }),
  ])
  return { metrics, monthly_returns, drawdowns, tables: symbolTables(symbols) }
}

function makeRecord(ending: Ending, { planned }: Completed, { metrics, reasons }: RunMetrics): RunRecord {
  const { run, config, figures, failed, watch, ledgerChecks, finerBars, started } = ending
  const { total_return_pct, sharpe_ratio, maximum_drawdown_pct } = metrics
  return {
    ...run.beginning,
    status: 'completed',
    seconds: (performance.now() - started) / 1000,
    failed,
    ...{ symbols: planned.length, bars: tradedBars(planned), trades: metrics.trades ?? 0 },
    ...{ total_return_pct, sharpe_ratio, maximum_drawdown_pct },
    metrics,
    metric_reasons: reasons,
    declined: figures.declined(),
    timings: watch.stages(),
    cached: ending.source.cache.relationsRead(),
    peak_memory_bytes: peakMemory(),
    machine: { cores: availableParallelism(), memory_bytes: totalmem() },
    ledger_checks: ledgerChecks,
    finer_bars: config.rules.intrabar === 'finer' ? finerBars : null,
  }
}

/** A row for each symbol in the order of the universe, then those that were not tried. */
function symbolRows({ plan, failed }: Ending, { planned, figures }: Completed): SymbolRow[] {
  const reasons = new Map(failed.map(({ symbol, reason }) => [symbol, reason]))
  let code = 0
  const tried = plan.symbols.map((symbol): SymbolRow => {
    const reason = reasons.get(symbol.symbol)
    if (reason !== undefined) return { ...emptyRow, symbol: symbol.symbol, outcome: 'failed', reason }
    return symbolRow(planned[code], figures[code++])
  })
  return [...tried, ...plan.skipped.map(skippedRow)]
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
