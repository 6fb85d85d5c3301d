import { Command, Option } from 'commander'
import { readRunReport } from '../backtest/read-report.js'
import { equityChart } from '../charts/equity.js'
import type { ChartOptions, RunNote, Spec } from '../charts/frame.js'
import { priceChart } from '../charts/price.js'
import type { PriceTrade } from '../charts/price-trades.js'
import { chartFormats, type ChartFormat } from '../charts/render.js'
import { themeNames } from '../charts/theme.js'
import { lineKinds, priceParts } from '../charts/plotted.js'
import { openDatabase, type Database } from '../database/database.js'
import { DgasError, nearest, usageError } from '../errors.js'
import type { Io } from '../io.js'
import { readGeometry, type BarSelection } from '../query/geometry-rows.js'
import { readEquity, readTrades } from '../query/run-rows.js'
import type { RunRecord } from '../report/record.js'
import { findRun, type RunFolder } from '../store/runs.js'
import { sessionRange } from '../store/session-range.js'
import { openStore, runsFolder, storedTimeframes, type Store } from '../store/store.js'
import { parseTimeframe, type Timeframe } from '../store/timeframe.js'
import { chartTarget, writeChart } from './chart-file.js'
import { chosenParts, pictureOptions, type PartOptions, type PictureOptions } from './chart-options.js'
import { globalOptions, saySample, wholeNumber } from './globals.js'

const description = `Draws the bars of a symbol with PLdot and envelope, or the parts of the geometry that --show names, and with
--run the trades that a run made on it. Without a symbol, draws the equity of a run above its drawdown. The path of the file
is the last line of standard output.`

interface Options extends PartOptions, PictureOptions {
  timeframe?: string
  from?: string
  to?: string
  bars?: string
  run?: string
  format?: ChartFormat
  output?: string
}

/** The command `dgas chart`. */
export function chartCommand(io: Io): Command {
  return new Command('chart')
    .summary('draw a symbol or a run')
    .description(description)
    .argument('[symbol]', 'the symbol to draw; without one, --run is drawn')
    .option('--timeframe <timeframe>', 'length of a bar (default: 30m, or the finest in the store)')
    .option('--from <date>', 'first session')
    .option('--to <date>', 'last session')
    .option('--bars <n>', 'the last bars of the range (default: 120 without --from)')
    .option('--show <parts>', `parts of the geometry, comma-separated: ${priceParts.join(', ')} (default: dot,envelope)`)
    .option('--lines <kinds>', `the termination lines of --show lines: ${lineKinds.join(', ')} (default: all)`)
    .option('--run <id>', 'the run whose trades or equity are drawn; latest for the newest one')
    .addOption(new Option('--format <format>', 'form of the file (default: as --output, or svg)').choices(chartFormats))
    .option('--width <pixels>', 'width of the picture (default: 1200)')
    .option('--height <pixels>', 'height of the picture (default: 700)')
    .addOption(new Option('--theme <theme>', 'colours').choices(themeNames).default('light'))
    .option('-o, --output <file>', 'file to write (default: named after the chart, in the working directory)')
    .action(async (symbol: string | undefined, options: Options, command: Command) => {
      await chart(symbol, options, command, io)
    })
}

/** A chart and the name of its file without extension. */
interface NamedChart {
  spec: Spec
  name: string
}

async function chart(symbol: string | undefined, options: Options, command: Command, io: Io): Promise<void> {
  const { store: folder, threads, memory, json } = globalOptions(command, io)
  if (symbol === undefined) assertEquityOnly(options)
  const target = chartTarget({ format: options.format, output: options.output, json })
  const range = sessionRange(options.from, options.to)
  const last = barLimit(options)
  const picture = pictureOptions(options)
  const timeframe = options.timeframe === undefined ? null : parseTimeframe(options.timeframe)
  const database = await openDatabase({ threads, memory })
  const store = await openStore(database, { folder })
  saySample(io, store, globalOptions(command, io))
  const bars = { timeframe: timeframe ?? usualTimeframe(store), ...range, last }
  const { spec, name } = symbol === undefined
    ? await drawEquity(database, store, options.run!, picture)
    : await drawPrice(database, store, { symbol, ...bars }, { ...options, picture })
  await writeChart(spec, target, name, io)
  database.close()
}

/** Options that choose bars mean nothing for the equity of a run. */
function assertEquityOnly(options: Options): void {
  if (options.run === undefined) {
    const expected = 'dgas chart AAPL, or dgas chart --run latest'
    throw usageError({ what: 'neither a symbol nor a run is given', expected })
  }
  const given = (['timeframe', 'from', 'to', 'bars'] as const).find((name) => options[name] !== undefined)
  if (given !== undefined) throw usageError({ what: `--${given} chooses bars`, expected: 'a symbol besides' })
  const part = (['show', 'lines'] as const).find((name) => options[name] !== undefined)
  if (part !== undefined) throw usageError({ what: `--${part} chooses geometry`, expected: 'a symbol besides' })
}

function barLimit({ bars, from }: Options): number | null {
  if (bars !== undefined) return wholeNumber('--bars', bars, 1)
  return from === undefined ? 120 : null
}

function usualTimeframe(store: Store): Timeframe {
  const stored = storedTimeframes(store)
  return parseTimeframe(stored.includes('30m') ? '30m' : stored[0])
}

async function drawPrice(
  database: Database,
  store: Store,
  selection: BarSelection,
  { run, picture, ...options }: Options & { picture: ChartOptions },
): Promise<NamedChart> {
  const { symbol, timeframe: { name: timeframe } } = selection
  const { reading, ...choice } = chosenParts(options, selection.timeframe)
  const found = run === undefined ? null : findRun(runsFolder(store), run)
  const bars = await readGeometry(database, store, { ...selection, ...reading })
  const overlay = found === null ? {} : await readOverlay(database, found, symbol)
  const spec = priceChart({ symbol, timeframe, bars, ...choice, ...overlay, options: picture })
  return { spec, name: [symbol, timeframe, ...(found === null ? [] : [found.id])].join('-') }
}

async function readOverlay(
  database: Database,
  run: RunFolder,
  symbol: string,
): Promise<{ trades: PriceTrade[]; run: RunNote }> {
  const { record, symbols } = await readRunReport(database, run)
  const names = symbols.map((row) => row.symbol)
  if (!names.includes(symbol)) {
    const what = `run ${run.id} has not simulated ${symbol}`
    throw usageError({ what, where: '--run', nearest: nearest(symbol, names) })
  }
  return { trades: await readTrades(database, run, symbol), run: record }
}

async function drawEquity(
  database: Database,
  store: Store,
  id: string,
  options: ChartOptions,
): Promise<NamedChart> {
  const run = findRun(runsFolder(store), id)
  const { record } = await readRunReport(database, run)
  const capital = startCapital(record, run)
  const rows = await readEquity(database, run, capital)
  if (rows.length === 0) {
    throw new DgasError({ what: 'the run has no equity', where: run.folder, expected: 'a completed run' })
  }
  const { accounts } = rows[0]
  const spec = equityChart({ run: record, accounts, capital: capital * accounts, rows, options })
  return { spec, name: `${run.id}-equity` }
}

function startCapital({ configuration }: RunRecord, { file }: RunFolder): number {
  const { capital } = (configuration.rules ?? {}) as { capital?: unknown }
  if (typeof capital === 'number') return capital
  const expected = 'a number under configuration.rules.capital'
  throw new DgasError({ what: 'the start capital of the run is missing', where: file, expected })
}
