import { createInterface, type Interface } from 'node:readline'
import { openDatabase, type Database } from '../database/database.js'
import { DgasError, nearest, usageError } from '../errors.js'
import { counted, duration } from '../format.js'
import { relationNames } from '../models/relation-names.js'
import { completions, dotCommands } from '../query/complete.js'
import type { QuerySpec } from '../query/open-query.js'
import { outputFormats, type OutputFormat } from '../query/output.js'
import { runQuery } from '../query/run-query.js'
import { relationsText, relationText } from '../query/schema-text.js'
import { readSchema } from '../query/schema.js'
import { splitStatements } from '../query/statements.js'
import { pagedOutput, pagerOf, PagerClosed } from './pager.js'
import { historyFile, historySize, readHistory, writeHistory } from './shell-history.js'

/** Where a shell lives. */
export interface ShellSpec {
  input: NodeJS.ReadStream | NodeJS.ReadableStream
  output: (NodeJS.WriteStream | NodeJS.WritableStream) & { columns?: number; rows?: number }
  env: Readonly<Record<string, string | undefined>>
  /** What every statement may use; the SQL comes from the user. */
  query: Omit<QuerySpec, 'sql' | 'name'>
  /** Seconds after which a statement is stopped; null: never. */
  timeout: number | null
}

const prompts = { first: 'dgas> ', next: '  ... ' }

