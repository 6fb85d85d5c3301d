import { createHash } from 'node:crypto'
import { existsSync, realpathSync, statSync, type Stats } from 'node:fs'
import { join, resolve } from 'node:path'
import { usageError } from '../errors.js'
import { fileError } from './files.js'
import { readManifest } from './manifest.js'
import { storedSql } from './partition-file.js'
import { timeframes } from './timeframe.js'

/** A folder with bars, instruments, corporate actions, universes and runs. */
export interface Store {
  /** Absolute path. */
  folder: string
  /** Whether this is the built-in synthetic store. */
  isSample: boolean
}

/**
 * Returns the store in a folder, default `data` of the working directory, whether it exists or not. Throws a usage error when
 * something else than a folder is there.
 */
export function storeAt(folder = 'data'): Store {
  const path = resolve(folder)
  if (statOf(path)?.isDirectory() === false) {
    throw usageError({ what: 'this is no folder', where: path, expected: 'the folder of a store, or none yet' })
  }
  return { folder: path, isSample: false }
}

function statOf(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false })
  } catch (error) {
    throw fileError(error, path)
  }
}

/** Returns the names of the timeframes that the store holds bars of, finest first. */
export function storedTimeframes(store: Store): string[] {
  const names = timeframes.map(({ name }) => name)
  return names.filter((name) => Object.keys(readManifest(timeframeFolder(store, name)).partitions).length > 0)
}

/** Returns the absolute paths of the Parquet files of a timeframe, oldest partition first; none when it is not stored. */
export function barFiles(store: Store, timeframe: string): string[] {
  const folder = timeframeFolder(store, timeframe)
  return Object.values(readManifest(folder).partitions).map(({ file }) => join(folder, file))
}

/** Returns SQL of the stored bars of a timeframe: symbol, exchange, bar_at … volume. */
export function storedBarsSql(store: Store, timeframe: string): string {
  return storedSql(barFiles(store, timeframe))
}

/** Returns the symbols that have bars of a stored timeframe, sorted. */
export function storedSymbols(store: Store, timeframe: string): string[] {
  return readManifest(timeframeFolder(store, timeframe)).symbols
}

/**
 * Returns a hash of all bars of the given timeframes, and of a text about other data: equal for equal data, wherever and in
 * however many imports it came.
 */
export function dataFingerprint(store: Store, names: readonly string[], others = ''): string {
  const hash = createHash('sha256')
  for (const name of names) {
    const { partitions } = readManifest(timeframeFolder(store, name))
    for (const [key, { rows, data_hash }] of Object.entries(partitions)) hash.update(`${name} ${key} ${rows} ${data_hash}\n`)
  }
  return hash.update(others).digest('hex')
}

/** The folder of a timeframe's bars. */
export function timeframeFolder({ folder }: Store, timeframe: string): string {
  return join(folder, 'bars', `timeframe=${timeframe}`)
}

/** The Parquet file of instruments; it need not exist. */
export function instrumentsFile({ folder }: Store): string {
  return join(folder, 'instruments.parquet')
}

/** The Parquet file of splits and dividends; it need not exist. */
export function actionsFile({ folder }: Store): string {
  return join(folder, 'actions.parquet')
}

/** The folder of named universes; it need not exist. */
export function universesFolder({ folder }: Store): string {
  return join(folder, 'universes')
}

/** The lock that a writer of bars, instruments or corporate actions holds. */
export function lockFile({ folder }: Store): string {
  return join(folder, 'write.lock')
}

/** The folder of calendar files; it need not exist. */
export function calendarsFolder({ folder }: Store): string {
  return join(folder, 'calendars')
}

/** The folder of what runs have computed and others may read; it need not exist, and may be deleted at any time. */
export function cacheFolder({ folder }: Store): string {
  return join(folder, 'cache')
}

/** The folder of runs; it need not exist. */
export function runsFolder({ folder }: Store): string {
  return join(folder, 'runs')
}

/** The folder of the reports of imports; it need not exist. */
export function importsFolder({ folder }: Store): string {
  return join(folder, 'imports')
}

/** The folder of the sample store that belongs to a store without bars. */
export function sampleFolder({ folder }: Store): string {
  return join(folder, 'sample')
}

/** Returns the folder of the store, and where its parts lie when they are links to other disks. */
export function storeFolders(store: Store): string[] {
  const parts = [store.folder, join(store.folder, 'bars'), cacheFolder(store), runsFolder(store)].filter((path) => existsSync(path))
  return [...new Set([store.folder, ...parts.map((path) => realpathSync(path))])]
}
