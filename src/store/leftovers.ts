import { existsSync, readdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Manifest, RetiredFile } from './manifest.js'

/** How long a replaced file stays for readers that listed it before: a run must have read its bars within this time. */
const graceMs = 24 * 60 * 60 * 1000

/** Parts retired files into those that no reader can need any more and the others. */
export function splitExpired(retired: readonly RetiredFile[], now: Date): [expired: RetiredFile[], kept: RetiredFile[]] {
  const isExpired = ({ retired_at }: RetiredFile) => now.getTime() - Date.parse(retired_at) > graceMs
  return [retired.filter(isExpired), retired.filter((file) => !isExpired(file))]
}

/** Returns the files below a timeframe's folder that its manifest does not name: those of a writer that was killed. */
export function leftovers(folder: string, { partitions, retired }: Manifest): string[] {
  const named = new Set([...Object.values(partitions), ...retired].map(({ file }) => file))
  return filesBelow(folder).filter((file) => !named.has(file) && file !== 'manifest.json')
}

/** Deletes the files that the manifest does not name. Only the holder of the store's lock may do so. */
export function removeLeftovers(folder: string, manifest: Manifest): void {
  for (const file of leftovers(folder, manifest)) rmSync(join(folder, file), { force: true })
}

function filesBelow(folder: string): string[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name)
    return statSync(path).isDirectory() ? readdirSync(path).map((file) => join(name, file)) : [name]
  })
}
