import { Command } from 'commander'
import { compareRuns } from '../comparison/compare.js'
import { comparisonText } from '../comparison/text.js'
import { openDatabase } from '../database/database.js'
import { DgasError } from '../errors.js'
import type { Io } from '../io.js'
import { findRun } from '../store/runs.js'
import { openStore, runsFolder } from '../store/store.js'
import { globalOptions, wholeNumber } from './globals.js'

const description = `Says what differs between two runs: configuration, versions, strategy and data, and the rows of trades, equity,
symbols and metrics. Exit code 0 when nothing does, else 1. How the work is cut into batches makes no difference.`

const examples = `
Examples:
  $ dgas runs diff first second                                  # exit code 0 when nothing differs
  $ dgas runs diff first second --rows 20 --json                 # the first 20 rows that differ of each relation`

/** The command `dgas runs diff`. */
export function runsDiffCommand(io: Io): Command {
  return new Command('diff')
    .summary('say what differs between two runs')
    .description(description)
    .argument('<a>', 'id of a run; latest for the newest one')
    .argument('<b>', 'id of a run; latest for the newest one')
    .option('--rows <n>', 'rows of each relation that are shown (default: 5)')
    .addHelpText('after', examples)
    .action(async (a: string, b: string, { rows }: { rows?: string }, command: Command) => {
      const { store: folder, threads, memory, json, quiet } = globalOptions(command, io)
      const limit = rows === undefined ? 5 : wholeNumber('--rows', rows, 0)
      const database = await openDatabase({ threads, memory })
      try {
        const runs = runsFolder(await openStore(database, { folder }))
        const comparison = await compareRuns(database, findRun(runs, a), findRun(runs, b), limit)
        if (json) io.out(`${JSON.stringify(comparison, null, 2)}\n`)
        else if (!quiet) io.out(comparisonText(comparison))
        if (!comparison.is_equal) throw new DgasError({ what: `the runs ${comparison.a} and ${comparison.b} differ` })
      } finally {
        database.close()
      }
    })
}
