import { closeSync, openSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Database } from '../database/database.js'
import { fileError } from '../store/files.js'
import { scanLine } from './csv-line.js'
import { bare, longestRecord, recordAt, type FoundRecord, type RowForm } from './csv-record.js'
import { addShifts, addSifted, type Shift, type SiftedLine } from './malformed.js'
import type { Source } from './source.js'
import { hasQuote, linesOf, textBlocks } from './text-blocks.js'

/**
 * Does work with a source whose every quote is closed: text with a stray quote, behind which DuckDB would take everything for one
 * value, is copied to `folder` without the lines that are at fault, and those are noted. Text whose quotes are in order is left
 * where it is, and Parquet is not looked at.
 */
export async function withSifted<S extends Source>(
  database: Database,
  source: S,
  { folder, number }: { folder: string; number: number },
  work: (source: S) => Promise<void>,
): Promise<void> {
  if (source.delimiter === null || (await isSound(database, source.file, source.delimiter))) return work(source)
  const path = join(folder, `sifted-${number}.csv`)
  const form = { delimiter: source.delimiter, columns: source.columns.length }
  const hasLongRecords = await sift(database, { file: source.file, path, number, form })
  await work({ ...source, path, hasLongRecords })
  rmSync(path)
}

/** Returns whether every line with a quote in it is a record by itself; most texts have none, and need no more than a search for one. */
async function isSound(database: Database, file: string, delimiter: string): Promise<boolean> {
  if (!(await hasQuote(database, file))) return true
  const isWhole = (line: string) => {
    return line.length <= longestRecord && (!line.includes('"') || scanLine(bare(line), delimiter).fault === null)
  }
  // the header was read before, and may begin with a byte order mark
  let header = 1
  for await (const block of textBlocks(database, file)) {
    const isPlain = block.text.length <= longestRecord && !block.text.includes('"')
    if (!isPlain && !linesOf(block).slice(header).every(isWhole)) return false
    header = 0
  }
  return true
}

interface Sifting {
  file: string
  /** Where the records go. */
  path: string
  number: number
  form: RowForm
}

/** Returns whether there are records of several lines. */
async function sift(database: Database, { file, path, number, form }: Sifting): Promise<boolean> {
  const sieve = new Sieve(form)
  const descriptor = opened(path)
  try {
    let rest: string[] = []
    let newline = '\n'
    const pour = async (lines: string[], isEnd: boolean) => {
      const { records, taken } = sieve.take(lines, isEnd)
      write(descriptor, path, records.map((line) => line + newline).join(''))
      rest = lines.slice(taken)
      await addSifted(database, number, sieve.faulty.splice(0))
      await addShifts(database, number, sieve.shifts.splice(0))
    }
    for await (const block of textBlocks(database, file)) {
      newline = block.newline
      await pour([...rest, ...linesOf(block)], false)
    }
    await pour(rest, true)
    return sieve.hasLongRecords
  } finally {
    closeSync(descriptor)
  }
}

/** Goes through the lines of a file in their order and keeps count of them. */
class Sieve {
  /** Lines that are no records, since they were last taken away. */
  readonly faulty: SiftedLine[] = []
  readonly shifts: Shift[] = []
  hasLongRecords = false
  readonly #form: RowForm
  /** How many there were so far; a row is a record or a faulty line. */
  #lines = 0
  #rows = 0
  #records = 0
  #shift: Shift = { record: 0, rows: 0, lines: 1 }

  constructor(form: RowForm) {
    this.#form = form
  }

  /** Returns the lines of the records, and how many lines were taken: the last ones may need those that follow, unless `isEnd`. */
  take(lines: readonly string[], isEnd: boolean): { records: string[]; taken: number } {
    const records: string[] = []
    let at = 0
    if (this.#lines === 0 && lines.length > 0) {
      records.push(lines[at++])
      this.#lines = 1
    }
    while (at < lines.length) {
      if (bare(lines[at]) === '') {
        at += 1
        this.#lines += 1
        continue
      }
      const found = recordAt(lines, at, this.#form, isEnd)
      if (found === null) break
      if (found.fault === null) records.push(...lines.slice(at, at + found.lines))
      this.#count(found, lines[at])
      at += found.lines
    }
    return { records, taken: at }
  }

  #count({ lines, fault }: FoundRecord, first: string): void {
    this.#rows += 1
    if (fault === null) {
      this.#records += 1
      this.#noteShift()
      if (lines > 1) this.hasLongRecords = true
    } else this.faulty.push({ row: this.#rows, line: this.#lines + 1, reason: `malformed line: ${fault}`, bytes: bare(first) })
    this.#lines += lines
  }

  #noteShift(): void {
    const record = this.#records
    const shift = { record, rows: this.#rows - record, lines: this.#lines + 1 - record }
    if (shift.rows === this.#shift.rows && shift.lines === this.#shift.lines) return
    this.#shift = shift
    this.shifts.push(shift)
  }
}

function opened(path: string): number {
  try {
    return openSync(path, 'w')
  } catch (error) {
    throw fileError(error, path)
  }
}

function write(descriptor: number, path: string, text: string): void {
  try {
    writeFileSync(descriptor, text, 'latin1')
  } catch (error) {
    throw fileError(error, path)
  }
}
