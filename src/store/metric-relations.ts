const curveColumns = {
  sessions: 'INTEGER',
  return_pct: 'DOUBLE',
  annual_return_pct: 'DOUBLE',
  annual_volatility_pct: 'DOUBLE',
  downside_deviation_pct: 'DOUBLE',
  sharpe_ratio: 'DOUBLE',
  probabilistic_sharpe_ratio: 'DOUBLE',
  sortino_ratio: 'DOUBLE',
  calmar_ratio: 'DOUBLE',
  omega_ratio: 'DOUBLE',
  maximum_drawdown_pct: 'DOUBLE',
  maximum_drawdown_days: 'INTEGER',
  average_drawdown_pct: 'DOUBLE',
  longest_drawdown_days: 'INTEGER',
  ulcer_index_pct: 'DOUBLE',
  value_at_risk_95_pct: 'DOUBLE',
  expected_shortfall_95_pct: 'DOUBLE',
  skewness: 'DOUBLE',
  excess_kurtosis: 'DOUBLE',
  tail_ratio: 'DOUBLE',
  best_day_pct: 'DOUBLE',
  worst_day_pct: 'DOUBLE',
  best_month_pct: 'DOUBLE',
  worst_month_pct: 'DOUBLE',
  best_year_pct: 'DOUBLE',
  worst_year_pct: 'DOUBLE',
} as const

const tradeColumns = {
  trades: 'INTEGER',
  positions: 'INTEGER',
  net_profit: 'DOUBLE',
  costs: 'DOUBLE',
  commission: 'DOUBLE',
  borrow_fees: 'DOUBLE',
  slippage: 'DOUBLE',
  win_rate_pct: 'DOUBLE',
  profit_factor: 'DOUBLE',
  average_win: 'DOUBLE',
  average_loss: 'DOUBLE',
  largest_win: 'DOUBLE',
  largest_loss: 'DOUBLE',
  payoff_ratio: 'DOUBLE',
  expectancy: 'DOUBLE',
  expectancy_r: 'DOUBLE',
  system_quality_number: 'DOUBLE',
  kelly_pct: 'DOUBLE',
  average_bars_held: 'DOUBLE',
  longest_bars_held: 'INTEGER',
  longest_winning_streak: 'INTEGER',
  longest_losing_streak: 'INTEGER',
  average_adverse_excursion_pct: 'DOUBLE',
  worst_adverse_excursion_pct: 'DOUBLE',
  average_favorable_excursion_pct: 'DOUBLE',
  best_favorable_excursion_pct: 'DOUBLE',
} as const

/** The relations of a run's metrics with the types of their columns; `run_id` is part of every row. */
export const metricRelations = {
  /** `reason` says why a value is null. */
  metrics: { run_id: 'VARCHAR', metric: 'VARCHAR', value: 'DOUBLE', reason: 'VARCHAR' },
  symbol_metrics: { run_id: 'VARCHAR', symbol: 'VARCHAR', bars: 'INTEGER', exposure_pct: 'DOUBLE', ...curveColumns, ...tradeColumns },
  /** `account` is `total` for all accounts together; `month` is its first day. */
  monthly_returns: { run_id: 'VARCHAR', account: 'VARCHAR', month: 'DATE', return_pct: 'DOUBLE' },
  /**
   * What a run is compared with, at the closes of sessions: `buy_and_hold`, all its symbols held, and the symbol of its
   * benchmark. `growth` is the value ÷ that before the first session, or where that is not known ÷ that of the first one.
   */
  benchmarks: { run_id: 'VARCHAR', benchmark: 'VARCHAR', session_date: 'DATE', growth: 'DOUBLE' },
  /** Of all accounts together, the deepest first. */
  drawdowns: {
    run_id: 'VARCHAR',
    rank: 'INTEGER',
    start: 'DATE',
    bottom: 'DATE',
    recovery: 'DATE',
    depth_pct: 'DOUBLE',
    length_days: 'INTEGER',
  },
  /** Trades by one of their properties at a time, `grouping`, and its `value`. */
  trade_groups: {
    run_id: 'VARCHAR',
    grouping: 'VARCHAR',
    value: 'VARCHAR',
    trades: 'INTEGER',
    win_rate_pct: 'DOUBLE',
    net_profit: 'DOUBLE',
    costs: 'DOUBLE',
    profit_factor: 'DOUBLE',
    payoff_ratio: 'DOUBLE',
    expectancy: 'DOUBLE',
    expectancy_r: 'DOUBLE',
    average_bars_held: 'DOUBLE',
    average_adverse_excursion_pct: 'DOUBLE',
    average_favorable_excursion_pct: 'DOUBLE',
  },
} as const
