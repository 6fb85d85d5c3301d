import { Command, Option } from 'commander'
import { readRecord } from '../backtest/read-record.js'
import { readRunReport } from '../backtest/read-report.js'
import { optionOf } from '../bounds.js'
import type { ChartOptions, RunNote, Spec } from '../charts/frame.js'
import { nothingToDraw, runChartNamed, runCharts, type RunChartOptions } from '../charts/run-charts.js'
import { priceChart } from '../charts/price.js'
import type { PriceTrade } from '../charts/price-trades.js'
import { chartFormats, type ChartFormat } from '../charts/render.js'
import { themeNames } from '../charts/theme.js'
import { lineKinds, patternKinds, priceParts } from '../charts/plotted.js'
import { openDatabase, type Database } from '../database/database.js'
import { nearest, usageError } from '../errors.js'
import type { Io } from '../io.js'
import { geometryNames, parameterOf } from '../models/parameters.js'
import { createChartRelations } from '../query/chart-relations.js'
import { drawnGeometry } from '../query/drawn-geometry.js'
import { readGeometry, type BarSelection } from '../query/geometry-rows.js'
import { readTrades } from '../query/run-rows.js'
import { findRun, type RunFolder } from '../store/runs.js'
import { rangeText, sessionRange } from '../store/session-range.js'
import { openStore, runsFolder, storedTimeframes, type Store } from '../store/store.js'
import { parseTimeframe, type Timeframe } from '../store/timeframe.js'
import { chartTarget, writeChart } from './chart-file.js'
import { addSqlOptions, assertSqlOptions, drawSql, type SqlChartOptions } from './chart-sql.js'
import { chosenParts, pictureOptions, type PartOptions, type PictureOptions } from './chart-options.js'
import { addGeometryOptions, geometrySpec, type GeometryOptions } from './geometry-options.js'
import { globalOptions, saySample, wholeNumber } from './globals.js'

const description = `Draws the bars of a symbol with PLdot and envelope, or the parts of the geometry that --show names, and with
--run the trades that a run made on it and the geometry that it used. Without a symbol, draws a chart of a run: its equity, or the one that --chart names.
With --sql, draws the rows of a query. The path of the file is the last line of standard output.`

const examples = `
Examples:
  $ dgas chart AAPL --show dot,envelope,lines,states,higher --output price.png
  $ dgas chart --run latest --chart monthly_returns --output months.html
  $ dgas chart --sql "select session_date, avg(close) as mean_close from bars group by 1 order by 1" --x session_date --y mean_close`

const usualChart = 'equity'
const chartNames = runCharts.map(({ name }) => name).join(', ')

interface Options extends GeometryOptions, PartOptions, PictureOptions, SqlChartOptions {
  timeframe?: string
  from?: string
  to?: string
  bars?: string
  higher?: string
  run?: string
  chart?: string
  format?: ChartFormat
  output?: string
}

/** The command `dgas chart`. */
export function chartCommand(io: Io): Command {
  const command = new Command('chart')
    .summary('draw a symbol or a run')
    .description(description)
    .argument('[symbol]', 'the symbol to draw; without one, --run is drawn')
    .option('--timeframe <timeframe>', 'length of a bar (default: 30m, or the finest in the store)')
    .option('--from <date>', 'first session')
    .option('--to <date>', 'last session')
    .option('--bars <n>', 'the last bars of the range (default: 120 without --from)')
    .option('--show <parts>', `parts of the geometry, comma-separated: ${priceParts.join(', ')} (default: dot,envelope)`)
    .option('--lines <kinds>', `the termination lines of --show lines: ${lineKinds.join(', ')} (default: all)`)
    .option('--patterns <kinds>', `the rows of --show patterns: ${patternKinds.join(', ')} (default: all)`)
    .option('--higher <timeframes>', 'higher frames of the parts of two timeframes, nearest first (default: those of the run, or the usual ones)')
    .option('--run <id>', 'the run whose trades are drawn, or without a symbol the run; latest for the newest one')
    .option('--chart <name>', `the chart of the run: ${chartNames} (default: ${usualChart})`)
    .addOption(new Option('--format <format>', 'form of the file (default: as --output, or svg)').choices(chartFormats))
    .option('--width <pixels>', 'width of the picture, from 400 to 10000 (default: 1200)')
    .option('--height <pixels>', 'height of the picture, from 300 to 10000 (default: 700, more with strips below prices)')
    .addOption(new Option('--theme <theme>', 'colours').choices(themeNames).default('light'))
    .option('-o, --output <file>', 'file to write (default: named after the chart, in the working directory)')
    .addHelpText('after', examples)
    .action(async (symbol: string | undefined, options: Options, command: Command) => {
      await chart(symbol, options, command, io)
    })
  addGeometryOptions(command)
  return addSqlOptions(command)
}

