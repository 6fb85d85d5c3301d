import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Command } from 'commander'
import { openDatabase } from '../database/database.js'
import { DgasError } from '../errors.js'
import type { Io } from '../io.js'
import { shownPath } from '../path.js'
import { summaryText } from '../report/summary.js'
import { readRunReport } from '../backtest/read-report.js'
import { findRun } from '../store/runs.js'
import { openStore, runsFolder } from '../store/store.js'
import { globalOptions } from './globals.js'

/** The command `dgas report`. */
export function reportCommand(io: Io): Command {
  return new Command('report')
    .summary('show the report of a run')
    .description('Shows the report of a run: its summary, or with --markdown the whole report.')
    .argument('[run]', 'id of a run; latest for the newest one', 'latest')
    .option('--markdown', 'print the whole report as Markdown')
    .action(async (id: string, { markdown }: { markdown?: boolean }, command: Command) => {
      const { store: folder, json } = globalOptions(command, io)
      const database = await openDatabase({ threads: 1 })
      const run = findRun(runsFolder(await openStore(database, { folder })), id)
      if (markdown === true) {
        io.out(readReport(join(run.folder, 'report.md')))
      } else {
        const report = await readRunReport(database, run)
        io.out(json ? `${JSON.stringify(report, null, 2)}\n` : `${summaryText(report)}report: ${shownPath(run.folder)}\n`)
      }
      database.close()
    })
}

function readReport(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    throw new DgasError({ what: 'the run has no report', where: file, expected: 'a run that was completed' })
  }
}
