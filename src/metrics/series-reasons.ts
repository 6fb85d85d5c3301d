import type { SeriesMetrics } from './series.js'

/** Why a metric of a curve is not defined when the curve as a whole gives no reason. */
const explanations: Partial<Record<keyof SeriesMetrics, string>> = {
  sharpe_ratio: 'the equity does not move',
  probabilistic_sharpe_ratio: 'the equity does not move',
  deflated_sharpe_ratio: 'the number of trials is not given (--trials)',
  sortino_ratio: 'no day with a loss',
  calmar_ratio: 'no drawdown',
  omega_ratio: 'no day with a loss',
  average_drawdown_pct: 'no drawdown',
  value_at_risk_95_pct: 'fewer than 20 sessions',
  expected_shortfall_95_pct: 'fewer than 20 sessions',
  tail_ratio: 'fewer than 20 sessions',
  skewness: 'fewer than three sessions',
  excess_kurtosis: 'fewer than four sessions',
}

/** Returns why metrics of a curve are not defined, by their names. */
export function seriesReasons(metrics: SeriesMetrics): Record<string, string> {
  const missing = Object.keys(metrics).filter((name) => Number.isNaN(metrics[name as keyof SeriesMetrics]))
  return Object.fromEntries(missing.map((name) => [name, reasonOf(name as keyof SeriesMetrics, metrics)]))
}

function reasonOf(name: keyof SeriesMetrics, metrics: SeriesMetrics): string {
  const { sessions, best_day_pct, sharpe_ratio } = metrics
  if (sessions === 0) return 'no session'
  if (name === 'average_drawdown_pct') return 'no drawdown'
  if (Number.isNaN(best_day_pct)) return 'the equity fell to zero or below'
  if (name.startsWith('deflated') && Number.isNaN(metrics.probabilistic_sharpe_ratio)) return reasonOf('sharpe_ratio', metrics)
  const isShape = name === 'skewness' || name === 'excess_kurtosis'
  if (isShape && sessions >= 4) return 'the equity does not move'
  if (name === 'skewness' && sessions === 3) return 'the equity does not move'
  if (name === 'tail_ratio' && sessions >= 20) return 'the 5 % quantile of daily returns is 0'
  if (name === 'probabilistic_sharpe_ratio' && !Number.isNaN(sharpe_ratio)) return 'the returns have only two values'
  return (sessions < 2 ? undefined : explanations[name]) ?? 'fewer than two sessions'
}
