import type { Columns } from '../database/columns.js'
import type { Curve } from '../metrics/comparison.js'
import { drawdownsOf, rankedDrawdowns } from '../metrics/drawdowns.js'
import { dateOfDay } from '../format.js'
import { periodReturns } from '../metrics/returns.js'
import type { DrawdownRow, MonthRow } from '../report/record.js'
import { runRelations } from '../store/run-relations.js'
import { missingAsNull, type SymbolFigures } from './measures.js'
import { writeRows, type RunOutput } from './parts.js'
import type { PlannedSymbol } from './plan.js'
import type { RunMetrics } from './run-metrics.js'

/** The curve of all accounts together, and their start capital. */
export interface TotalCurve {
  dates: Float64Array
  equity: Float64Array
  capital: number
}

/** Writes the relation `metrics`: a row for each metric, in their order. */
export async function writeMetrics(output: RunOutput, { metrics, reasons }: RunMetrics): Promise<void> {
  const names = Object.keys(metrics)
  const texts = [...new Set(Object.values(reasons))]
  const codes = names.map((name) => (metrics[name] === null ? texts.indexOf(reasons[name]) : -1))
  await writeRows(output, 'metrics', 0, {
    length: names.length,
    metric: Int32Array.from(names.keys()),
    value: Float64Array.from(names, (name) => metrics[name] ?? NaN),
    reason: Int32Array.from(codes),
  } as unknown as Columns, { metric: names, reason: texts })
}

/** Writes the relation `symbol_metrics`: a row for each symbol that was simulated. */
export async function writeSymbolMetrics(
  output: RunOutput,
  planned: readonly PlannedSymbol[],
  figures: readonly SymbolFigures[],
): Promise<void> {
  const column = (name: string) => Float64Array.from(figures, ({ series, trades, return_pct, exposure_pct }) => {
    if (name === 'return_pct') return return_pct
    if (name === 'exposure_pct') return exposure_pct
    return name in series ? series[name as keyof typeof series] : trades[name as keyof typeof trades]
  })
  const columns = Object.keys(runRelations.symbol_metrics).slice(3).map((name): [string, Float64Array] => [name, column(name)])
  await writeRows(output, 'symbol_metrics', 0, {
    length: planned.length,
    symbol: Int32Array.from(planned.keys()),
    bars: Float64Array.from(planned, ({ tradedBars }) => tradedBars),
    ...Object.fromEntries(columns),
  } as unknown as Columns, { symbol: planned.map(({ symbol }) => symbol) })
}

/** Writes the relation `monthly_returns`: all accounts together, which it returns, then each account of its own. */
export async function writeMonthlyReturns(
  output: RunOutput,
  { dates, equity, capital }: TotalCurve,
  figures: readonly SymbolFigures[],
): Promise<MonthRow[]> {
  const total = periodReturns(dates, equity, capital, 'month').map((month) => ({ account: 0, ...month }))
  const each = figures.flatMap(({ months }, code) => months.map((month) => ({ account: code + 1, ...month })))
  const rows = [...total, ...each]
  await writeRows(output, 'monthly_returns', 0, {
    length: rows.length,
    account: Int32Array.from(rows, ({ account }) => account),
    month: Float64Array.from(rows, ({ start }) => start),
    return_pct: Float64Array.from(rows, ({ return_pct }) => return_pct),
  } as unknown as Columns, { account: ['total', ...output.accounts] })
  return total.map(({ start, return_pct }) => ({ month: dateOfDay(start), ...missingAsNull({ return_pct }) }))
}

/** Writes the relation `benchmarks`: the curves that a run is compared with, by their names. */
export async function writeBenchmarks(output: RunOutput, curves: readonly (readonly [name: string, curve: Curve])[]): Promise<void> {
  const rows = curves.flatMap(([, { start, dates, values }], code) => {
    const base = Number.isNaN(start) ? values[0] : start
    return Array.from(dates, (date, at) => ({ code, date, growth: values[at] / base }))
  })
  await writeRows(output, 'benchmarks', 0, {
    length: rows.length,
    benchmark: Int32Array.from(rows, ({ code }) => code),
    session_date: Float64Array.from(rows, ({ date }) => date),
    growth: Float64Array.from(rows, ({ growth }) => growth),
  } as unknown as Columns, { benchmark: curves.map(([name]) => name) })
}

/** Writes the relation `drawdowns` and returns it: those of all accounts together, the deepest first. */
export async function writeDrawdowns(output: RunOutput, { dates, equity, capital }: TotalCurve): Promise<DrawdownRow[]> {
  const rows = rankedDrawdowns(drawdownsOf(dates, equity, capital))
  const column = (name: 'start' | 'bottom' | 'recovery' | 'depth_pct' | 'length_days') => {
    return Float64Array.from(rows, (row) => row[name])
  }
  await writeRows(output, 'drawdowns', 0, {
    length: rows.length,
    rank: Int32Array.from(rows, (_, index) => index + 1),
    ...{ start: column('start'), bottom: column('bottom'), recovery: column('recovery') },
    ...{ depth_pct: column('depth_pct'), length_days: column('length_days') },
  } as unknown as Columns, {})
  return rows.map((row, index) => ({
    rank: index + 1,
    ...{ start: dateOfDay(row.start), bottom: dateOfDay(row.bottom) },
    recovery: Number.isNaN(row.recovery) ? null : dateOfDay(row.recovery),
    ...{ depth_pct: row.depth_pct, length_days: row.length_days },
  }))
}
