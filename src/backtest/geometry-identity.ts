import { createHash } from 'node:crypto'
import { statSync } from 'node:fs'
import { duckdbVersion } from '../database/database.js'
import { modelsHash } from '../models/model.js'
import { geometryParameters } from '../models/parameters.js'
import { readCalendar } from '../store/calendar.js'
import { sourceTimeframes } from '../store/coverage.js'
import { dataFingerprint, timeframeFolder, type Store } from '../store/layout.js'
import { readManifest, type Manifest } from '../store/manifest.js'
import { packageVersion } from '../version.js'
import type { BacktestConfig } from './config.js'
import type { SourceFiles } from './source-files.js'

/** What computed columns, and of what; both as texts that can only be compared. */
export interface GeometryIdentity {
  program: string
  data: string
}

/** Returns the identity of what is computed here and now of the bars in `files`. */
export function identityOf(store: Store, config: BacktestConfig, files: SourceFiles): GeometryIdentity {
  const program = [packageVersion(), duckdbVersion(), modelsHash()].join(' ')
  const frames = sourceTimeframes(store, config.timeframe)
  const exchanges = new Set(manifestsOf(store, config).flatMap((manifest) => manifest.exchanges))
  const calendars = [...exchanges].sort().map((exchange) => readCalendar(store, exchange))
  // a file that somebody has changed by hand has changed no manifest
  const stamps = frames.flatMap((frame) => files.get(frame) ?? []).map((file) => {
    const status = statSync(file, { throwIfNoEntry: false })
    return [file.slice(store.folder.length), status?.size, status?.mtimeMs]
  })
  return { program, data: dataFingerprint(store, frames.map(({ name }) => name), JSON.stringify([calendars, stamps])) }
}

/** Whether the data in `files` are still those of which was computed. */
export function isStillOf({ data }: GeometryIdentity, store: Store, config: BacktestConfig, files: SourceFiles): boolean {
  try {
    return identityOf(store, config, files).data === data
  } catch {
    return false
  }
}

/** Returns a name for the columns of a relation, made of all that they depend on besides data and program. */
export function entryName(relation: string, { timeframe, higher, ...geometry }: BacktestConfig): string {
  const frames = relation === 'context' ? higher.map(({ name }) => name) : []
  const hash = createHash('sha256').update(JSON.stringify(geometryParameters(geometry))).digest('hex')
  return [relation, timeframe.name, ...frames, hash.slice(0, 8)].join('-')
}

/** Returns about how many stored bars those of `symbols` are made of. */
export function storedBarCount(store: Store, config: BacktestConfig, symbols: readonly string[]): number {
  const manifests = manifestsOf(store, config)
  const partitions = manifests.flatMap((manifest) => Object.values(manifest.partitions))
  const stored = new Set(manifests.flatMap((manifest) => manifest.symbols))
  const share = symbols.filter((symbol) => stored.has(symbol)).length / Math.max(1, stored.size)
  return share * partitions.reduce((sum, { rows }) => sum + rows, 0)
}

function manifestsOf(store: Store, { timeframe }: BacktestConfig): Manifest[] {
  return sourceTimeframes(store, timeframe).map(({ name }) => readManifest(timeframeFolder(store, name)))
}