/** Reads statements and runs them until the user leaves. A mistake is shown and does not end it. */
export async function runShell(spec: ShellSpec): Promise<void> {
  const { input, output, env } = spec
  const file = historyFile(env)
  let remembered = readHistory(file)
  let [pending, format, isTiming]: [string, OutputFormat, boolean] = ['', 'table', true]
  let running: Database | null = null
  const queue: string[] = []
  const typed: string[] = []
  const print = (text: string) => void output.write(text)
  const vocabulary = { relations: relationNames(), columnsOf, formats: outputFormats }
  const shell: Interface = createInterface({
    ...{ input, output, terminal: true, prompt: prompts.first, historySize, history: [...remembered] },
    completer: (line: string, done: (error: null, found: [string[], string]) => void) => {
      void completions(line, pending, vocabulary).then((found) => done(null, found), () => done(null, [[], line]))
    },
  })

  async function execute(sql: string): Promise<void> {
    const started = performance.now()
    const pager = pagedOutput({ pager: pagerOf(env), lines: (output.rows ?? 24) - 3, print, handOver })
    try {
      const { rows, columns, columnsShown } = await runQuery({ ...spec.query, sql, name: 'query' }, {
        ...{ format, output: null, timeout: spec.timeout, width: output.columns ?? 80 },
        write: (text) => pager.write(text as string),
        onStart: ({ database }) => (running = database),
      }).finally(() => (running = null))
      await pager.end()
      const cut = columnsShown < columns ? `, ${columnsShown} of ${columns} columns` : ''
      print(`${counted(rows, 'row')}${cut}${isTiming ? ` in ${duration(performance.now() - started)}` : ''}\n`)
    } catch (error) {
      await pager.end()
      if (!(error instanceof PagerClosed)) showError(error)
    }
  }

  /** The pager reads the keyboard itself; what it does not take, such as Ctrl-C, must not end the shell. */
  function handOver(isTaken: boolean): void {
    if ('setRawMode' in input && input.isTTY) input.setRawMode(!isTaken)
    if (isTaken) {
      shell.pause()
      process.on('SIGINT', ignore)
    } else {
      process.off('SIGINT', ignore)
      shell.resume()
    }
  }

  function showError(error: unknown): void {
    if (error instanceof DgasError) print(`${error.message}\n`)
    else print(`internal error: ${error instanceof Error ? error.message : String(error)}\n`)
  }

  async function command(line: string): Promise<void> {
    const [name, argument] = line.trim().replace(/;$/, '').split(/\s+/) as [string, string | undefined]
    if (name === '.quit' || name === '.exit') shell.close()
    else if (name === '.help') print(Object.entries(dotCommands).map(([key, text]) => `${key.padEnd(9)} ${text}\n`).join(''))
    else if (name === '.tables') print(relationsText(await schemaOf(), output.columns ?? 80))
    else if (name === '.schema' && argument === undefined) print(relationsText(await schemaOf(), output.columns ?? 80))
    else if (name === '.schema') print(relationText((await schemaOf([argument!.toLowerCase()]))[0], output.columns ?? 80))
    else if (name === '.timing') isTiming = argument === undefined ? !isTiming : onOrOff(argument)
    else if (name === '.format') format = argument === undefined ? shown(format) : formatOf(argument)
    else throw usageError({ what: `there is no command "${name}"`, expected: '.help', nearest: nearest(name, Object.keys(dotCommands)) })
  }

  function shown(current: OutputFormat): OutputFormat {
    print(`${current} (one of ${outputFormats.join(', ')})\n`)
    return current
  }

  async function take(line: string): Promise<void> {
    if (pending === '' && line.trim() === '') return
    if (pending === '' && line.trimStart().startsWith('.')) return command(line).catch(showError)
    const { statements, rest } = splitStatements(`${pending}${line}\n`)
    typed.push(line)
    pending = rest
    if (rest === '') remember(typed.splice(0))
    for (const sql of statements) await execute(sql)
  }

  /** Puts what was typed in several lines into the history as one. */
  function remember(lines: readonly string[]): void {
    const { history } = shell as Interface & { history?: string[] }
    if (history === undefined || lines.length === 1 || lines.some((line) => line.includes('--'))) return
    history.splice(0, lines.length, lines.join(' '))
    remembered = history
  }

  function prompt(): void {
    shell.setPrompt(pending === '' ? prompts.first : prompts.next)
    shell.prompt()
  }

  shell.on('history', (lines) => (remembered = lines))
  shell.on('SIGINT', () => {
    queue.length = 0
    if (running !== null) return running.interrupt()
    pending = ''
    typed.length = 0
    print('^C\n')
    // what was typed of the line is dropped too
    shell.write(null, { ctrl: true, name: 'e' })
    shell.write(null, { ctrl: true, name: 'u' })
    prompt()
  })
  print(`dgas query: SQL that ends with ;  .help lists commands, Ctrl-D leaves\n`)
  prompt()
  await new Promise<void>((left) => {
    let isBusy = false
    let isClosed = false
    const work = async () => {
      if (isBusy) return
      isBusy = true
      for (let line = queue.shift(); line !== undefined; line = queue.shift()) {
        await take(line)
        if (!isClosed) prompt()
      }
      isBusy = false
      if (isClosed) left()
    }
    shell.on('line', (line) => {
      queue.push(line)
      void work()
    })
    shell.on('close', () => {
      isClosed = true
      running?.interrupt()
      void work()
    })
  })
  print('\n')
  writeHistory(file, remembered)
}

const schemas = new Map<string, Promise<readonly string[]>>()

/** Columns of a relation, which are looked up once. */
function columnsOf(relation: string): Promise<readonly string[]> {
  const known = schemas.get(relation) ?? schemaOf([relation]).then(([{ columns }]) => columns.map(({ name }) => name))
  schemas.set(relation, known)
  return known
}

async function schemaOf(names?: readonly string[]): ReturnType<typeof readSchema> {
  const database = await openDatabase({ threads: 1 })
  try {
    return await readSchema(database, names)
  } finally {
    database.close()
  }
}

function onOrOff(text: string): boolean {
  if (text === 'on' || text === 'off') return text === 'on'
  throw usageError({ what: `"${text}" is neither`, where: '.timing', expected: 'on or off' })
}

function formatOf(text: string): OutputFormat {
  const found = outputFormats.find((format) => format === text)
  if (found !== undefined) return found
  throw usageError({ what: `there is no format "${text}"`, expected: outputFormats.join(', '), nearest: nearest(text, outputFormats) })
}

function ignore(): void {
  // the pager takes it
}
