import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { PartitionRows } from '../../src/store/write-bars.js'

/** Makes an empty folder that is removed when the test has ended. */
export function emptyFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'dgas-store-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** Returns the files below a folder with their contents. */
export function contents(folder: string): Record<string, string> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  const files = entries.map((entry) => join(entry.parentPath, entry.name)).sort()
  return Object.fromEntries(files.map((file) => [file.slice(folder.length + 1), readFileSync(file, 'base64')]))
}

/** Returns daily bars `[symbol, session_date, close]` as the rows of a partition. */
export function partition(key: string, bars: readonly (readonly [string, string, number])[]): PartitionRows {
  const values = bars.map(([symbol, date, close]) => `('${symbol}', date '${date}', ${close}::double)`)
  const rows = `
    select symbol, 'XNYS' as exchange, day::timestamp as bar_at, day + interval 21 hour as closed_at, day as session_date,
      close as open, close as high, close as low, close, 1::double as volume
    from (values ${values.join(', ')}) as t(symbol, day, close)`
  return { key, rows }
}

/** Yields partitions as writeBars takes them; a function among them runs in its turn. */
export async function* each(...items: (PartitionRows | (() => void))[]): AsyncGenerator<PartitionRows> {
  for (const item of items) {
    await Promise.resolve()
    if (typeof item === 'function') item()
    else yield item
  }
}
