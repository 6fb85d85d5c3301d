import { closeSync, openSync, realpathSync, rmSync, statSync, writeSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { DgasError } from '../errors.js'
import { fileError, moveDurably } from '../store/files.js'

/** A file that appears as a whole when it is finished, or not at all. */
export interface WholeFile {
  /** Where it is written, beside its place. */
  beside: string
  write: (content: string | Uint8Array) => void
  finish: () => void
  /** Leaves nothing behind; after `finish` it does nothing. */
  abandon: () => void
}

/** Begins a file. Throws a `DgasError` at once when it cannot be written there. */
export function wholeFile(path: string): WholeFile {
  const place = placeOf(path)
  // a device such as /dev/null cannot be replaced
  const beside = place === null ? path : `${place}.${process.pid}.tmp`
  const descriptor = explained(path, () => openSync(beside, 'w'))
  let isOpen = true
  const close = () => {
    if (isOpen) closeSync(descriptor)
    isOpen = false
  }
  return {
    beside,
    write: (content) => explained(path, () => writeAll(descriptor, Buffer.from(content as string))),
    finish: () => {
      close()
      if (place !== null) explained(path, () => moveDurably(beside, place))
    },
    abandon: () => {
      close()
      if (place !== null) rmSync(beside, { force: true })
    },
  }
}

/** The path without links, so that the file that a link names is replaced and not the link; null for a device. */
function placeOf(path: string): string | null {
  const stat = statSync(path, { throwIfNoEntry: false })
  if (stat === undefined) return explained(path, () => join(realpathSync(dirname(path)), basename(path)))
  if (stat.isFile()) return realpathSync(path)
  if (stat.isDirectory()) throw new DgasError({ what: 'this is a folder', where: path, expected: 'the name of a file' })
  return null
}

function writeAll(descriptor: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; ) at += writeSync(descriptor, bytes, at)
}

function explained<T>(path: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    throw fileError(error, path)
  }
}
