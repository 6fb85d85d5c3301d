import { Command, CommanderError } from 'commander'
import { DgasError } from './errors.js'
import { processIo, type Io } from './io.js'
import { openLog, type Log } from './log.js'
import { packageVersion } from './version.js'

interface CommandEntry {
  name: string
  summary: string
  load: () => Promise<(io: Io) => Command>
}

/** Every command, loaded only when it is called: starting must stay fast. */
const commands: CommandEntry[] = [
  {
    name: 'backtest',
    summary: 'simulate a strategy over a universe of symbols',
    load: async () => (await import('./commands/backtest.js')).backtestCommand,
  },
  {
    name: 'worker',
    summary: 'do batches of the backtests of a queue',
    load: async () => (await import('./commands/worker.js')).workerCommand,
  },
  {
    name: 'import',
    summary: 'bring bars or instruments into the store',
    load: async () => (await import('./commands/import.js')).importCommand,
  },
  {
    name: 'query',
    summary: 'run SQL over bars, geometry, runs, trades and equity',
    load: async () => (await import('./commands/query.js')).queryCommand,
  },
  {
    name: 'schema',
    summary: 'list the relations of queries and their columns',
    load: async () => (await import('./commands/schema.js')).schemaCommand,
  },
  { name: 'runs', summary: 'list the runs, compare and follow them', load: async () => (await import('./commands/runs.js')).runsCommand },
  {
    name: 'report',
    summary: 'show the report of a run',
    load: async () => (await import('./commands/report.js')).reportCommand,
  },
  {
    name: 'compare',
    summary: 'put runs side by side',
    load: async () => (await import('./commands/compare.js')).compareCommand,
  },
  {
    name: 'chart',
    summary: 'draw a symbol or a run',
    load: async () => (await import('./commands/chart.js')).chartCommand,
  },
  {
    name: 'analyze',
    summary: 'show states, levels, zones and patterns of symbols now',
    load: async () => (await import('./commands/analyze.js')).analyzeCommand,
  },
  {
    name: 'scan',
    summary: 'rank symbols by signals, zones and touched lines now',
    load: async () => (await import('./commands/scan.js')).scanCommand,
  },
  {
    name: 'audit',
    summary: 'look for look-ahead in models and strategies',
    load: async () => (await import('./commands/audit.js')).auditCommand,
  },
  {
    name: 'doctor',
    summary: 'check the machine and the store, and repair what is safe',
    load: async () => (await import('./commands/doctor.js')).doctorCommand,
  },
  {
    name: 'completion',
    summary: 'complete commands by tab in bash, zsh or fish',
    load: async () => (await import('./commands/completion.js')).completionCommand,
  },
]

/** The names of all commands. */
export const commandNames: readonly string[] = commands.map(({ name }) => name)

/** Runs the command line `argv` (without node and script) and returns the exit code: 0, 1 or 2. */
export async function main(argv: readonly string[], io: Io = processIo()): Promise<number> {
  let log: Log = () => undefined
  const started = performance.now()
  try {
    const program = await createProgram(argv, io)
    program.hook('preAction', (_program, command) => {
      const writing = openLog(program.opts<{ logFile?: string }>().logFile, io)
      writing('info', 'begun', { command: command.name(), arguments: argv, version: packageVersion() })
      log = writing
    })
    await program.parseAsync(unknownCommand(program, argv) ?? argv.map(behindBlank), { from: 'user' })
    log('info', 'finished', { exit_code: 0, elapsed_ms: Math.round(performance.now() - started) })
    return 0
  } catch (error) {
    const exit_code = report(error, argv.includes('--debug'), io)
    log('error', 'error', { exit_code, ...errorFields(error), elapsed_ms: Math.round(performance.now() - started) })
    return exit_code
  }
}

/** The name of a command that there is not, whose help would be that of all; as a command it is told with the nearest name. */
function unknownCommand(program: Command, argv: readonly string[]): string[] | null {
  const [first, second] = program.parseOptions([...argv]).operands as (string | undefined)[]
  const name = first === 'help' ? second : first
  return name === undefined || name === 'help' || commandNames.includes(name) ? null : [name]
}

/** SQL may begin with a comment: a blank before it keeps it from being taken for an option. */
function behindBlank(argument: string): string {
  return /^--(?:\s|(?![\w-]+=)[^\n]*\n)/.test(argument) ? ` ${argument}` : argument
}

/** The stack is that of a bug; an error that the user can mend says itself where it is. */
function errorFields(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { message: String(error) }
  return error instanceof DgasError ? { message: error.message } : { message: error.message, stack: error.stack }
}

async function createProgram(argv: readonly string[], io: Io): Promise<Command> {
  const program = new Command('dgas')
    .description('Drummond Geometry over a whole universe: backtests, charts and SQL on DuckDB')
    .version(packageVersion(), '--version', 'print the version')
    .option('--store <folder>', 'folder of the store (default: $DGAS_STORE, else ./data)')
    .option('--threads <n>', 'threads of DuckDB (default: one per core)')
    .option('--memory <size>', 'memory limit of DuckDB, such as 2GB')
    .option('--json', 'print JSON')
    .option('--quiet', 'print nothing but results and errors')
    .option('--log-file <file>', 'append what happens to this file, a line of JSON for each event')
    .option('--debug', 'print the stack of errors')
    .configureHelp({ showGlobalOptions: true })
    .showSuggestionAfterError()
    .addHelpText('after', examples)
  for (const { name, summary, load } of commands) {
    program.addCommand(argv.includes(name) ? (await load())(io) : new Command(name).description(summary))
  }
  return quietly(program, io)
}

/** Makes commander write to `io` and throw instead of ending the process. */
function quietly(command: Command, io: Io): Command {
  command.exitOverride().configureOutput({
    writeOut: io.out,
    writeErr: io.err,
    getOutHelpWidth: () => io.columns,
    outputError: (text, write) => write(text.replace(/^error: /, 'dgas: ')),
  })
  // the help wraps lines by itself
  command.description(command.description().replaceAll('\n', ' '))
  for (const child of command.commands) quietly(child.copyInheritedSettings(command), io)
  return command
}

function report(error: unknown, debug: boolean, io: Io): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
  if (error instanceof DgasError) {
    io.err(`dgas: ${error.message}\n`)
    if (debug) io.err(`${error.stack ?? ''}\n`)
    return error.exitCode
  }
  const bug = error instanceof Error ? error : new Error(String(error))
  io.err(debug ? `${bug.stack ?? bug.message}\n` : `dgas: internal error: ${bug.message} (--debug shows where)\n`)
  return 1
}

const examples = `
Examples:
  $ dgas backtest --universe all --run-id first          # every symbol; without bars of your own, a synthetic sample
  $ dgas report first --html --open                      # its charts, symbols and trades as a page
  $ dgas chart XIDS --run first                          # price with PLdot, envelope and the trades of the run
  $ dgas query "select symbol, return_pct from symbols where run_id = 'first' order by 2 desc limit 5"
  $ dgas import bars.parquet --timeframe 30m             # bring your own bars
  $ dgas backtest --strategy ./dip.sql --param depth=0.5 # try your own strategy, a file of SQL
  $ dgas compare latest first                            # is it better?
  $ dgas scan --limit 10                                 # the universe at its last bar, ranked
  $ dgas analyze AAPL                                    # the levels, states and zones of a symbol now

dgas <command> --help says what a command can do, with examples.`
