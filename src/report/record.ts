/** What `run.json` says of a run: everything that is needed to understand it and to make it again. */
export interface RunRecord {
  run_id: string
  status: 'running' | 'completed' | 'failed' | 'interrupted'
  /** ISO time. */
  started_at: string
  /** What it took, before it was resumed too, but not while nobody was at work on it. */
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
  /** Symbols that could not be simulated; `stack` is where, for whoever looks for the cause. */
  failed: { symbol: string; reason: string; stack: string | null }[]
  configuration: Record<string, unknown>
  strategy_file: string
  strategy_text: string
  strategy_hash: string
  /** Hash of all bars of the timeframes that were read. */
  data_fingerprint: string
  /** Of the programs, and the hash of the models in `sql/`, which is missing in runs of earlier versions. */
  versions: { dgas: string; duckdb: string; node: string; models?: string }
  /** Milliseconds by stage. */
  timings: Record<string, number>
  /** Relations of which columns were read that other runs had left in the store; missing in runs of earlier versions. */
  cached?: string[]
  peak_memory_bytes: number
  /** The machine that finished the run; missing in runs of earlier versions. */
  machine?: { cores: number; memory_bytes: number }
  /** Bars at which start capital + realised + unrealised profit was compared with equity. */
  ledger_checks: number
  /** Entries that did not become a position, by reason, most frequent first. */
  declined: Record<string, number>
  /** Bars of which finer ones were to tell what came first, and those of which they did; null: not asked for. */
  finer_bars: { ambiguous: number; resolved: number } | null
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

/** The return of a calendar month. */
export interface MonthRow {
  /** The first day of the month, ISO. */
  month: string
  return_pct: number | null
}

/** A row of the relation `drawdowns`; dates are ISO. */
export interface DrawdownRow {
  rank: number
  start: string
  bottom: string
  recovery: string | null
  depth_pct: number
  length_days: number
}

/** A row of the relation `trade_groups`. */
export interface TradeGroupRow {
  /** The property by which trades are grouped, such as `side`. */
  grouping: string
  /** Its value; null: not known. */
  value: string | null
  trades: number
  win_rate_pct: number
  net_profit: number
  costs: number
  profit_factor: number | null
  payoff_ratio: number | null
  expectancy: number
  expectancy_r: number | null
  average_bars_held: number
  average_adverse_excursion_pct: number
  average_favorable_excursion_pct: number
}

/** A row of the relation `symbol_metrics`. */
export type SymbolMetricsRow = { symbol: string } & Record<string, number | string | null>

/** The result of a run as the reports show it. */
export interface RunReport {
  record: RunRecord
  symbols: readonly SymbolRow[]
  /** Of all accounts together. */
  monthly_returns: readonly MonthRow[]
  drawdowns: readonly DrawdownRow[]
  trade_groups: readonly TradeGroupRow[]
  /** In the order of the symbols. */
  batches: readonly BatchHealth[]
}

/** What the health of a run needs of a row of the relation `batches`. */
export interface BatchHealth {
  memory_bytes: number
  attempts: number
  failures: number
  is_degraded: boolean
}

/** The same with all that is known of each symbol. */
export interface FullReport extends RunReport {
  symbol_metrics: readonly SymbolMetricsRow[]
}
