import { writeFileSync } from 'node:fs'
import { Command } from 'commander'
import { sideBySide, type SideBySide } from '../comparison/side-by-side.js'
import { sideBySideMarkdown, sideBySideText } from '../comparison/side-by-side-text.js'
import { openDatabase } from '../database/database.js'
import { usageError } from '../errors.js'
import type { Io } from '../io.js'
import { fileError } from '../store/files.js'
import { findRun, type RunFolder } from '../store/runs.js'
import { openStore, runsFolder } from '../store/store.js'
import { globalOptions, wholeNumber } from './globals.js'

const description = `Puts runs side by side: metrics with the best marked, equity, what differs in their configuration, and how the
trades of each differ from those of the first. For equality to the last bit see dgas runs diff.`

const examples = `
Examples:
  $ dgas compare latest first                                    # the best of each metric is marked
  $ dgas compare first second earlier --html --output runs.html  # the equity of all in one chart
  $ dgas compare first second --rows 20 --markdown`

const expected = 'the ids of two or more runs: dgas runs lists them'

interface Options {
  html?: boolean
  markdown?: boolean
  output?: string
  rows?: string
}

/** The command `dgas compare`. */
export function compareCommand(io: Io): Command {
  return new Command('compare')
    .summary('put runs side by side')
    .description(description)
    .argument('<runs...>', 'ids of two or more runs; latest for the newest one')
    .option('--html', 'write a page with the equity curves in one chart (default: compare.html)')
    .option('--markdown', 'print Markdown')
    .option('--rows <n>', 'differing trades of each run that are shown (default: 5)')
    .option('-o, --output <file>', 'file to write, instead of standard output or compare.html')
    .addHelpText('after', examples)
    .action(async (ids: string[], options: Options, command: Command) => {
      await compare(ids, options, command, io)
    })
}

async function compare(ids: string[], options: Options, command: Command, io: Io): Promise<void> {
  const { store: folder, threads, memory, json } = globalOptions(command, io)
  if ([options.html, options.markdown, json].filter((form) => form === true).length > 1) {
    throw usageError({ what: 'more than one form is asked for', expected: 'one of --html, --markdown, --json' })
  }
  if (ids.length === 1) throw usageError({ what: `"${ids[0]}" is the only run that is given`, expected })
  const limit = options.rows === undefined ? 5 : wholeNumber('--rows', options.rows, 0)
  const database = await openDatabase({ threads, memory })
  const store = await openStore(database, { folder })
  const runs = ids.map((id) => findRun(runsFolder(store), id))
  assertDifferent(runs)
  const text = await formOf(await sideBySide(database, runs, limit), options, json)
  database.close()
  const file = options.output ?? (options.html === true ? 'compare.html' : null)
  if (file === null) io.out(text)
  else write(file, text, io)
}

function assertDifferent(runs: readonly RunFolder[]): void {
  const twice = runs.find(({ id }, at) => runs.slice(0, at).some((other) => other.id === id))
  if (twice !== undefined) throw usageError({ what: `the run "${twice.id}" is given twice`, expected })
}

async function formOf(found: SideBySide, { html, markdown }: Options, json: boolean): Promise<string> {
  if (json) return `${JSON.stringify(found, null, 2)}\n`
  if (markdown === true) return sideBySideMarkdown(found)
  if (html !== true) return sideBySideText(found)
  const { sideBySidePage } = await import('../comparison/side-by-side-page.js')
  return sideBySidePage(found)
}

function write(file: string, text: string, io: Io): void {
  try {
    writeFileSync(file, text)
  } catch (error) {
    throw fileError(error, file)
  }
  io.out(`${file}\n`)
}
