import { readRecord } from '../backtest/read-record.js'
import { readCurve } from '../charts/run/curve.js'
import { readRunFacts } from '../charts/run/facts.js'
import { openDatabase, type Database } from '../database/database.js'
import type { RunRecord } from '../report/record.js'
import { createRunRelations } from '../store/run-relations.js'
import type { RunFolder } from '../store/runs.js'
import { factDifferences } from './facts.js'
import { openRuns, relationDifferences, type RelationDifference } from './rows.js'

/** Whether more of a metric is better (+1) or less (-1); metrics that are neither are left out. */
const better: Readonly<Record<string, 1 | -1>> = {
  ...{ total_return_pct: 1, annual_return_pct: 1, annual_volatility_pct: -1, sharpe_ratio: 1, sortino_ratio: 1, calmar_ratio: 1 },
  ...{ maximum_drawdown_pct: -1, maximum_drawdown_days: -1, ulcer_index_pct: -1, value_at_risk_95_pct: -1, worst_month_pct: 1 },
  ...{ win_rate_pct: 1, profit_factor: 1, payoff_ratio: 1, expectancy: 1, expectancy_r: 1, net_profit: 1, costs: -1 },
}

/** The metrics that are compared, in their order. */
const compared = [
  ...['total_return_pct', 'annual_return_pct', 'annual_volatility_pct', 'sharpe_ratio', 'sortino_ratio', 'calmar_ratio'],
  ...['maximum_drawdown_pct', 'maximum_drawdown_days', 'ulcer_index_pct', 'value_at_risk_95_pct', 'worst_month_pct'],
  ...['trades', 'win_rate_pct', 'profit_factor', 'payoff_ratio', 'expectancy', 'expectancy_r', 'average_bars_held'],
  ...['net_profit', 'costs', 'exposure_pct', 'annual_turnover_pct', 'buy_and_hold_return_pct', 'benchmark_return_pct'],
]

/** A metric of all runs; null: not defined. */
export interface MetricRow {
  metric: string
  values: (number | null)[]
  /** Places of the runs with the best value; none where nothing is best, or all are equal. */
  best: number[]
}

/** Something that the records say differently; null: it is not there. */
export interface ChoiceRow {
  name: string
  values: (string | null)[]
}

/** The equity of a run at the closes of sessions in per cent of its start capital, less 100. */
export interface ReturnCurve {
  /** Milliseconds since 1970-01-01 UTC. */
  sessions: number[]
  return_pct: number[]
}

/** Runs side by side; all lists by run are in the order in which the runs were named. */
export interface SideBySide {
  runs: { run_id: string; strategy: string; timeframe: string; first_session: string | null; last_session: string | null }[]
  metrics: MetricRow[]
  configuration: ChoiceRow[]
  curves: ReturnCurve[]
  /** How the trades of each run but the first differ from those of the first. */
  trades: (RelationDifference & { run_id: string })[]
}

/** Puts two or more runs side by side; at most `limit` differing trades of each are shown. Throws a `DgasError` for a damaged record. */
export async function sideBySide(database: Database, runs: readonly RunFolder[], limit: number): Promise<SideBySide> {
  const records = runs.map(readRecord)
  const trades = []
  for (const run of runs.slice(1)) trades.push({ run_id: run.id, ...await tradeDifferences(runs[0], run, limit) })
  return {
    runs: records.map(({ run_id, strategy, timeframe, first_session, last_session }) => ({ run_id, strategy, timeframe, first_session, last_session })),
    metrics: compared.map((metric) => metricRow(metric, records)).filter(({ values }) => values.some((value) => value !== null)),
    configuration: choiceRows(records),
    curves: await readCurves(database, runs),
    trades,
  }
}

function metricRow(metric: string, records: readonly RunRecord[]): MetricRow {
  const values = records.map(({ metrics }) => metrics[metric] ?? null)
  const known = values.filter((value) => value !== null).map((value) => value * (better[metric] ?? 0))
  const most = Math.max(...known)
  const isOpen = metric in better && known.length > 1 && known.some((value) => value < most)
  return { metric, values, best: isOpen ? values.flatMap((value, at) => (value !== null && value * better[metric] === most ? [at] : [])) : [] }
}

/** What differs between any two records, with the value that each has. */
function choiceRows(records: readonly RunRecord[]): ChoiceRow[] {
  const [first, ...others] = records
  const differences = others.map((record) => new Map(factDifferences(first, record).map((fact) => [fact.name, fact])))
  const names = [...new Set(differences.flatMap((facts) => [...facts.keys()]))]
  return names.map((name) => {
    const own = differences.find((facts) => facts.has(name))!.get(name)!.a
    return { name, values: [own, ...differences.map((facts) => (facts.has(name) ? facts.get(name)!.b : own))] }
  })
}

async function readCurves(database: Database, runs: readonly RunFolder[]): Promise<ReturnCurve[]> {
  await createRunRelations(database, runs, ['runs', 'equity'])
  const curves: ReturnCurve[] = []
  for (const { id } of runs) {
    const curve = await readCurve(database, await readRunFacts(database, id), {})
    const { rows, start } = curve ?? { rows: [], start: 1 }
    curves.push({ sessions: rows.map(({ session_date }) => session_date), return_pct: rows.map(({ equity }) => (equity / start - 1) * 100) })
  }
  return curves
}

/** A database of its own for each pair: both runs have the same relations in it. */
async function tradeDifferences(a: RunFolder, b: RunFolder, limit: number): Promise<RelationDifference> {
  const database = await openDatabase()
  try {
    await openRuns(database, a, b)
    const [trades] = await relationDifferences(database, limit, ['trades'])
    return trades
  } finally {
    database.close()
  }
}
