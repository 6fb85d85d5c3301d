import { existsSync, readFileSync, statSync } from 'node:fs'
import { Command, Option } from 'commander'
import { usageError } from '../errors.js'
import { counted, duration } from '../format.js'
import { geometryParameters, geometryTexts } from '../models/parameters.js'
import { outputWidth, type Io } from '../io.js'
import type { QuerySpec } from '../query/open-query.js'
import { queryFormats, runQuery, type QueryFormat, type QueryTarget } from '../query/run-query.js'
import { fileFault } from '../store/files.js'
import { addGeometryOptions, geometrySpec, type GeometryOptions } from './geometry-options.js'
import { globalOptions, parameter } from './globals.js'
import { formatOf } from './output-format.js'

const description = `Runs one query, in DuckDB's SQL, over the relations of the store: bars, the models of the geometry at any
timeframe, context, instruments, corporate_actions, runs, trades, equity, symbols, signals; dgas schema lists them all. A
timeframe that was not imported is resampled when the query names it: where timeframe = '1d'. Nothing can be changed, and no
file but those of the store can be read unless --allow-files names a folder.`

const examples = `
Examples:
  $ dgas query "select symbol, max(high) as highest from bars group by symbol order by highest desc limit 5"
  $ dgas query 'select bar_at, close, pldot from geometry where symbol = $symbol' --param symbol=XIDS
  $ dgas query "select * from bars" --output bars.parquet
  $ dgas query "select count(*) from trades where net_profit > 0" --format csv
  $ dgas query "select max(close) from bars" --explain
  $ echo "select count(*) from instruments" | dgas query`

interface Options extends GeometryOptions {
  file?: string
  format?: QueryFormat
  output?: string
  param?: Record<string, string>
  explain?: boolean
  higher?: string
  timeout?: string
  allowFiles?: string
}

/** The command `dgas query`. */
export function queryCommand(io: Io): Command {
  const command = new Command('query')
    .summary('run SQL over bars, geometry, runs, trades and equity')
    .description(description)
    .argument('[sql]', 'the query; - reads it from standard input, as nothing does, which on a terminal opens a shell')
    .option('-f, --file <file>', 'read the query from a file')
    .addOption(new Option('--format <format>', 'form of the result (default: by --output, else table)').choices(queryFormats))
    .option('-o, --output <file>', 'write the result to a file, whole or not at all')
    .option('--param <name=value>', 'value of $name in the query, once for each; in single quotes it is text', parameter)
    .option('--higher <timeframes>', 'higher frames of context, nearest first, such as 1d or 1d,1w (default: the usual ones)')
    .option('--explain', `show DuckDB's plan instead of the result`)
    .option('--timeout <seconds>', 'stop the query after so long')
    .option('--allow-files <folder>', 'let the query read the files in this folder too')
    .addHelpText('after', examples)
    .action(async (sql: string | undefined, options: Options, command: Command) => {
      const started = performance.now()
      const { json, quiet } = globalOptions(command, io)
      const target = queryTarget(options, json, io)
      if (isShell(sql, options, io)) {
        const { runShell } = await import('./shell.js')
        const query = querySpec(options, 'table', command, io)
        return runShell({ input: process.stdin, output: process.stdout, env: io.env, query, timeout: target.timeout })
      }
      const text = await queryText(sql, options.file, io)
      const spec = { ...querySpec(options, target.format, command, io), sql: text, name: options.file ?? 'query' }
      const { rows, columns, columnsShown, isSample, timeframesMissed } = await runQuery(spec, target)
      const cut = columnsShown < columns ? `, ${columnsShown} of ${columns} columns` : ''
      const sample = isSample ? ' (sample store)' : ''
      if (quiet) return
      for (const timeframe of timeframesMissed) io.err(`note: there are no bars from which ${timeframe} bars could be made\n`)
      const beside = spec.higher === undefined ? [] : [`beside ${spec.higher.join(' and ')}`]
      const computed = [...geometryTexts(geometryParameters(spec.geometry ?? {})), ...beside].map((part) => `, ${part}`).join('')
      io.err(`${counted(rows, 'row')}${cut} in ${duration(performance.now() - started)}${sample}${computed}\n`)
    })
  return addGeometryOptions(command)
}

/** Without a query a person at a terminal is asked for one after the other. */
function isShell(sql: string | undefined, { file, output }: Options, { isInputTerminal, isTerminal }: Io): boolean {
  return sql === undefined && file === undefined && output === undefined && isTerminal && isInputTerminal === true
}

function querySpec(options: Options, format: QueryFormat, command: Command, io: Io): Omit<QuerySpec, 'sql' | 'name'> {
  const { store: folder, threads, memory } = globalOptions(command, io)
  const explain = options.explain === true ? (format.startsWith('json') ? 'json' : 'text') : undefined
  const { param: parameters, allowFiles } = options
  const higher = options.higher?.split(',')
  return { folder, threads, memory, explain, parameters, geometry: geometrySpec(options), higher, allowFiles }
}

function queryTarget({ format: named, output, timeout }: Options, json: boolean, io: Io): QueryTarget {
  const format = json ? 'json' : (named ?? (output === undefined ? 'table' : formatOf(output, extensions, 'form of a result')))
  if ((io.isTerminal || io.bytes === undefined) && output === undefined && (format === 'parquet' || format === 'arrow')) {
    throw usageError({ what: `${format} is no text for a terminal`, where: '--format', expected: '--output with a file' })
  }
  return {
    format,
    output: output ?? null,
    write: async (content) => {
      if (typeof content === 'string') io.out(content)
      else io.bytes?.(content)
      await io.drained?.()
    },
    width: outputWidth(io),
    timeout: timeout === undefined ? null : seconds(timeout),
  }
}

const extensions: Readonly<Record<string, QueryFormat>> = {
  ...Object.fromEntries(queryFormats.map((format) => [format, format])),
  ...{ txt: 'table', md: 'markdown', ndjson: 'jsonl' },
}

function seconds(text: string): number {
  const value = Number(text)
  if (text.trim() !== '' && value > 0 && value <= 2_000_000) return value
  throw usageError({ what: `"${text}" is no time`, where: '--timeout', expected: 'a number of seconds above 0' })
}

async function queryText(sql: string | undefined, file: string | undefined, io: Io): Promise<string> {
  if (file !== undefined && sql !== undefined) throw usageError({ what: 'both a query and --file are given', expected: 'one' })
  if (file !== undefined) return queryFile(file)
  if (sql === undefined || sql === '-') return io.input()
  if (isFile(sql)) throw usageError({ what: `"${sql}" is the name of a file`, where: 'query', expected: `--file ${sql}` })
  // no query is a single word
  if (/^\S+\.sql$/i.test(sql.trim())) throw usageError({ what: `there is no file "${sql.trim()}"`, where: 'query', expected: 'a query, or the name of a file after --file' })
  return sql
}

function isFile(name: string): boolean {
  return existsSync(name) && statSync(name).isFile()
}

function queryFile(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw usageError({ what: `cannot read "${file}": ${fileFault(error)}`, where: '--file', cause: error })
  }
}
