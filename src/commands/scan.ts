import { Command, Option } from 'commander'
import { chooseFrames } from '../analysis/frames.js'
import type { ContextRow } from '../analysis/facts.js'
import { parseMoment } from '../analysis/moment.js'
import { scan, usualOrder, type ScanSpec } from '../analysis/scan.js'
import { scanSummary, scanTable } from '../analysis/scan-text.js'
import { openDatabase } from '../database/database.js'
import { DgasError, usageError } from '../errors.js'
import type { Io } from '../io.js'
import { geometry } from '../models/parameters.js'
import { outputFormats, writeResult, type OutputFormat } from '../query/output.js'
import { openStore, type Store } from '../store/store.js'
import { addGeometryOptions, geometrySpec, type GeometryOptions } from './geometry-options.js'
import { globalOptions, saySample, wholeNumber } from './globals.js'

const description = `Ranks symbols by their last bar: which have a signal, which are near a zone of confluence, which have just
touched a termination line. Above the table stands how many symbols satisfy --where, and what is so of them. The column zone
says on which side of the close the nearest zone lies and its weight, away how far, in mean ranges of a bar; touched how many
termination lines the bar touched, behind ▲ when they are mostly support and ▼ when they are mostly resistance.`

const examples = `
Examples:
  $ dgas scan --limit 10                                         # the strongest signals of the whole store
  $ dgas scan --where "recommended_action = 'long' and zone_distance < 0.5" --order-by zone_distance
  $ dgas scan --where "termination_lines <> ''" --universe watchlist.csv --at 2026-03-20
  $ dgas scan AAPL MSFT --timeframe 1d --higher 1w --format csv`

interface Options extends GeometryOptions {
  universe?: string
  timeframe?: string
  higher?: string
  where?: string
  orderBy?: string
  limit: string
  at?: string
  format: OutputFormat
}

/** The command `dgas scan`. */
export function scanCommand(io: Io): Command {
  const command = new Command('scan')
    .summary('rank symbols by signals, zones and touched lines now')
    .description(description)
    .argument('[symbols...]', 'symbols to rank; default: --universe')
    .option('--universe <name>', 'all, a universe of the store, or a CSV file with a column symbol (default: all)')
    .option('--timeframe <timeframe>', 'length of a bar (default: 30m, or the finest in the store)')
    .option('--higher <timeframes>', 'higher frames, nearest first, such as 1d or 1d,1w (default: the usual ones)')
    .option('--where <condition>', `SQL over the columns of context, such as "recommended_action = 'long'"`)
    .option('--order-by <order>', `SQL over the same columns (default: ${usualOrder})`)
    .option('--limit <n>', 'rows at most', '20')
    .option('--at <time>', 'the last bars that had closed by then: a date, or an instant such as 2026-02-03T15:30 (UTC)')
    .addOption(new Option('--format <format>', 'form of the output').choices(outputFormats).default('table'))
    .addHelpText('after', examples)
    .action(async (symbols: string[], options: Options, command: Command) => {
      await run(symbols, options, command, io)
    })
  return addGeometryOptions(command)
}

async function run(symbols: string[], options: Options, command: Command, io: Io): Promise<void> {
  const { store: folder, threads, memory, json, quiet } = globalOptions(command, io)
  const database = await openDatabase({ threads, memory })
  const store = await openStore(database, { folder })
  saySample(io, store, globalOptions(command, io))
  const spec = scanSpec(symbols, options, store)
  const ranking = await scan(database, store, spec)
  if (Number(await database.value('select count(*) from scan')) === 0) throw nothingYet(spec)
  const format = json ? 'json' : options.format
  if (format === 'table') {
    if (!quiet) io.err(await scanSummary(database, spec))
    io.out(scanTable(await database.rows<ContextRow>(ranking), spec.frames))
  } else await writeResult(await database.stream(ranking), format, io.out)
  database.close()
}

function scanSpec(symbols: string[], options: Options, store: Store): ScanSpec {
  if (symbols.length > 0 && options.universe !== undefined) {
    throw usageError({ what: 'both symbols and --universe are given', expected: 'one of them' })
  }
  return {
    symbols: symbols.length === 0 ? null : symbols,
    universe: options.universe ?? 'all',
    frames: chooseFrames(store, options.timeframe, options.higher),
    moment: parseMoment(options.at),
    geometry: geometry(geometrySpec(options)),
    where: options.where ?? null,
    orderBy: options.orderBy ?? null,
    limit: wholeNumber('--limit', options.limit, 1),
  }
}

function nothingYet({ frames: { focus }, moment: { instant, session } }: ScanSpec): DgasError {
  const until = instant === null ? `the end of ${session ?? 'the data'}` : `${instant} UTC`
  return new DgasError({ what: `no symbol has a ${focus.name} bar that had closed by ${until}`, expected: 'a later time' })
}
