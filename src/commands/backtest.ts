import { join } from 'node:path'
import { Command } from 'commander'
import type { BatchRecord } from '../backtest/batch-record.js'
import type { BatchRetry } from '../backtest/follow.js'
import type { RunContext, RunResult } from '../backtest/run.js'
import type { BacktestSpec } from '../backtest/config.js'
import { openDatabase, type Database } from '../database/database.js'
import { DgasError, usageError } from '../errors.js'
import { counted } from '../format.js'
import type { Io } from '../io.js'
import { queueAddress, type QueueAddress } from '../queue/address.js'
import { shownPath } from '../path.js'
import type { Store } from '../store/layout.js'
import { openStore } from '../store/store.js'
import { addGeometryOptions, geometrySpec, type GeometryOptions } from './geometry-options.js'
import { commandLog, globalOptions, number, parameter, saySample, wholeNumber } from './globals.js'
import { onInterruption } from './interruption.js'
import { progressBar } from './progress-bar.js'
import { addSimulationOptions, simulationSpec } from './simulation-options.js'

const description = `Simulates a strategy over symbols, each with an account of its own or all with a shared one
(--portfolio), and writes trades, equity and a report into a folder of the store. The last line of standard output is the
id of the run.`

const examples = `
Examples:
  $ dgas backtest --universe all                                 # every symbol of the store, strategy multi_timeframe
  $ dgas backtest AAPL MSFT --strategy envelope_fade --from 2026-02-01 --to 2026-06-01
  $ dgas backtest --where "sector = 'Energy'" --portfolio --max-positions 20 --commission-rate 0.0005 --slippage-bps 2
  $ dgas backtest --universe watchlist.csv --strategy ./dip.sql --param depth=0.5 --benchmark SPY --run-id dip
  $ dgas backtest --resume latest                                # go on with the run that was interrupted last`

interface Options extends GeometryOptions {
  universe?: string
  where?: string
  timeframe?: string
  higher?: string
  from?: string
  to?: string
  strategy?: string
  param: Record<string, string>
  batchBars?: string
  minSuccess?: string
  benchmark?: string
  trials?: string
  byState?: boolean
  retries?: string
  cache: boolean
  resume?: string
  runId?: string
  queue?: string
}

/** The command `dgas backtest`. */
export function backtestCommand(io: Io): Command {
  const command = new Command('backtest')
    .summary('simulate a strategy over a universe of symbols')
    .description(description)
    .argument('[symbols...]', 'symbols to trade; default: --universe')
    .option('--universe <name>', 'all, a universe of the store, or a CSV file with a column symbol (default: all)')
    .option('--where <condition>', `SQL condition on instruments, such as "sector = 'Energy'"`)
    .option('--timeframe <timeframe>', 'traded bars (default: 30m, or the finest in the store)')
    .option('--higher <timeframes>', 'higher frames for context, nearest first, such as 1d or 1d,1w')
    .option('--from <date>', 'first traded session; earlier bars warm the windows up')
    .option('--to <date>', 'last traded session')
    .option('--strategy <name>', 'a built-in strategy or your own .sql file (default: multi_timeframe)')
    .option('--param <name=value>', 'parameter of the strategy, again for each', parameter, {})
  addGeometryOptions(command)
  return addSimulationOptions(command)
    .option('--batch-bars <n>', 'bars computed at a time (default: by memory)')
    .option('--min-success <share>', 'least share of symbols that must complete for exit code 0 (default: 0.95)')
    .option('--benchmark <symbol>', 'symbol of the store with whose daily closes the run is compared')
    .option('--trials <n>', 'strategies tried, of which this is the best, for the deflated Sharpe ratio')
    .option('--by-state', 'group trades also by the state of the market at their signal')
    .option('--retries <n>', 'how often a batch is tried again after a failure that may pass (default: 2)')
    .option('--no-cache', 'compute the geometry anew, and leave nothing of it to other runs')
    .option('--resume <run>', 'go on with an interrupted run, or latest; its choices are those it began with')
    .option('--run-id <id>', 'name of the run (default: time and hash)')
    .option('--queue <url>', 'let the workers of this Redis server do the batches, such as redis://host:6379')
    .addHelpText('after', examples)
    .action(async (symbols: string[], options: Options, command: Command) => {
      await backtest(symbols, options, command, io)
    })
}

async function backtest(symbols: string[], options: Options, command: Command, io: Io): Promise<void> {
  const { json, quiet } = globalOptions(command, io)
  if (options.resume !== undefined) checkNothingChosen(symbols, command)
  const address = options.queue === undefined ? null : queueAddress(options.queue)
  const asked = { spec: options.resume === undefined ? backtestSpec(symbols, options) : null, id: options.resume ?? '' }
  const [result, { summaryText }] = await Promise.all([
    watched(command, io, (context) => carriedOut(asked, address, command, io, context)),
    import('../report/summary.js'),
  ])
  if (json) io.out(`${JSON.stringify(result.record, null, 2)}\n`)
  else if (!quiet) io.out(`${summaryText(result)}report: ${shownPath(join(result.folder, 'report.md'))}\n`)
  io.out(`${result.id}\n`)
  assertSuccess(result)
}

/** A new run, or one that has begun. */
interface AskedRun {
  spec: BacktestSpec | null
  id: string
}

