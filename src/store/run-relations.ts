import type { Database } from '../database/database.js'
import { identifier, literal } from '../database/quote.js'
import { batchesSql } from './batch-relation.js'
import { metricRelations } from './metric-relations.js'
import { runParts, type RunFolder } from './runs.js'

/** The relations of a run's rows with the types of their columns; `run_id` is part of every row. */
export const runRelations = {
  trades: {
    run_id: 'VARCHAR',
    account: 'VARCHAR',
    symbol: 'VARCHAR',
    side: 'VARCHAR',
    quantity: 'DOUBLE',
    signal_at: 'TIMESTAMP',
    entry_at: 'TIMESTAMP',
    entry_price: 'DOUBLE',
    exit_at: 'TIMESTAMP',
    exit_price: 'DOUBLE',
    stop_price: 'DOUBLE',
    target_price: 'DOUBLE',
    gross_profit: 'DOUBLE',
    costs: 'DOUBLE',
    commission: 'DOUBLE',
    borrow_fees: 'DOUBLE',
    slippage: 'DOUBLE',
    dividends: 'DOUBLE',
    net_profit: 'DOUBLE',
    return_pct: 'DOUBLE',
    r_multiple: 'DOUBLE',
    bars_held: 'INTEGER',
    maximum_adverse_excursion: 'DOUBLE',
    maximum_favorable_excursion: 'DOUBLE',
    entry_reason: 'VARCHAR',
    exit_reason: 'VARCHAR',
  },
  equity: {
    run_id: 'VARCHAR',
    account: 'VARCHAR',
    bar_at: 'TIMESTAMP',
    session_date: 'DATE',
    cash: 'DOUBLE',
    position_value: 'DOUBLE',
    interest: 'DOUBLE',
    equity: 'DOUBLE',
  },
  symbols: {
    run_id: 'VARCHAR',
    symbol: 'VARCHAR',
    outcome: 'VARCHAR',
    reason: 'VARCHAR',
    bars: 'INTEGER',
    trades: 'INTEGER',
    net_profit: 'DOUBLE',
    return_pct: 'DOUBLE',
    annual_return_pct: 'DOUBLE',
    annual_volatility_pct: 'DOUBLE',
    sharpe_ratio: 'DOUBLE',
    sortino_ratio: 'DOUBLE',
    maximum_drawdown_pct: 'DOUBLE',
    maximum_drawdown_days: 'INTEGER',
    win_rate_pct: 'DOUBLE',
    profit_factor: 'DOUBLE',
    exposure_pct: 'DOUBLE',
  },
  signals: {
    run_id: 'VARCHAR',
    symbol: 'VARCHAR',
    bar_at: 'TIMESTAMP',
    entry: 'TINYINT',
    order_type: 'VARCHAR',
    limit_price: 'DOUBLE',
    stop_entry_price: 'DOUBLE',
    valid_bars: 'DOUBLE',
    stop_price: 'DOUBLE',
    target_price: 'DOUBLE',
    first_target_price: 'DOUBLE',
    time_stop_bars: 'DOUBLE',
    other_entry_price: 'DOUBLE',
    other_stop_price: 'DOUBLE',
    other_target_price: 'DOUBLE',
    trail_price: 'DOUBLE',
    exit_long: 'TINYINT',
    exit_short: 'TINYINT',
    size_factor: 'DOUBLE',
    score: 'DOUBLE',
    reason: 'VARCHAR',
    declined: 'VARCHAR',
  },
  ...metricRelations,
} as const

export type RunRelation = keyof typeof runRelations

const runColumns = {
  run_id: 'VARCHAR',
  status: 'VARCHAR',
  started_at: 'TIMESTAMP',
  seconds: 'DOUBLE',
  strategy: 'VARCHAR',
  timeframe: 'VARCHAR',
  universe: 'VARCHAR',
  accounts: 'VARCHAR',
  symbols: 'INTEGER',
  bars: 'BIGINT',
  trades: 'BIGINT',
  /** Of each account. */
  capital: 'DOUBLE',
  total_return_pct: 'DOUBLE',
  sharpe_ratio: 'DOUBLE',
  maximum_drawdown_pct: 'DOUBLE',
} as const

const nested: Record<string, string> = { capital: 'configuration.rules.capital' }

/** Creates the relations `runs` and `batches` and those of `runRelations` over the given runs, as far as asked for. */
export async function createRunRelations(
  database: Database,
  runs: readonly RunFolder[],
  names: readonly string[],
): Promise<void> {
  for (const name of Object.keys(runRelations)) {
    if (names.includes(name)) await database.run(`create or replace view ${name} as ${relationSql(name as RunRelation, runs.flatMap((run) => runParts(run, name)))}`)
  }
  if (names.includes('runs')) await database.run(`create or replace view runs as ${runsSql(runs)}`)
  if (names.includes('batches')) await database.run(`create or replace view batches as ${batchesSql(runs)}`)
}

/** Returns SQL of the rows that files hold of a relation of runs. */
export function relationSql(name: RunRelation, files: readonly string[]): string {
  const columns: Record<string, string> = runRelations[name]
  if (files.length === 0) return emptySql(columns)
  // a file may hold whole numbers as doubles
  const list = Object.entries(columns).map(([name, type]) => `${identifier(name)}::${type} as ${identifier(name)}`).join(', ')
  // a run of an earlier version may lack a column
  const read = `select * from read_parquet([${files.map(literal).join(', ')}], union_by_name = true)`
  return `select ${list} from (from (${emptySql(columns)}) union all by name ${read})`
}

function runsSql(runs: readonly RunFolder[]): string {
  const files = runs.map((run) => literal(run.file))
  if (files.length === 0) return emptySql(runColumns)
  const types = Object.entries(runColumns).filter(([name]) => !(name in nested)).map(([name, type]) => `${name}: '${type}'`)
  const read = `read_json([${files.join(', ')}], columns = {${types.join(', ')}, configuration: 'STRUCT(rules STRUCT(capital DOUBLE))'})`
  return `select ${Object.keys(runColumns).map((name) => nested[name] ?? name).join(', ')} from ${read} order by run_id`
}

function emptySql(columns: Record<string, string>): string {
  const list = Object.entries(columns).map(([name, type]) => `null::${type} as ${name}`)
  return `select ${list.join(', ')} limit 0`
}
