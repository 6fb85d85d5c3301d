import { closeSync, existsSync, mkdirSync, openSync, readdirSync, readFileSync, readSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { HeldChanges } from '../metrics/holding.js'
import { fileError } from '../store/files.js'

/** A symbol that could not be simulated. */
export interface FailedSymbol {
  symbol: string
  reason: string
  stack: string | null
}

/** Returns what is recorded of a symbol that an error kept from being simulated. */
export function failedSymbol(symbol: string, error: unknown): FailedSymbol {
  if (!(error instanceof Error)) return { symbol, reason: String(error), stack: null }
  return { symbol, reason: error.message, stack: error.stack ?? null }
}

/** What is known of a finished batch: a row of the relation `batches`, and what the figures of the run need besides its rows. */
export interface BatchRecord {
  run_id: string
  batch: number
  /** Symbols that were computed, the failed ones not among them. */
  symbols: number
  first_symbol: string
  last_symbol: string
  bars: number
  /** ISO time. */
  started_at: string
  elapsed_ms: number
  /** Processor time of the process meanwhile, with what it did of other batches. */
  cpu_ms: number
  compute_ms: number
  /** Null for a shared account, which is simulated when all signals are there. */
  simulate_ms: number | null
  write_ms: number
  bars_per_second: number
  memory_bytes: number
  /** How often something was computed, and how often that failed. */
  attempts: number
  failures: number
  /** The process that did it, as `host:pid`. */
  worker: string
  /** Whether it took, by both measures, more than twice the time for each bar that the batches before it took. */
  is_degraded: boolean
  failed: FailedSymbol[]
  /** Declined signals by the codes of the reasons. */
  declined: number[]
  ledger_checks: number
  finer_bars: { ambiguous: number; resolved: number }
  held: HeldChanges
  /** Sizes of its files by their paths below the folder of the run. */
  files: Record<string, number>
}

/**
 * Names a part of a batch's rows; a batch has more than one only when it had to be halved. The names sort by batch and part.
 */
export function partName(batch: number, part = 0): string {
  const name = String(batch).padStart(5, '0')
  return part === 0 ? name : `${name}_${String(part).padStart(3, '0')}`
}

/** Writes the record of a batch whose files are all in their places: from then on the batch is finished. */
export function writeBatchRecord(folder: string, record: BatchRecord): void {
  const file = recordFile(folder, record.batch)
  try {
    mkdirSync(join(folder, 'batches'), { recursive: true })
    writeFileSync(`${file}.${process.pid}.tmp`, `${JSON.stringify(record)}\n`)
    renameSync(`${file}.${process.pid}.tmp`, file)
  } catch (error) {
    throw fileError(error, file)
  }
}

/** Returns the record of a batch when it is finished and its files are whole, else null. */
export function readBatchRecord(folder: string, batch: number): BatchRecord | null {
  const file = recordFile(folder, batch)
  if (!existsSync(file)) return null
  const record = parsed(readFileSync(file, 'utf8'))
  if (record === null) return null
  return Object.entries(record.files).every(([path, bytes]) => isWhole(join(folder, path), bytes)) ? record : null
}

/** Deletes rows that earlier attempts at a batch have left in the folders of `relations`, but not those in `files`. */
export function removeStale(folder: string, batch: number, relations: readonly string[], files: Readonly<Record<string, number>>): void {
  const name = partName(batch)
  for (const relation of relations) {
    if (!existsSync(join(folder, relation))) continue
    const own = readdirSync(join(folder, relation)).filter((file) => file.startsWith(`${name}.`) || file.startsWith(`${name}_`))
    const stale = own.filter((file) => file.endsWith('.parquet') && !(`${relation}/${file}` in files))
    for (const file of stale) rmSync(join(folder, relation, file), { force: true })
  }
}

/** Returns the sizes of files of a run by their paths below its folder. */
export function fileSizes(folder: string, paths: readonly string[]): Record<string, number> {
  return Object.fromEntries(paths.map((path) => [path, statSync(join(folder, path)).size]))
}

function recordFile(folder: string, batch: number): string {
  return join(folder, 'batches', `${partName(batch)}.json`)
}

function parsed(text: string): BatchRecord | null {
  try {
    const record = JSON.parse(text) as BatchRecord
    // JSON has no NaN
    const { dates, wholes, parts } = record.held
    const numbers = (values: (number | null)[]) => values.map((value) => value ?? NaN)
    return { ...record, held: { dates, wholes: numbers(wholes), parts: numbers(parts) } }
  } catch {
    return null
  }
}

/** After a power cut a file may be there that was never written to its end. */
function isWhole(file: string, bytes: number): boolean {
  if (!existsSync(file) || statSync(file).size !== bytes) return false
  const end = Buffer.alloc(4)
  const descriptor = openSync(file, 'r')
  try {
    readSync(descriptor, end, 0, 4, bytes - 4)
  } finally {
    closeSync(descriptor)
  }
  return end.toString('latin1') === 'PAR1'
}