async function carriedOut(asked: AskedRun, address: QueueAddress | null, command: Command, io: Io, context: RunContext): Promise<RunResult> {
  const { store: folder, threads, memory } = globalOptions(command, io)
  // the rest of the program is read while the database is opened
  const [database, { resumeBacktest, runBacktest }] = await Promise.all([openDatabase({ threads, memory }), import('../backtest/run.js')])
  try {
    const store = await openStore(database, { folder })
    saySample(io, store, globalOptions(command, io))
    if (address !== null) return await queued(database, store, asked, address, context)
    const { spec, id } = asked
    return await (spec === null ? resumeBacktest(database, store, id, context) : runBacktest(database, store, spec, context))
  } finally {
    database.close()
  }
}

/** Has a run done by the workers of a queue. */
async function queued(
  database: Database,
  store: Store,
  { spec, id }: AskedRun,
  address: QueueAddress,
  context: RunContext,
): Promise<RunResult> {
  const [{ connect }, { resumeQueued, submitBacktest }] = await Promise.all([import('../queue/connection.js'), import('../queue/submit.js')])
  const connection = await connect(address, context.warn ?? (() => undefined), false)
  try {
    return await (spec === null
      ? resumeQueued(database, store, id, connection, context)
      : submitBacktest(database, store, spec, connection, context))
  } finally {
    connection.close()
  }
}

/** Shows and logs the progress of a run, and ends it, or does not begin it, when a signal asks for it. */
async function watched(command: Command, io: Io, run: (context: RunContext) => Promise<RunResult>): Promise<RunResult> {
  const [log, { quiet }] = [commandLog(command, io), globalOptions(command, io)]
  const bar = await progressBar(io, quiet)
  const interruption = onInterruption({ err: quiet ? io.err : bar.print }, bar.stop, isQueued(command) ? 'interrupted: once more ends at once' : undefined)
  const warn = (text: string) => {
    log('warning', 'warning', { message: text })
    bar.print(`warning: ${text}\n`)
  }
  const onBatch = ({ declined: _declined, held: _held, files: _files, failed, ...record }: BatchRecord) => {
    for (const { symbol, reason } of failed) {
      log('error', 'symbol_failed', { run_id: record.run_id, batch: record.batch, symbol, reason })
      bar.print(`warning: ${symbol} failed: ${reason}\n`)
    }
    const isUnusual = record.failures > 0 || record.is_degraded
    log(isUnusual ? 'warning' : 'info', record.is_degraded ? 'batch_degraded' : 'batch_done', record)
  }
  const begun = (id: string) => {
    log('info', 'run_begun', { run_id: id })
    interruption.begun(id)
  }
  const onRetry = (retry: BatchRetry) => log('warning', 'batch_retried', { ...retry })
  const { isAsked: isStopped } = interruption
  const result = await run({ now: io.now, observe: bar.update, warn, onBatch, onRetry, isStopped, begun }).finally(() => {
    bar.stop()
    interruption.stop()
  })
  if (isStopped()) io.err('nothing was left to interrupt: the run is complete\n')
  return result
}

function isQueued(command: Command): boolean {
  return command.opts<Options>().queue !== undefined
}

/** A resumed run is the one that was begun. */
function checkNothingChosen(symbols: readonly string[], command: Command): void {
  const chosen = command.options.filter((option) => command.getOptionValueSource(option.attributeName()) === 'cli')
  const others = [...symbols, ...chosen.map(({ long }) => long ?? '').filter((name) => name !== '--resume' && name !== '--queue')]
  if (others.length === 0) return
  const what = `${others[0]} cannot be chosen again`
  throw usageError({ what, where: '--resume', expected: 'nothing but the run: its choices are in its run.json' })
}

function assertSuccess({ record, symbols }: RunResult): void {
  const least = (record.configuration.minSuccess as number) * symbols.length
  if (record.symbols >= least) return
  const what = `only ${record.symbols} of ${counted(symbols.length, 'symbol')} completed`
  throw new DgasError({ what, expected: `at least ${Math.ceil(least)} (--min-success)` })
}

function backtestSpec(symbols: string[], options: Options): BacktestSpec {
  return {
    symbols: symbols.length === 0 ? undefined : symbols,
    universe: options.universe,
    where: options.where,
    timeframe: options.timeframe,
    higher: options.higher?.split(','),
    ...geometrySpec(options),
    from: options.from,
    to: options.to,
    strategy: options.strategy,
    parameters: options.param,
    rules: simulationSpec({ ...options }),
    batchBars: options.batchBars === undefined ? undefined : wholeNumber('--batch-bars', options.batchBars, 1),
    minSuccess: share('--min-success', options.minSuccess),
    benchmark: options.benchmark,
    byState: options.byState,
    trials: options.trials === undefined ? undefined : wholeNumber('--trials', options.trials, 1),
    cache: options.cache,
    retries: options.retries === undefined ? undefined : wholeNumber('--retries', options.retries, 0),
    runId: options.runId,
  }
}

function share(option: string, text: string | undefined): number | undefined {
  const value = number(option, text)
  if (value === undefined || (value >= 0 && value <= 1)) return value
  throw usageError({ what: `"${text ?? ''}" is no share`, where: option, expected: 'a number from 0 to 1' })
}