/** A chart and the name of its file without extension. */
interface NamedChart {
  spec: Spec
  name: string
}

async function chart(symbol: string | undefined, options: Options, command: Command, io: Io): Promise<void> {
  const { store: folder, threads, memory, json } = globalOptions(command, io)
  const { sql, mark, x, y, color, run, chart: ofRun, timeframe: length, from, to, bars: count, show, lines, patterns } = options
  assertSqlOptions({ sql, mark, x, y, color }, { symbol, run, chart: ofRun, timeframe: length, from, to, bars: count, show, lines, patterns })
  const target = chartTarget({ format: options.format, output: options.output, json })
  const picture = pictureOptions(options)
  const geometry = geometrySpec(options)
  if (sql !== undefined) {
    await writeChart(await drawSql(options, { folder, threads, memory, geometry }, picture), target, 'query', io)
    return
  }
  if (symbol === undefined) assertRunOnly(options)
  else if (options.chart !== undefined) throw usageError({ what: '--chart names a chart of a run', expected: 'no symbol besides' })
  const range = sessionRange(from, to)
  const last = barLimit(options)
  const timeframe = options.timeframe === undefined ? null : parseTimeframe(options.timeframe)
  const database = await openDatabase({ threads, memory })
  const store = await openStore(database, { folder })
  saySample(io, store, globalOptions(command, io))
  const bars = { timeframe: timeframe ?? usualTimeframe(store), ...range, last }
  const { spec, name } = symbol === undefined
    ? await drawRun(database, store, options.run!, options.chart ?? usualChart, { ...picture, from, to })
    : await drawPrice(database, store, { symbol, ...bars, geometry }, { ...options, picture })
  await writeChart(spec, target, name, io)
  database.close()
}

/** Options that choose bars mean nothing for a chart of a run. */
function assertRunOnly(options: Options): void {
  if (options.run === undefined) {
    const expected = 'dgas chart AAPL, or dgas chart --run latest'
    throw usageError({ what: 'neither a symbol nor a run is given', expected })
  }
  const given = (['timeframe', 'bars'] as const).find((name) => options[name] !== undefined)
  if (given !== undefined) throw usageError({ what: `--${given} chooses bars`, expected: 'a symbol besides' })
  const part = (['show', 'lines', 'patterns', 'higher', ...geometryNames] as const).find((name) => options[name] !== undefined)
  if (part !== undefined) throw usageError({ what: `${optionOf(parameterOf(part))} chooses geometry`, expected: 'a symbol besides' })
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
  const { reading, ...choice } = chosenParts(options)
  const found = run === undefined ? null : findRun(runsFolder(store), run)
  // the geometry is that of the run unless another one is chosen
  const chosen = { ...selection, ...reading, geometry: selection.geometry ?? {}, higher: options.higher?.split(',') }
  const { geometry, higher, notes } = drawnGeometry(chosen, found === null ? null : readRecord(found))
  const bars = await readGeometry(database, store, { ...selection, ...reading, geometry, higher })
  const overlay = found === null ? {} : await readOverlay(database, found, symbol)
  const spec = priceChart({ symbol, timeframe, bars, ...choice, higher: higher.at(0)?.name, ...overlay, notes, options: picture })
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

async function drawRun(
  database: Database,
  store: Store,
  id: string,
  chart: string,
  options: RunChartOptions,
): Promise<NamedChart> {
  const drawn = runChartNamed(chart)
  const run = findRun(runsFolder(store), id)
  await readRunReport(database, run)
  await createChartRelations(database, store, [run])
  const spec = await drawn.draw(database, run.id, options)
  if (spec === null) throw nothingToDraw(drawn, run, rangeText(sessionRange(options.from, options.to)))
  return { spec, name: `${run.id}-${drawn.name}` }
}
