import { backtestConfig, type BacktestConfig } from '../backtest/config.js'
import { sourceFiles } from '../backtest/source-files.js'
import type { Database } from '../database/database.js'
import type { Parameters } from '../database/parameters.js'
import { DgasError } from '../errors.js'
import { geometryParameters, type GeometrySpec } from '../models/parameters.js'
import { storedSymbols, storedTimeframes, type Store } from '../store/layout.js'
import { parseTimeframes } from '../store/timeframe.js'
import { builtInStrategies } from '../strategies/strategy.js'
import { auditSubject, type AuditData, type SubjectReport } from './audit-subject.js'
import { sampleSymbols } from './sample.js'
import { modelSubject, strategySubject, type Subject } from './subject.js'

/** What is audited; all fields optional. */
export interface AuditSpec extends GeometrySpec {
  /** Names of built-in strategies or paths of `.sql` files; default: all built-in ones. */
  strategies?: readonly string[]
  /** Parameters of the strategies as text. */
  parameters?: Readonly<Record<string, string>>
  /** Traded timeframe; default `30m`, or the finest that the store has. */
  timeframe?: string
  /** Higher timeframes of `context`, nearest first; default: the usual ones above the traded one. */
  higher?: readonly string[]
  /** How many times the data is cut; default 8. */
  cuts?: number
  /** How many symbols are taken, besides those that a strategy names; default 5. */
  symbols?: number
}

/** What an audit compared and found. */
export interface AuditReport {
  timeframe: string
  higher: string[]
  /** How the geometry is computed: values of the models' parameters. */
  geometry_parameters: Parameters
  symbols: readonly string[]
  subjects: SubjectReport[]
}

/** How an audit computes. */
export interface AuditContext {
  /** Opens an empty database for one relation. */
  open: () => Promise<Database>
  /** How many relations are computed at a time. */
  lanes: number
}

/**
 * Proves on a sample of the store that no column of `geometry` and `context` and no signal of the strategies depends on
 * bars that come later. Throws a usage error for a wrong choice, a `DgasError` for a mistake in a strategy.
 */
export async function audit(store: Store, spec: AuditSpec, { open, lanes }: AuditContext): Promise<AuditReport> {
  const { cuts = 8, symbols: count = 5 } = spec
  const configs = auditConfigs(store, spec)
  const [{ timeframe, higher }] = configs
  const files = sourceFiles(store, timeframe)
  if (files.size === 0) throw noBars(store, timeframe.name)
  const stored = [...new Set([...files.keys()].flatMap(({ name }) => storedSymbols(store, name)))].sort()
  const symbols = sampleSymbols(stored, count, configs.map(({ strategy }) => strategy.text).join('\n'))
  const subjects = [
    ...['context', 'geometry'].map((name) => modelSubject(name, configs[0], files)),
    ...configs.map((config) => strategySubject(config, store, files)),
  ]
  const reports = await auditAll(subjects, { store, files, symbols, cuts }, { open, lanes })
  return {
    timeframe: timeframe.name,
    higher: higher.map(({ name }) => name),
    geometry_parameters: geometryParameters(configs[0]),
    symbols,
    subjects: reports,
  }
}

function auditConfigs(store: Store, spec: AuditSpec): BacktestConfig[] {
  const { strategies = builtInStrategies(), cuts: _cuts, symbols: _symbols, ...choices } = spec
  const stored = parseTimeframes(storedTimeframes(store))
  return strategies.map((strategy) => backtestConfig({ ...choices, strategy }, stored))
}

/** Audits subjects, each in a database of its own, some at a time; the first error ends all of them. */
async function auditAll(
  subjects: readonly Subject[],
  data: AuditData,
  context: AuditContext,
): Promise<SubjectReport[]> {
  const reports: SubjectReport[] = []
  const waiting = [...subjects.entries()]
  const lane = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [index, subject] = next
      reports[index] = await auditOne(subject, data, context).catch((error: unknown) => {
        waiting.length = 0
        throw error
      })
    }
  }
  await Promise.all(Array.from({ length: Math.min(context.lanes, subjects.length) }, lane))
  return reports
}

async function auditOne(subject: Subject, data: AuditData, { open }: AuditContext): Promise<SubjectReport> {
  const database = await open()
  try {
    return await auditSubject(database, subject, data)
  } finally {
    database.close()
  }
}

function noBars(store: Store, timeframe: string): DgasError {
  const expected = `${storedTimeframes(store).join(', ')}, which the store has, or what can be made of it`
  return new DgasError({ what: `there are no ${timeframe} bars`, where: store.folder, expected, exit: 2 })
}
