import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DgasError } from '../errors.js'
import { fileError, writeDurably } from './files.js'

/** The Parquet file that holds a partition. */
export interface Partition {
  /** Path below the timeframe's folder, such as `month=2026-01/000003.parquet`. */
  file: string
  rows: number
  /** A hash of all values, independent of the order of rows and of how the file was written. */
  data_hash: string
}

/** A file that no partition needs any more; it stays for a while for readers that listed it before. */
export interface RetiredFile {
  file: string
  /** ISO time. */
  retired_at: string
}

/**
 * What a timeframe of the store consists of. Replacing this one file is what makes an import visible, all of it at once;
 * files that it does not name are not part of the store.
 */
export interface Manifest {
  format: 1
  /** Counts the imports. */
  generation: number
  exchanges: string[]
  symbols: string[]
  /** By key such as `month=2026-01` or `year=2026`, sorted. */
  partitions: Record<string, Partition>
  retired: RetiredFile[]
}

/** The manifest of a timeframe that holds nothing. */
export const emptyManifest: Manifest = {
  format: 1,
  generation: 0,
  exchanges: [],
  symbols: [],
  partitions: {},
  retired: [],
}

/** Returns the manifest in a timeframe's folder, an empty one when there is none. Throws a `DgasError` for a damaged one. */
export function readManifest(timeframeFolder: string): Manifest {
  const file = manifestFile(timeframeFolder)
  const text = readIfThere(file)
  if (text === null) return emptyManifest
  const manifest = parse(text)
  if (manifest?.format === 1) return manifest as Manifest
  throw new DgasError({ what: 'this is no manifest of bars that this version can read', where: file })
}

/** Replaces the manifest of a timeframe in one step. */
export function writeManifest(timeframeFolder: string, manifest: Manifest): void {
  mkdirSync(timeframeFolder, { recursive: true })
  const partitions = Object.fromEntries(Object.entries(manifest.partitions).sort(([a], [b]) => (a < b ? -1 : 1)))
  writeDurably(manifestFile(timeframeFolder), `${JSON.stringify({ ...manifest, partitions }, null, 1)}\n`)
}

function manifestFile(timeframeFolder: string): string {
  return join(timeframeFolder, 'manifest.json')
}

function readIfThere(file: string): string | null {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw fileError(error, file)
  }
}

function parse(text: string): Partial<Manifest> | null {
  try {
    return JSON.parse(text) as Partial<Manifest>
  } catch {
    return null
  }
}
