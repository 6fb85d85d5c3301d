import { closeSync, existsSync, mkdirSync, openSync, readdirSync, readFileSync, readSync, renameSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import { fileError, writeDurably } from './files.js'
import { cacheFolder, type Store } from './layout.js'

/** A Parquet file of cached columns. */
export interface CachedFile {
  /** Its name in the folder of the entry. */
  file: string
  bytes: number
  /** CRC-32 of its content: a changed byte may leave values that can be read, and are others. */
  checksum: number
  /** The symbols of which it has all bars up to `to`. */
  symbols: string[]
}

/** Columns of a relation that a run has computed and left in the store for others. */
export interface CachedColumns {
  /** Of what computed them: versions and a hash of the models. */
  program: string
  /** Of what they were computed from: bars, calendars and parameters. */
  data: string
  /** Last session of the bars, ISO; null: all. */
  to: string | null
  /** Words that may be columns of the relation. */
  names: string[]
  /** Those of them that runs have asked for. */
  asked: string[]
  /** The columns besides symbol, bar_at and session_date. */
  columns: string[]
  files: CachedFile[]
}

/** Returns the folder of the cached columns `name`, of which the second part, between dashes, is a timeframe; it need not exist. */
export function cachedFolder(store: Store, name: string): string {
  return join(cacheFolder(store), name)
}

/** Returns what a folder of cached columns holds; null when there is nothing, or something else than was written. */
export function readCached(folder: string): CachedColumns | null {
  const cached = readManifest(folder)
  return cached?.files.every((file) => isThere(folder, file)) === true ? cached : null
}

/** Whether a folder holds a file, in full length. */
export function isThere(folder: string, { file, bytes }: CachedFile): boolean {
  return statSync(join(folder, file), { throwIfNoEntry: false })?.size === bytes
}

/** Whether a folder holds a file with the content that was written. */
export function isIntact(folder: string, { file, checksum }: CachedFile): boolean {
  try {
    return contentOf(join(folder, file)).checksum === checksum
  } catch {
    return false
  }
}

/** Returns size and CRC-32 of a file. */
export function contentOf(path: string): Pick<CachedFile, 'bytes' | 'checksum'> {
  const descriptor = openSync(path, 'r')
  try {
    const buffer = Buffer.allocUnsafe(1 << 20)
    let [bytes, checksum] = [0, 0]
    for (let read = readSync(descriptor, buffer); read > 0; read = readSync(descriptor, buffer)) {
      checksum = crc32(buffer.subarray(0, read), checksum)
      bytes += read
    }
    return { bytes, checksum }
  } finally {
    closeSync(descriptor)
  }
}

/** Returns what the manifest in a folder says; null without one that can be understood: then all is computed anew. */
function readManifest(folder: string): CachedColumns | null {
  try {
    const { format, ...cached } = JSON.parse(readFileSync(manifestFile(folder), 'utf8')) as CachedColumns & { format: number }
    const { names, asked, columns, files } = cached
    const lists = [names, asked, columns, files, ...files.map(({ symbols }) => symbols)]
    return format === 1 && lists.every((list) => Array.isArray(list)) ? cached : null
  } catch {
    return null
  }
}

/** Deletes what a folder holds, unless it is something else than `cached` by now, or cannot be deleted. */
export function dropCached(folder: string, cached: CachedColumns): void {
  const present = readManifest(folder)
  if (JSON.stringify(present?.files) !== JSON.stringify(cached.files)) return
  try {
    rmSync(folder, { recursive: true, force: true })
  } catch {
    // it is as unreadable to the next run
  }
}

/** Deletes cached columns of a timeframe that are of other data, or were computed by another program, than these are. */
export function dropOutdated(store: Store, timeframe: string, { program, data }: Pick<CachedColumns, 'program' | 'data'>): void {
  const folder = cacheFolder(store)
  for (const name of existsSync(folder) ? readdirSync(folder) : []) {
    if (name.split('-')[1] !== timeframe) continue
    const cached = readManifest(cachedFolder(store, name))
    if (cached !== null && (cached.program !== program || cached.data !== data)) dropCached(cachedFolder(store, name), cached)
  }
}

/** Returns the folder in which new files of cached columns are made: `putCached` moves them. `maker` names who makes them in this process. */
export function newCachedFiles(folder: string, maker: string): string {
  const made = `${folder}.${maker}.${process.pid}.tmp`
  try {
    mkdirSync(made, { recursive: true })
    return made
  } catch (error) {
    throw fileError(error, made)
  }
}

/**
 * Makes new files, in the folder `made`, and what is said of them the content of a folder of cached columns, in one step; files
 * that are not named are deleted. Who reads one of these computes what it held.
 */
export function putCached(folder: string, made: string, cached: CachedColumns): void {
  try {
    mkdirSync(folder, { recursive: true })
    for (const file of readdirSync(made)) renameSync(join(made, file), join(folder, file))
    writeDurably(manifestFile(folder), `${JSON.stringify({ format: 1, ...cached })}\n`)
  } catch (error) {
    throw fileError(error, folder)
  }
  const named = new Set([manifestFile(folder), ...cached.files.map(({ file }) => join(folder, file))])
  const others = readdirSync(folder).map((file) => join(folder, file)).filter((path) => !named.has(path))
  for (const path of [made, ...others]) rmSync(path, { recursive: true, force: true })
}

function manifestFile(folder: string): string {
  return join(folder, 'manifest.json')
}
