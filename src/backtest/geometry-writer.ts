import { randomUUID } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Database } from '../database/database.js'
import { identifier, literal } from '../database/quote.js'
import { fileError } from '../store/files.js'
import { contentOf, isThere, newCachedFiles, putCached, type CachedColumns, type CachedFile } from '../store/geometry-files.js'
import { plainFault } from './faults.js'

/** A table of consecutive symbols and the file that is made of it. */
interface Part {
  table: string
  file: string
  symbols: readonly string[]
}

/** Writes the tables that a run computes of a relation into files, beside the run, and makes them part of the store at its end. */
export class GeometryWriter {
  readonly #database: Database
  readonly #relation: string
  readonly #folder: string
  readonly #parts: Part[] = []
  readonly #written = new Set<string>()
  readonly #prefix = randomUUID().slice(0, 8)
  #made: string | null = null
  #before: Promise<void> = Promise.resolve()
  #writing: Promise<void> = Promise.resolve()
  #fault: Error | null = null
  #isStopped = false
  #isPut = false

  /** Writes tables of `relation` for the folder `folder`, by a connection that it closes. */
  constructor(database: Database, relation: string, folder: string) {
    this.#database = database
    this.#relation = relation
    this.#folder = folder
  }

  /** Returns the name of a table for the columns of some symbols, which is to be made and then given to `write`. */
  table(): string {
    return `cached.${identifier(`${this.#relation}_${this.#parts.length}`)}`
  }

  /** Begins to write the table that `table` has named, and drops it then. Symbols that were computed again are written once. */
  write(symbols: readonly string[]): void {
    if (symbols.every((symbol) => this.#written.has(symbol))) return
    for (const symbol of symbols) this.#written.add(symbol)
    const part = { table: this.table(), file: `${this.#prefix}-${this.#parts.length}.parquet`, symbols }
    this.#parts.push(part)
    this.#before = this.#writing
    this.#writing = this.#writing.then(() => this.#writePart(part))
  }

  /** Waits until all tables but the last are written, so that they do not pile up. */
  async room(): Promise<void> {
    await this.#before
  }

  /** Writes nothing more, and makes nothing part of the store. */
  stop(): void {
    this.#isStopped = true
  }

  /**
   * Makes what was written part of the store, beside those of `others` that hold other symbols, if all of `symbols` were written.
   * Returns why it could not be written, or null.
   */
  async finish(content: Omit<CachedColumns, 'files'>, symbols: readonly string[], others: readonly CachedFile[]): Promise<string | null> {
    await this.#writing
    const [made, written] = [this.#made, this.#written]
    if (this.#fault !== null) return this.#fault.message
    if (this.#isStopped || made === null || symbols.some((symbol) => !written.has(symbol))) return null
    try {
      const files = this.#parts.map(({ file, symbols: own }) => ({ file, ...contentOf(join(made, file)), symbols: [...own] }))
      const kept = others.filter((other) => isThere(this.#folder, other) && !other.symbols.some((symbol) => written.has(symbol)))
      putCached(this.#folder, made, { ...content, files: [...kept, ...files] })
      this.#isPut = true
      return null
    } catch (error) {
      // anybody may delete the folder at any time
      return (fileError(error, made) as Error).message
    }
  }

  /** Whether what was written has become part of the store. */
  isPut(): boolean {
    return this.#isPut
  }

  /** Waits for what is under way, and removes what has not become part of the store. */
  async close(): Promise<void> {
    this.stop()
    await this.#writing
    this.#database.close()
    await this.#remove()
  }

  /** What cannot be removed is no reason to fail: dgas doctor finds it. */
  async #remove(): Promise<void> {
    if (this.#made !== null) await rm(this.#made, { recursive: true, force: true }).catch(() => undefined)
  }

  async #writePart({ table, file }: Part): Promise<void> {
    try {
      if (this.#fault === null && !this.#isStopped) {
        this.#made ??= newCachedFiles(this.#folder, this.#prefix)
        const target = literal(join(this.#made, file))
        await this.#database.run(`copy ${table} to ${target} (format parquet, compression snappy)`, { name: this.#folder })
      }
    } catch (error) {
      this.#fault ??= plainFault(error, this.#folder) as Error
      // the run itself may need the room
      await this.#remove()
    } finally {
      await this.#database.run(`drop table if exists ${table}`).catch(() => undefined)
    }
  }
}
