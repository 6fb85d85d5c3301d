/** What `run.json` says of a run: everything that is needed to understand it and to make it again. */
export interface RunRecord {
  run_id: string
  status: 'running' | 'completed' | 'failed'
  /** ISO time. */
  started_at: string
  seconds: number
  strategy: string
  timeframe: string
  higher: string[]
  universe: string
  accounts: 'separate' | 'shared'
  /** Symbols that were simulated to their end. */
  symbols: number
  bars: number
  trades: number
  total_return_pct: number | null
  sharpe_ratio: number | null
  maximum_drawdown_pct: number | null
  metrics: Record<string, number | null>
  /** Why a metric is null. */
  metric_reasons: Record<string, string>
  first_session: string | null
  last_session: string | null
  skipped: { symbol: string; reason: string }[]
  failed: { symbol: string; reason: string }[]
  configuration: Record<string, unknown>
  strategy_file: string
  strategy_text: string
  strategy_hash: string
  /** Hash of all bars of the timeframes that were read. */
  data_fingerprint: string
  versions: { dgas: string; duckdb: string; node: string }
  /** Milliseconds by stage. */
  timings: Record<string, number>
  peak_memory_bytes: number
  /** Bars at which start capital + realised + unrealised profit was compared with equity. */
  ledger_checks: number
}

/** A row of the relation `symbols`. */
export interface SymbolRow {
  symbol: string
  outcome: 'completed' | 'skipped' | 'failed'
  reason: string | null
  bars: number
  trades: number
  net_profit: number | null
  return_pct: number | null
  annual_return_pct: number | null
  annual_volatility_pct: number | null
  sharpe_ratio: number | null
  sortino_ratio: number | null
  maximum_drawdown_pct: number | null
  maximum_drawdown_days: number | null
  win_rate_pct: number | null
  profit_factor: number | null
  exposure_pct: number | null
}

/** The result of a run as the reports show it. */
export interface RunReport {
  record: RunRecord
  symbols: readonly SymbolRow[]
}
