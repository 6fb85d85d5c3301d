import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { main } from '../../src/cli.js'
import { openDatabase } from '../../src/database/database.js'
import type { ImportReport } from '../../src/import/report.js'
import { storeAt, storedBarsSql, storedTimeframes, type Store } from '../../src/store/layout.js'

/** What a command did. */
export interface Outcome {
  code: number
  out: string
  err: string
}

/** A folder of its own for one test, with an empty store in it. */
export interface Room {
  store: Store
  /** Writes a file and returns its path. */
  file: (name: string, text: string) => string
  /** Writes the rows of a query to a Parquet file and returns its path. */
  parquet: (name: string, sql: string) => Promise<string>
  /** Runs `dgas --store … import …`. */
  run: (...args: string[]) => Promise<Outcome>
  /** Imports and returns the report; throws with what the command printed when it fails. */
  report: (...args: string[]) => Promise<ImportReport>
  /** Imports a CSV of these lines and returns the report. */
  csv: (lines: readonly string[], ...args: string[]) => Promise<ImportReport>
  /** The stored bars of a timeframe, each as its values joined by blanks. */
  bars: (timeframe: string, columns?: string) => Promise<string[]>
  /** The rows of a query on nothing but files. */
  rows: (sql: string) => Promise<Record<string, unknown>[]>
}

/** The clock of every import in a test. */
export const clock = new Date('2026-07-01T12:00:00Z')

/** Makes a room that is removed when the test has ended. */
export function room(): Room {
  const folder = mkdtempSync(join(tmpdir(), 'dgas-import-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const store = storeAt(join(folder, 'store'))
  const file = (name: string, text: string) => {
    writeFileSync(join(folder, name), text)
    return join(folder, name)
  }
  const run = (...args: string[]) => runCommand('--store', store.folder, 'import', ...args)
  const report = async (...args: string[]) => {
    const outcome = await run(...args, '--json')
    if (outcome.code !== 0) throw new Error(outcome.err)
    return JSON.parse(outcome.out) as ImportReport
  }
  return {
    store,
    file,
    parquet: async (name, sql) => {
      await query(`copy (${sql}) to '${join(folder, name)}' (format parquet)`)
      return join(folder, name)
    },
    run,
    report,
    csv: (lines, ...args) => report(file('bars.csv', `${lines.join('\n')}\n`), ...args),
    bars: async (timeframe, columns = 'symbol, bar_at, open, high, low, close, volume') => {
      if (!storedTimeframes(store).includes(timeframe)) return []
      const sql = `select concat_ws(' ', ${columns}) as bar from (${storedBarsSql(store, timeframe)}) order by symbol, bar_at`
      return (await query(sql)).map(({ bar }) => bar as string)
    },
    rows: query,
  }
}

/** Runs a command line in this process. */
export async function runCommand(...argv: string[]): Promise<Outcome> {
  let out = ''
  let err = ''
  const code = await main(argv, {
    out: (text) => void (out += text),
    err: (text) => void (err += text),
    input: () => Promise.resolve(''),
    env: {},
    now: () => clock,
    isTerminal: false,
    isErrorTerminal: false,
    columns: 120,
  })
  return { code, out, err }
}

/** The rejected rows that a report names: row or line, reason, and what was given. */
export function rejects(report: ImportReport): string[] {
  if (report.rejects_file === null) return []
  const [, ...lines] = readFileSync(report.rejects_file, 'utf8').trimEnd().split('\n')
  return lines.map((line) => line.slice(line.indexOf('csv,') + 4))
}

async function query(sql: string): Promise<Record<string, unknown>[]> {
  const database = await openDatabase()
  try {
    return await database.rows(sql)
  } finally {
    database.close()
  }
}
