import type { Database } from '../database/database.js'
import { literal } from '../database/quote.js'
import { DgasError } from '../errors.js'
import { buyAndHold } from '../metrics/holding.js'
import type { RunReport } from '../report/record.js'
import { startSimulation } from '../simulation/simulate.js'
import { resolveUniverse } from '../store/universe.js'
import { storedSymbols, storedTimeframes, type Store } from '../store/layout.js'
import { parseTimeframe } from '../store/timeframe.js'
import type { BatchSource } from './batch.js'
import { backtestConfig, type BacktestConfig, type BacktestSpec } from './config.js'
import { benchmarkFrames, readBenchmark } from './benchmark.js'
import { appliedActions } from './corporate-actions.js'
import { finestBelow } from './finer-bars.js'
import { finishRun } from './finish.js'
import { measures } from './measures.js'
import { markFailed, openRun } from './open-run.js'
import { writeOutcomes, writeSignals } from './parts.js'
import { makePlan, tradedRange, type Plan } from './plan.js'
import { prepareStrategy, sourceFiles } from './prepare.js'
import { peakMemory, type Observer } from './progress.js'
import { simulateSeparate, type DonePart } from './separate.js'
import { simulateShared } from './shared.js'
import { stopwatch } from './stopwatch.js'
import { symbolFacts } from './symbol-facts.js'

/** What a run needs of the world. */
export interface RunContext {
  now: () => Date
  observe: Observer
}

/** A finished run. */
export interface RunResult extends RunReport {
  id: string
  folder: string
}

/**
 * Runs a backtest: plans it, computes signals and simulates them batch by batch, and writes its folder in the store. Throws a
 * usage error for a wrong choice and a `DgasError` when there is nothing to simulate.
 */
export async function runBacktest(
  database: Database,
  store: Store,
  spec: BacktestSpec,
  { now, observe }: RunContext,
): Promise<RunResult> {
  const startedAt = now()
  const started = performance.now()
  const watch = stopwatch()
  const config = backtestConfig(spec, storedTimeframes(store).map(parseTimeframe))
  const frames = benchmarkFrames(store, config)
  const { source, plan } = await watch.time('plan', () => planRun(database, store, config))
  const run = await openRun(store, source, config, plan, startedAt)
  const simulation = startSimulation(config.rules, await symbolFacts(database, plan, config.rules))
  const figures = measures(plan.symbols, config)
  const holding = buyAndHold(plan.symbols.length)
  const report = reporter(plan, observe)
  const writer = await database.fork()
  const output = { database: writer, runId: run.id, folder: run.folder, symbols: source.symbols, accounts: run.accounts }
  const after = (done: DonePart) => watch.time('write', async () => {
    const outcomes = simulation.take()
    figures.add(outcomes)
    await writeOutcomes(output, done.part, outcomes, done.reasons)
    if (done.signals !== null) {
      const declined = simulation.takeDeclined()
      figures.addDeclined(declined)
      await writeSignals(output, done.part, done.signals, source.columns, declined)
      await writer.run(`drop table ${done.signals.table}`)
    }
    report(done)
  })
  const advance: typeof simulation.advance = (bars, signals) => {
    holding.add(bars)
    simulation.advance(bars, signals)
  }
  const simulate = config.rules.accounts === 'shared' ? simulateShared : simulateSeparate
  await simulate(source, plan.batches, { ...simulation, advance }, watch, after).catch((error: unknown) => {
    markFailed(run, error)
    throw error
  })
  const benchmark = (first: number) => readBenchmark(writer, store, config, frames, first)
  const measured = { figures, holding: holding.curve(), benchmark, ledgerChecks: simulation.ledgerChecks(), finerBars: simulation.finerBars() }
  const finished = await finishRun(output, { store, run, source, config, plan, watch, started, ...measured })
  writer.close()
  return { ...finished, id: run.id, folder: run.folder }
}

interface PlannedRun {
  source: BatchSource
  plan: Plan
}

async function planRun(database: Database, store: Store, config: BacktestConfig): Promise<PlannedRun> {
  const files = sourceFiles(store, config.timeframe, config.strategy.text)
  if (config.rules.intrabar === 'finer' && files.size > 0) finestBelow(files, config.timeframe)
  if (files.size === 0) throw noBars(store, config)
  const actions = appliedActions(store, config)
  const stored = [...new Set([...files.keys()].flatMap(({ name }) => storedSymbols(store, name)))].sort()
  const wanted = await resolveUniverse(database, store, config, stored)
  const known = config.to === null ? 'true' : `session_date <= date '${config.to}'`
  const columns = await prepareStrategy(database, store, config, files, known)
  const plan = await makePlan(database, `"${config.timeframe.name}".bars`, wanted, config)
  await createSymbols(database, plan)
  const symbols = plan.symbols.map(({ symbol }) => symbol)
  const isPart = symbols.length < stored.length
  return { plan, source: { database, config, files, known, columns, symbols, isPart, traded: tradedRange(config), actions } }
}

async function createSymbols(database: Database, { symbols }: Plan): Promise<void> {
  const rows = symbols.map(({ symbol, firstBarAt, lastBarAt }, code) => {
    return `(${literal(symbol)}, ${code}, epoch_ms(${firstBarAt}), epoch_ms(${lastBarAt}))`
  })
  await database.run(`
    create or replace table run_symbols as
    from (values ${rows.join(', ')}) as symbols(symbol, code, first_bar_at, last_bar_at)`)
}

function noBars(store: Store, { timeframe }: BacktestConfig): DgasError {
  const names = storedTimeframes(store).join(', ')
  const expected = `${names}, which the store has, or what can be made of it`
  return new DgasError({ what: `there are no ${timeframe.name} bars`, where: store.folder, expected, exit: 2 })
}

/** Tells the observer of the beginning, and returns what tells it of each part. */
function reporter(plan: Plan, observe: Observer): (done: DonePart) => void {
  const bars = plan.symbols.reduce((sum, { tradedBars }) => sum + tradedBars, 0)
  const started = performance.now()
  let barsDone = 0
  const report = (done: Pick<DonePart, 'bars'>) => {
    barsDone += done.bars
    const share = barsDone / bars
    const symbolsDone = Math.round(share * plan.symbols.length)
    const elapsedMs = performance.now() - started
    observe({ symbols: plan.symbols.length, symbolsDone, bars, barsDone, elapsedMs, memoryBytes: peakMemory(), failures: 0 })
  }
  report({ bars: 0 })
  return report
}
