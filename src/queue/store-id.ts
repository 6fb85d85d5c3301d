import { randomUUID } from 'node:crypto'
import { linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DgasError } from '../errors.js'
import { fileError } from '../store/files.js'
import type { Store } from '../store/layout.js'

/**
 * Returns what all machines call a store, wherever each has it mounted: an id that the first one that asks writes into the
 * store. Throws a `DgasError` when it can be neither read nor written.
 */
export function storeId({ folder }: Store): string {
  const file = join(folder, 'queue.json')
  const mine = `${file}.${process.pid}.tmp`
  try {
    const known = readId(file)
    if (known !== null) return known
    writeFileSync(mine, `${JSON.stringify({ store_id: randomUUID() })}\n`)
    linkUnlessThere(mine, file)
    return readId(file)!
  } catch (error) {
    throw fileError(error, file)
  } finally {
    rmSync(mine, { force: true })
  }
}

function readId(file: string): string | null {
  let text
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
  const id = /"store_id": *"([\w-]+)"/.exec(text)?.[1]
  if (id !== undefined) return id
  throw new DgasError({ what: 'the id of the store cannot be read', where: file, expected: 'a line such as {"store_id":"…"}, or no such file' })
}

/** A link appears whole, and for one process only. */
function linkUnlessThere(from: string, to: string): void {
  try {
    linkSync(from, to)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
}
