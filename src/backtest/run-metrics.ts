import { comparison, comparisonReasons, type Curve } from '../metrics/comparison.js'
import { mean } from '../metrics/moments.js'
import { seriesReasons } from '../metrics/series-reasons.js'
import { seriesMetrics, yearsOf } from '../metrics/series.js'
import { tradeMetrics, tradeReasons } from '../metrics/trades.js'
import type { BacktestConfig } from './config.js'
import { closesPerYear, missingAsNull, type Measures } from './measures.js'

/** What the metrics of a run are computed from. */
export interface Measured {
  config: BacktestConfig
  figures: Measures
  /** Number of accounts, each with the start capital, and of those beyond them that were never used. */
  accounts: number
  idle: number
  /** Traded bars of all symbols. */
  bars: number
  /** All symbols of the run, bought and held. */
  holding: Curve
  /** Closes of the benchmark; null: none was asked for. */
  benchmark: Curve | null
}

/** Metrics by name, and why those are null that are. */
export interface RunMetrics {
  metrics: Record<string, number | null>
  reasons: Record<string, string>
}

/**
 * Returns the metrics of a run: of the curve of all accounts, of all trades, and of the comparisons with the benchmark
 * (`benchmark_…`) and with the symbols bought and held (`buy_and_hold_…`). `annual_turnover_pct` is half of the value bought
 * and sold ÷ mean equity ÷ years.
 */
export function runMetrics({ config, figures, accounts, idle, bars, holding, benchmark }: Measured): RunMetrics {
  const { dates, equity } = figures.curve(idle)
  const capital = config.rules.capital * accounts
  const perYear = closesPerYear(config.timeframe)
  const series = seriesMetrics(dates, equity, capital, config.trials, perYear)
  const { return_pct, ...others } = series
  const sums = figures.total()
  const own: Curve = { start: capital, dates, values: equity }
  const [held, marked] = [compared('buy_and_hold', own, holding, perYear), compared('benchmark', own, benchmark, perYear)]
  const metrics = {
    ...{ total_return_pct: return_pct, ...others, ...tradeMetrics(sums), interest: figures.interest() },
    exposure_pct: (sums.position_bars / bars) * 100,
    annual_turnover_pct: (sums.traded_value / 2 / mean(equity) / yearsOf(dates)) * 100,
    ...{ ...held.metrics, ...marked.metrics },
  }
  const reasons = { ...seriesReasons(series), ...tradeReasons(sums), ...held.reasons, ...marked.reasons }
  return { metrics: missingAsNull<string>(metrics), reasons }
}

function compared(prefix: string, own: Curve, other: Curve | null, perYear: number) {
  const metrics = comparison(own, other ?? { start: NaN, dates: [], values: [] }, perYear)
  const named = <Value>(values: Record<string, Value>) => {
    return Object.fromEntries(Object.entries(values).map(([name, value]) => [`${prefix}_${name}`, value]))
  }
  if (other !== null) return { metrics: named<number>({ ...metrics }), reasons: named(comparisonReasons(metrics)) }
  const names = Object.keys(metrics)
  return {
    metrics: named(Object.fromEntries(names.map((name) => [name, NaN]))),
    reasons: named(Object.fromEntries(names.map((name) => [name, 'no benchmark is given (--benchmark)']))),
  }
}
