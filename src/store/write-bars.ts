import { rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Database } from '../database/database.js'
import { fileError } from './files.js'
import { timeframeFolder, type Store } from './layout.js'
import { removeLeftovers, splitExpired } from './leftovers.js'
import { readManifest, writeManifest, type Manifest } from './manifest.js'
import { checkPartitionFile, storedSql, writePartitionFile } from './partition-file.js'

/** New bars of one partition. */
export interface PartitionRows {
  /** Such as `month=2026-01` or `year=2026`, of the session date. */
  key: string
  /** A query of `barColumns`, unique in symbol and bar_at; valid until the next partition is asked for. */
  rows: string
}

/** What writing did. */
export interface WriteCounts {
  /** Bars given. */
  written: number
  /** Of these, bars that took the place of a stored one. */
  replaced: number
}

/**
 * Brings bars into a timeframe of the store: each replaces the stored bar of its symbol and `bar_at`. All partitions become
 * visible together, in the one step that replaces the manifest; when anything fails before it, nothing has changed.
 * The caller holds the store's lock.
 */
export async function writeBars(
  database: Database,
  store: Store,
  timeframe: string,
  partitions: AsyncIterable<PartitionRows>,
  now: Date,
): Promise<WriteCounts> {
  const folder = timeframeFolder(store, timeframe)
  const manifest = readManifest(folder)
  removeLeftovers(folder, manifest)
  const next: Manifest = { ...structuredClone(manifest), generation: manifest.generation + 1 }
  const counts = { written: 0, replaced: 0 }
  try {
    for await (const partition of partitions) await writePartition(database, folder, next, partition, counts, now)
    commit(folder, manifest, next, now)
  } catch (error) {
    removeLeftovers(folder, readManifest(folder))
    throw fileError(error, folder)
  }
  return counts
}

async function writePartition(
  database: Database,
  folder: string,
  next: Manifest,
  { key, rows }: PartitionRows,
  counts: WriteCounts,
  now: Date,
): Promise<void> {
  const present = Object.hasOwn(next.partitions, key) ? next.partitions[key] : undefined
  const stored = present === undefined ? null : join(folder, present.file)
  const file = join(key, `${String(next.generation).padStart(6, '0')}.parquet`)
  const content = await merge(database, rows, stored, join(folder, file), counts)
  await addNames(database, rows, next)
  if (content.data_hash === present?.data_hash) {
    rmSync(join(folder, file))
    return
  }
  if (present !== undefined) next.retired.push({ file: present.file, retired_at: now.toISOString() })
  next.partitions[key] = { file, ...content }
}

async function merge(database: Database, rows: string, stored: string | null, file: string, counts: WriteCounts) {
  if (stored === null) {
    const content = await writePartitionFile(database, rows, file)
    counts.written += content.rows
    return content
  }
  try {
    counts.written += await count(database, rows)
    counts.replaced += await count(database, `${storedSql([stored])} semi join (${rows}) using (symbol, bar_at)`)
    const kept = `${storedSql([stored])} anti join (${rows}) using (symbol, bar_at)`
    return await writePartitionFile(database, `${rows} union all ${kept}`, file)
  } catch (error) {
    await checkPartitionFile(database, stored)
    throw error
  }
}

async function count(database: Database, sql: string): Promise<number> {
  return Number(await database.value(`select count(*) from (${sql})`))
}

async function addNames(database: Database, rows: string, next: Manifest): Promise<void> {
  const pairs = await database.rows<{ symbol: string; exchange: string }>(`select distinct symbol, exchange from (${rows})`)
  next.symbols = [...new Set([...next.symbols, ...pairs.map(({ symbol }) => symbol)])].sort()
  next.exchanges = [...new Set([...next.exchanges, ...pairs.map(({ exchange }) => exchange)])].sort()
}

/** The point of no return is the renaming of the manifest; what it no longer names is deleted after it. */
function commit(folder: string, manifest: Manifest, next: Manifest, now: Date): void {
  const before = new Set(Object.values(manifest.partitions).map(({ file }) => file))
  const isUnchanged = Object.values(next.partitions).every(({ file }) => before.has(file))
  const [expired, retired] = splitExpired(next.retired, now)
  if (isUnchanged && expired.length === 0) return
  writeManifest(folder, { ...next, retired })
  for (const { file } of expired) rmSync(join(folder, file), { force: true })
}
