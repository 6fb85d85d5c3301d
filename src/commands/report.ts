import { readFileSync, writeFileSync } from 'node:fs'
import { basename, dirname, extname, join } from 'node:path'
import { Command } from 'commander'
import { openDatabase, type Database } from '../database/database.js'
import { DgasError, usageError } from '../errors.js'
import type { Io } from '../io.js'
import { shownPath } from '../path.js'
import { summaryText } from '../report/summary.js'
import { readRunReport } from '../backtest/read-report.js'
import { fileError } from '../store/files.js'
import { findRun, type RunFolder } from '../store/runs.js'
import { openStore, runsFolder, type Store } from '../store/store.js'
import { globalOptions } from './globals.js'
import { openInBrowser } from './open.js'

const description = `Shows the report of a run: its summary, or the whole report as one page that needs no network (--html) or as
Markdown. The path of a file that is written is the last line of standard output.`

const examples = `
Examples:
  $ dgas report                                                  # the summary of the newest run
  $ dgas report first --html --open                              # one page with charts and tables, in the browser
  $ dgas report first --markdown --output report.md              # and pictures beside it
  $ dgas report --json`

interface Options {
  html?: boolean
  markdown?: boolean
  open?: boolean
  output?: string
}

/** The command `dgas report`. */
export function reportCommand(io: Io): Command {
  return new Command('report')
    .summary('show the report of a run')
    .description(description)
    .argument('[run]', 'id of a run; latest for the newest one', 'latest')
    .option('--html', 'write a page with charts, symbols and trades: report.html in the folder of the run')
    .option('--markdown', 'print the whole report as Markdown; with --output, write it with pictures of the main charts beside it')
    .option('--open', 'open the page in the browser; without --html, write it first')
    .option('-o, --output <file>', 'file to write, instead of the usual one or standard output')
    .addHelpText('after', examples)
    .action(async (id: string, options: Options, command: Command) => {
      const { store: folder, json, threads, memory } = globalOptions(command, io)
      const isPage = options.html === true || options.open === true
      if ([isPage, options.markdown === true, json].filter(Boolean).length > 1) {
        throw usageError({ what: 'more than one form of the report is asked for', expected: 'one of --html, --markdown, --json' })
      }
      const database = await openDatabase({ threads: threads ?? (isPage ? undefined : 1), memory })
      const store = await openStore(database, { folder })
      const run = findRun(runsFolder(store), id)
      if (isPage) await writePage({ database, store, run, folder: folder ?? null }, options, io)
      else if (options.markdown === true && options.output !== undefined) await writeMarkdown({ database, store, run }, options.output, io)
      else await print(database, run, { ...options, json }, io)
      database.close()
    })
}

interface PageRun {
  database: Database
  store: Store
  run: RunFolder
  /** The store as the user named it. */
  folder: string | null
}

async function writePage({ database, store, run, folder }: PageRun, { open, output }: Options, io: Io): Promise<void> {
  const { htmlReport } = await import('./report-html.js')
  const file = output ?? join(run.folder, 'report.html')
  write(file, await htmlReport(database, store, run, folder))
  io.out(`${shownPath(file)}\n`)
  if (open === true) await openInBrowser(file)
}

async function writeMarkdown(source: Omit<PageRun, 'folder'>, file: string, io: Io): Promise<void> {
  const { markdownReport } = await import('./report-markdown.js')
  const { text, pictures } = await markdownReport(source, basename(file, extname(file)))
  for (const { name, content } of pictures) write(join(dirname(file), name), content)
  write(file, text)
  io.out(`${shownPath(file)}\n`)
}

async function print(database: Database, run: RunFolder, { markdown, output, json }: Options & { json: boolean }, io: Io): Promise<void> {
  const text = markdown === true ? readMarkdown(join(run.folder, 'report.md')) : await shortText(database, run, json)
  if (output === undefined) io.out(text)
  else {
    write(output, text)
    io.out(`${output}\n`)
  }
}

async function shortText(database: Database, run: RunFolder, json: boolean): Promise<string> {
  const report = await readRunReport(database, run)
  return json ? `${JSON.stringify(report, null, 2)}\n` : `${summaryText(report)}report: ${shownPath(run.folder)}\n`
}

function write(file: string, text: string | Uint8Array): void {
  try {
    writeFileSync(file, text)
  } catch (error) {
    throw fileError(error, file)
  }
}

function readMarkdown(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    throw new DgasError({ what: 'the run has no report', where: file, expected: 'a run that was completed' })
  }
}
