import { usageError } from '../errors.js'
import type { RunRecord } from '../report/record.js'
import { geometry, usualGeometry, type Geometry, type GeometrySpec } from '../models/parameters.js'
import { loadStrategy, recordedStrategy, type Strategy } from '../strategies/strategy.js'
import { rules, type Rules, type Spec } from '../simulation/rules.js'
import { higherTimeframes, parseTimeframe, parseTimeframes, type Timeframe } from '../store/timeframe.js'

/** What a backtest is asked to do; all fields optional. */
export interface BacktestSpec extends GeometrySpec {
  /** Symbols by name; default: those of `universe`. */
  symbols?: readonly string[]
  /** `all`, the name of a universe of the store, or a CSV file with a column `symbol`; default `all`. */
  universe?: string
  /** SQL condition on `instruments`; default: none. */
  where?: string
  /** Traded timeframe; default `30m`, or the finest that the store has. */
  timeframe?: string
  /** Higher timeframes of `context`, nearest first; default: the usual ones above the traded one. */
  higher?: readonly string[]
  /** First session that is traded, as `2026-02-01`; earlier bars only warm the windows up. Default: the first. */
  from?: string
  /** Last session that is traded; later bars are not read. Default: the last. */
  to?: string
  /** Name of a built-in strategy or path of a `.sql` file; default `multi_timeframe`. */
  strategy?: string
  /** Parameters of the strategy as text. */
  parameters?: Readonly<Record<string, string>>
  /** Rules of the simulation. */
  rules?: Spec
  /** Bars that are computed at a time, rounded to whole symbols; default: `usualBatchBars` of threads and memory. */
  batchBars?: number
  /** Least share of symbols that must complete for exit code 0; default 0.95. */
  minSuccess?: number
  /** Symbol of the store with whose daily closes the run is compared; default: none. */
  benchmark?: string
  /** Number of strategies that were tried and of which this is the best, for the deflated Sharpe ratio; default: not known. */
  trials?: number
  /** Whether trades are grouped by the state of the market at their signal, for which states are computed; default false. */
  byState?: boolean
  /** How often a batch is tried again after a failure that may pass; default 2. */
  retries?: number
  /** Whether geometry is read that other runs have left in the store, and left there for others; default true. */
  cache?: boolean
  /** Name of the run; default: made of time and configuration. */
  runId?: string
}

/** A backtest in full: every choice made, every text parsed. */
export interface BacktestConfig extends Geometry {
  symbols: readonly string[] | null
  universe: string
  where: string | null
  timeframe: Timeframe
  higher: readonly Timeframe[]
  from: string | null
  to: string | null
  strategy: Strategy
  rules: Rules
  batchBars: number
  minSuccess: number
  benchmark: string | null
  trials: number | null
  byState: boolean
  retries: number
  cache: boolean
  runId: string | null
}

/** Makes a `BacktestConfig` of a `BacktestSpec`, with batches of `usualBatchBars` bars unless it says otherwise. Throws a usage error that names the option at fault. */
export function backtestConfig(spec: BacktestSpec, stored: readonly Timeframe[], usualBatchBars = 250_000): BacktestConfig {
  const { symbols = null, universe = 'all', where = null, from, to, batchBars = usualBatchBars, minSuccess = 0.95 } = spec
  const timeframe = spec.timeframe === undefined ? defaultTimeframe(stored) : parseTimeframe(spec.timeframe)
  const range = { from: from === undefined ? null : date('--from', from), to: to === undefined ? null : date('--to', to) }
  if (range.from !== null && range.to !== null && range.from > range.to) {
    throw usageError({ what: `--from ${range.from} lies after --to ${range.to}`, expected: 'a range that is not empty' })
  }
  return {
    symbols,
    universe,
    where,
    timeframe,
    higher: higherTimeframes(timeframe, spec.higher),
    ...geometry(spec),
    ...range,
    strategy: loadStrategy(spec.strategy ?? 'multi_timeframe', spec.parameters ?? {}),
    rules: rules(spec.rules ?? {}),
    batchBars,
    minSuccess,
    ...{ benchmark: spec.benchmark ?? null, trials: spec.trials ?? null, byState: spec.byState ?? false },
    ...{ retries: spec.retries ?? 2, cache: spec.cache ?? true, runId: spec.runId ?? null },
  }
}

/** Returns what `run.json` says of the choices of a run. */
export function configurationOf({ strategy, timeframe, higher, rules, ...choices }: BacktestConfig): Record<string, unknown> {
  const { runId: _name, ...others } = choices
  const higherNames = higher.map(({ name }) => name)
  return { ...others, timeframe: timeframe.name, higher: higherNames, strategy: strategy.name, parameters: strategy.values, rules }
}

/** Makes of the record of a run the configuration that it was made with. */
export function recordedConfig(record: RunRecord): BacktestConfig {
  const { timeframe, higher, strategy: name, parameters, ...choices } = record.configuration
  const { strategy_file: file, strategy_text: text } = record
  return {
    // runs of earlier versions do not say these
    ...{ cache: true, ...usualGeometry },
    ...(choices as unknown as Omit<BacktestConfig, 'timeframe' | 'higher' | 'strategy' | 'cache' | 'runId'> & { cache?: boolean }),
    timeframe: parseTimeframe(timeframe as string),
    higher: parseTimeframes(higher as string[]),
    strategy: recordedStrategy({ name: name as string, file, text, values: parameters as Strategy['values'] }),
    runId: record.run_id,
  }
}

function defaultTimeframe(stored: readonly Timeframe[]): Timeframe {
  return stored.find(({ name }) => name === '30m') ?? stored[0]
}

function date(option: string, text: string): string {
  const isDate = /^\d{4}-\d{2}-\d{2}$/.test(text) && isOfCalendar(text)
  if (isDate) return text
  throw usageError({ what: `"${text}" is no date`, where: option, expected: 'a date such as 2026-02-01' })
}

function isOfCalendar(text: string): boolean {
  const time = Date.parse(`${text}T00:00:00Z`)
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text)
}
