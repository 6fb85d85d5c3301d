import { Command, Option } from 'commander'
import { analysisText } from '../analysis/analysis-text.js'
import { analyze } from '../analysis/analyze.js'
import { chooseFrames } from '../analysis/frames.js'
import { parseMoment } from '../analysis/moment.js'
import { openDatabase } from '../database/database.js'
import type { Io } from '../io.js'
import { geometry } from '../models/parameters.js'
import { openStore } from '../store/store.js'
import { addGeometryOptions, geometrySpec, type GeometryOptions } from './geometry-options.js'
import { globalOptions, saySample, wholeNumber } from './globals.js'

const description = `Shows what there is to know of symbols at their last bar: the states of each timeframe, the levels for
the next bar and how far they are, zones, patterns, and the recommended action with its reasons. As in a backtest, the action is
decided beside the last bars of the higher timeframes that had ended when the bar opened; levels and states are those of the
bars that have ended by its close, and where that makes a difference both decisions are shown.`

const examples = `
Examples:
  $ dgas analyze AAPL                                            # its last bar: states, levels, zones, action
  $ dgas analyze AAPL --at 2026-03-20T15:30                      # what was known then, and nothing later
  $ dgas analyze AAPL MSFT --timeframe 1d --higher 1w,1mo --levels 4`

interface Options extends GeometryOptions {
  timeframe?: string
  higher?: string
  at?: string
  levels: string
  format: 'table' | 'json'
}

/** The command `dgas analyze`. */
export function analyzeCommand(io: Io): Command {
  const command = new Command('analyze')
    .summary('show states, levels, zones and patterns of symbols now')
    .description(description)
    .argument('<symbols...>', 'symbols to look at')
    .option('--timeframe <timeframe>', 'length of a bar (default: 30m, or the finest in the store)')
    .option('--higher <timeframes>', 'higher frames, nearest first, such as 1d or 1d,1w (default: the usual ones)')
    .option('--at <time>', 'the last bar that had closed by then: a date, or an instant such as 2026-02-03T15:30 (UTC)')
    .option('--levels <n>', 'levels in the table on each side of the close', '12')
    .addOption(new Option('--format <format>', 'form of the output').choices(['table', 'json']).default('table'))
    .addHelpText('after', examples)
    .action(async (symbols: string[], options: Options, command: Command) => {
      await run(symbols, options, command, io)
    })
  return addGeometryOptions(command)
}

async function run(symbols: string[], options: Options, command: Command, io: Io): Promise<void> {
  const { store: folder, threads, memory, json } = globalOptions(command, io)
  const each = wholeNumber('--levels', options.levels, 1)
  const moment = parseMoment(options.at)
  const chosen = geometry(geometrySpec(options))
  const database = await openDatabase({ threads, memory })
  const store = await openStore(database, { folder })
  saySample(io, store, globalOptions(command, io))
  const frames = chooseFrames(store, options.timeframe, options.higher)
  const analyses = await analyze(database, store, { symbols, frames, moment, geometry: chosen })
  if (json || options.format === 'json') io.out(`${JSON.stringify(analyses, null, 2)}\n`)
  else io.out(analyses.map((analysis) => analysisText(analysis, each)).join(`\n${'═'.repeat(80)}\n\n`))
  database.close()
}
