import { Command } from 'commander'
import { openDatabase } from '../database/database.js'
import { literal } from '../database/quote.js'
import type { Io } from '../io.js'
import { writeResult } from '../query/output.js'
import { createRunRelations } from '../store/run-relations.js'
import { readRunState } from '../store/run-state.js'
import { listRuns } from '../store/runs.js'
import { openStore, runsFolder } from '../store/store.js'
import { globalOptions } from './globals.js'
import { runsDiffCommand } from './runs-diff.js'
import { watchRun } from './runs-watch.js'

const examples = `
Examples:
  $ dgas runs                                                    # the newest last
  $ dgas runs --watch                                            # the run that another process carries out now
  $ dgas runs --json
  $ dgas runs diff first second                                  # are they the same, to the last bit?`

/** The command `dgas runs`. */
export function runsCommand(io: Io): Command {
  return new Command('runs')
    .summary('list the runs, compare and follow them')
    .description('Lists the runs of the store, oldest first, or follows one that another process carries out. A run is gone when it has not ended and no process is left that carries it out.')
    .addCommand(runsDiffCommand(io))
    .option('--watch [run]', 'follow a run of another process until it ends (default: the newest that goes on)')
    .addHelpText('after', examples)
    .action(async ({ watch }: { watch?: string | true }, command: Command) => {
      const { store: folder, json, quiet } = globalOptions(command, io)
      const database = await openDatabase({ threads: 1 })
      const store = await openStore(database, { folder })
      if (watch !== undefined) {
        database.close()
        return watchRun(runsFolder(store), watch === true ? null : watch, io, quiet)
      }
      const runs = listRuns(runsFolder(store))
      if (runs.length === 0 && !quiet) io.err(`no runs in ${runsFolder(store)} yet: dgas backtest makes one\n`)
      await createRunRelations(database, runs, ['runs'])
      const begun = new Set((await database.rows<{ run_id: string }>(`select run_id from runs where status = 'running'`)).map(({ run_id }) => run_id))
      const gone = runs.filter((run) => begun.has(run.id) && readRunState(run, io.now())?.status === 'gone')
      const result = await database.stream(`
        select
          run_id, if(run_id in (${['', ...gone.map(({ id }) => id)].map(literal).join(', ')}), 'gone', status) as status, strategy, timeframe, universe, accounts, symbols, bars, trades,
          round(total_return_pct, 2) as total_return_pct,
          round(sharpe_ratio, 2) as sharpe_ratio,
          round(maximum_drawdown_pct, 2) as maximum_drawdown_pct,
          round(seconds, 1) as seconds
        from runs order by started_at, run_id`)
      await writeResult(result, json ? 'json' : 'table', io.out)
      database.close()
    })
}
