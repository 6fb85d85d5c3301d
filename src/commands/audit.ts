import { availableParallelism } from 'node:os'
import { Command } from 'commander'
import { audit, type AuditReport } from '../audit/audit.js'
import { auditText, isHonest } from '../audit/report-text.js'
import { openDatabase } from '../database/database.js'
import { DgasError, usageError } from '../errors.js'
import type { Io } from '../io.js'
import { openStore } from '../store/store.js'
import { addGeometryOptions, geometrySpec, type GeometryOptions } from './geometry-options.js'
import { globalOptions, parameter, saySample, wholeNumber } from './globals.js'

const description = `Looks for look-ahead in a sample of the store: computes every column of geometry and context and every
signal of the strategies again with the bars after some cuts removed, and altered, and compares all rows up to the cut. A look
of k bars ahead can show on the last k bars before a cut alone, so that unchanged is said of what was compared there, and not of
every bar; --cuts makes more of them. Exit code 1 when anything changes.`

const examples = `
Examples:
  $ dgas audit                                                   # all models, all built-in strategies
  $ dgas audit --strategy ./dip.sql --param depth=0.5            # a strategy of your own
  $ dgas audit --strategy envelope_fade --cuts 2 --symbols 1     # less to compute`

interface Options extends GeometryOptions {
  strategy?: string[]
  param: Record<string, string>
  cuts: string
  symbols: string
  timeframe?: string
  higher?: string
}

/** The command `dgas audit`. */
export function auditCommand(io: Io): Command {
  const command = new Command('audit')
    .summary('look for look-ahead in models and strategies')
    .description(description)
    .option('--strategy <name>', 'built in or your own .sql file, again for each (default: all built-in ones)', listed)
    .option('--param <name=value>', 'parameter of the strategy, again for each', parameter, {})
    .option('--cuts <n>', 'how many times the data is cut', '8')
    .option('--symbols <n>', 'symbols in the sample, besides those that the strategy names', '5')
    .option('--timeframe <timeframe>', 'traded bars (default: 30m, or the finest in the store)')
    .option('--higher <timeframes>', 'higher frames for context, nearest first, such as 1d or 1d,1w')
    .addHelpText('after', examples)
    .action(async (options: Options, command: Command) => {
      await runAudit(options, command, io)
    })
  return addGeometryOptions(command)
}

async function runAudit(options: Options, command: Command, io: Io): Promise<void> {
  const { store: folder, threads, memory, json } = globalOptions(command, io)
  const { strategy: strategies, param: parameters, timeframe, higher } = options
  if (strategies?.length !== 1 && Object.keys(parameters).length > 0) {
    throw usageError({ what: '--param is given without a --strategy', expected: 'the one that has the parameter' })
  }
  const cuts = wholeNumber('--cuts', options.cuts, 1)
  const symbols = wholeNumber('--symbols', options.symbols, 1)
  const geometry = geometrySpec(options)
  const database = await openDatabase({ threads, memory })
  const store = await openStore(database, { folder })
  database.close()
  saySample(io, store, globalOptions(command, io))
  const spec = { strategies, parameters, timeframe, higher: higher?.split(','), ...geometry, cuts, symbols }
  const open = () => openDatabase({ threads: 1, memory })
  const report = await audit(store, spec, { open, lanes: threads ?? availableParallelism() })
  io.out(json ? `${JSON.stringify(report, null, 2)}\n` : auditText(report))
  assertHonest(report)
}

function assertHonest({ subjects }: AuditReport): void {
  const ahead = subjects.filter(({ differences }) => differences.length > 0).map(({ name }) => name)
  if (ahead.length > 0) {
    const what = `${ahead.join(', ')}: ${ahead.length === 1 ? 'changes' : 'change'} with bars that come later`
    throw new DgasError({ what, expected: 'each row to depend on bars up to its own only' })
  }
  const empty = subjects.filter((subject) => !isHonest(subject)).map(({ name }) => name)
  if (empty.length === 0) return
  const what = `nothing could be compared of ${empty.join(', ')}: no rows before the cuts`
  throw new DgasError({ what, expected: 'more symbols (--symbols) or another --timeframe' })
}

function listed(text: string, given: string[] = []): string[] {
  return [...given, text]
}
