import { Command, Option } from 'commander'
import { openDatabase, type Database, type DatabaseSpec } from '../database/database.js'
import { usageError } from '../errors.js'
import { importedActions } from '../import/actions.js'
import { importBars } from '../import/import-bars.js'
import { importRows } from '../import/import-rows.js'
import { importedInstruments } from '../import/instruments.js'
import { reportText, type ImportReport } from '../import/report.js'
import type { Io } from '../io.js'
import { storeAt, type Store } from '../store/layout.js'
import { commandLog, globalOptions } from './globals.js'
import { geometryText, importGeometry, type ImportedGeometry } from './import-geometry.js'

const description = `Brings bars from Parquet and CSV files with one row per bar into the store: symbol, opening time of the
bar, open, high, low, close and volume, recognised by their usual names. A stored bar of the same symbol and time is replaced.
A row that cannot be right is left out and listed, with its number in the file, empty lines not counted, and its reason, beside
the report in the folder imports of the store. When the store has 50,000 to 1,000,000 bars of the timeframe by then, at least
half of them imported now, it also computes the geometry that the strategy multi_timeframe reads, once for all backtests to come,
as the first of them would.`

const examples = `
Examples:
  $ dgas import bars.parquet --timeframe 30m
  $ dgas import daily.csv --timeframe 1d                         # beside the 30m bars, for the same symbols or others
  $ dgas import aapl.csv --symbol AAPL --timeframe 30m --timezone America/New_York
  $ dgas import kurse.csv --timeframe 1d --time-format %d.%m.%Y --decimal ,
  $ dgas import --instruments instruments.csv                    # name, exchange, sector, industry
  $ dgas import --actions splits_and_dividends.csv               # for backtest --actions apply`

interface Options {
  timeframe?: string
  exchange?: string
  timezone?: string
  timeFormat?: string
  decimal?: string
  thousands?: string
  symbol?: string
  prepare?: boolean
  instruments?: boolean
  actions?: boolean
}

/** The command `dgas import`. */
export function importCommand(io: Io): Command {
  return new Command('import')
    .summary('bring bars, instruments or corporate actions into the store')
    .description(description)
    .argument('<files...>', 'Parquet or CSV files')
    .option('--timeframe <timeframe>', 'length of the bars, such as 30m or 1d')
    .option('--exchange <name>', 'exchange whose regular sessions the bars belong to (default: XNYS)')
    .option('--timezone <zone>', 'zone of times without an offset, such as America/New_York (default: UTC)')
    .option('--time-format <format>', 'how times are written: s, ms, us or ns since 1970, or a pattern such as %d.%m.%Y %H:%M (default: as in ISO 8601)')
    .addOption(new Option('--decimal <sign>', 'sign before the fraction of numbers in text (default: .)').choices(['.', ',']))
    .addOption(new Option('--thousands <sign>', 'sign between thousands of numbers in text (default: none)').choices([',', '.', ' ', "'"]))
    .option('--symbol <symbol>', 'symbol of files that have no column for it')
    .option('--prepare', 'compute the geometry for backtests to come in any case')
    .option('--no-prepare', 'leave the geometry to the first backtest')
    .option('--instruments', 'the files say name, exchange, sector and industry of symbols')
    .option('--actions', 'the files say splits and dividends: symbol, ex_date, kind (split, dividend), value')
    .addHelpText('after', examples)
    .action(async (files: string[], options: Options, command: Command) => {
      const { store: folder, threads, memory, json, quiet } = globalOptions(command, io)
      const report = await importFiles(storeAt(folder), { files, options, now: io.now, limits: { threads, memory } })
      const { kind, rows_read, rows_written, rows_replaced, rows_rejected, symbols } = report
      const log = commandLog(command, io)
      log('info', 'imported', { kind, files, rows_read, rows_written, rows_replaced, rows_rejected, symbols })
      if (!json && !quiet) io.out(reportText(report))
      let geometry: ImportedGeometry | null = null
      try {
        geometry = report.bars === undefined ? null : await importGeometry(io, {
          ...{ store: storeAt(folder), timeframe: report.bars.timeframe, written: rows_written, isWanted: options.prepare },
          ...{ threads, memory, log, isQuiet: quiet || json },
        })
      } finally {
        // whatever becomes of the geometry, the bars are there
        if (json) io.out(`${JSON.stringify({ ...report, ...(geometry === null ? {} : { geometry }) }, null, 2)}\n`)
      }
      if (!json && !quiet && geometry !== null) io.out(geometryText(geometry))
    })
}

interface Request {
  files: readonly string[]
  options: Options
  now: () => Date
  limits: DatabaseSpec
}

async function importFiles(store: Store, request: Request): Promise<ImportReport> {
  const database = await openDatabase(request.limits)
  // the geometry needs the memory
  return importWith(database, store, request).finally(() => database.close())
}

async function importWith(database: Database, store: Store, { files, options, now }: Request): Promise<ImportReport> {
  const { instruments = false, actions = false, timeframe, prepare: _prepare, ...ofBars } = options
  if (instruments) {
    assertAlone('instruments', options)
    return importRows(database, { rows: importedInstruments, store, files, now })
  }
  if (actions) {
    assertAlone('actions', options)
    return importRows(database, { rows: importedActions, store, files, now })
  }
  if (timeframe !== undefined) return importBars(database, store, { files, timeframe, ...ofBars }, now)
  throw usageError({ what: '--timeframe is missing', expected: 'the length of the bars, such as --timeframe 30m' })
}

function assertAlone(kind: 'instruments' | 'actions', options: Options): void {
  const name = Object.keys(options).find((name) => name !== kind)
  if (name === undefined) return
  const option = `--${options[name as keyof Options] === false ? 'no-' : ''}${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`
  throw usageError({ what: `${option} says nothing about ${kind}`, where: `--${kind}` })
}
