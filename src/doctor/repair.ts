import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import type { Database } from '../database/database.js'
import { fileError } from '../store/files.js'
import { lockFile, timeframeFolder, type Store } from '../store/layout.js'
import { readOwner, withLock } from '../store/lock.js'
import { readManifest, writeManifest } from '../store/manifest.js'
import { storedSql } from '../store/partition-file.js'
import type { Finding, Repair } from './finding.js'

type SetAside = Extract<Repair, { kind: 'set_aside' }>

/**
 * Removes what crashes left behind and sets damaged files aside, into a folder `damaged/<time>` of the store with a note.
 * Returns what was done, one sentence each. Throws a `DgasError` when another process writes the store.
 */
export async function repairStore(database: Database, store: Store, findings: readonly Finding[], now: Date): Promise<string[]> {
  const repairs = findings.flatMap((finding) => finding.repairs)
  if (repairs.length === 0) return []
  const lock = lockFile(store)
  if (existsSync(lock) && readOwner(lock) === null) rmSync(lock)
  // a dead owner's lock is taken over and gone afterwards
  return withLock(lock, now, async () => {
    try {
      const removed = repairs.filter((repair) => repair.kind === 'remove').map(({ path }) => remove(path, store))
      const aside = repairs.filter((repair) => repair.kind === 'set_aside')
      return aside.length === 0 ? removed : [...removed, ...await setAside(database, store, aside, now)]
    } catch (error) {
      throw fileError(error, store.folder)
    }
  })
}

function remove(path: string, store: Store): string {
  // the lock has been taken over by now, and is removed when the work is done
  if (path !== lockFile(store)) rmSync(path, { recursive: true, force: true })
  return `removed ${path}`
}

/** Moves damaged files away first: killed after that, the next repair finds them missing and goes on. */
async function setAside(database: Database, store: Store, repairs: readonly SetAside[], now: Date): Promise<string[]> {
  const folder = join(store.folder, 'damaged', now.toISOString().slice(0, 19).replaceAll(':', '-'))
  mkdirSync(folder, { recursive: true })
  const done = repairs.map(({ file, reason }) => `${moved(store, folder, file)}: ${reason}`)
  const names = new Set(repairs.flatMap(({ partition }) => (partition === null ? [] : [partition.timeframe])))
  for (const name of names) await forget(database, store, name, repairs, folder)
  writeFileSync(join(folder, 'note.txt'), `${note}\n${done.join('\n')}\n`)
  return done
}

const note = `Set aside by dgas doctor --repair because they could not be read. Nothing in the store needs this folder.
manifest-*.json are the lists of files of bars as they were before.
`

function moved(store: Store, folder: string, file: string): string {
  if (!existsSync(file)) return `no longer expected ${file}`
  const to = join(folder, relative(store.folder, file))
  mkdirSync(dirname(to), { recursive: true })
  renameSync(file, to)
  return `set aside ${file} as ${to}`
}

/** Takes damaged partitions out of the manifest of a timeframe, whose other bars can then be read again. */
async function forget(database: Database, store: Store, name: string, repairs: readonly SetAside[], folder: string): Promise<void> {
  const bars = timeframeFolder(store, name)
  const manifest = readManifest(bars)
  writeFileSync(join(folder, `manifest-${name}.json`), `${JSON.stringify(manifest, null, 1)}\n`)
  const lost = repairs.flatMap(({ partition }) => (partition?.timeframe === name ? [partition.key] : []))
  const partitions = Object.fromEntries(Object.entries(manifest.partitions).filter(([key]) => !lost.includes(key)))
  const left = await namesIn(database, Object.values(partitions).map(({ file }) => join(bars, file)))
  writeManifest(bars, { ...manifest, ...left, generation: manifest.generation + 1, partitions })
}

async function namesIn(database: Database, files: readonly string[]): Promise<{ symbols: string[]; exchanges: string[] }> {
  if (files.length === 0) return { symbols: [], exchanges: [] }
  const pairs = await database.rows<{ symbol: string; exchange: string }>(`select distinct symbol, exchange from (${storedSql(files)})`)
  const distinct = (name: 'symbol' | 'exchange') => [...new Set(pairs.map((pair) => pair[name]))].sort()
  return { symbols: distinct('symbol'), exchanges: distinct('exchange') }
}
