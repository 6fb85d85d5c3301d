import { accessSync, closeSync, constants, existsSync, fsyncSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { DgasError } from '../errors.js'

/** Writes text beside its place and renames it, so that a reader sees the old or the new text and a crash loses neither. */
export function writeDurably(file: string, text: string): void {
  const beside = `${file}.${process.pid}.tmp`
  try {
    writeFileSync(beside, text)
    moveDurably(beside, file)
  } catch (error) {
    rmSync(beside, { force: true })
    throw fileError(error, file)
  }
}

/** Moves a finished file to its place, in the same file system, after its content has reached the disk. */
export function moveDurably(from: string, to: string): void {
  syncToDisk(from)
  renameSync(from, to)
  syncToDisk(dirname(to))
}

/** Waits until a file's content, or a folder's list of names, is on the disk. */
export function syncToDisk(path: string): void {
  const descriptor = openSync(path, 'r')
  try {
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}

const explanations: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'the disk is read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  ENOENT: 'no such file or folder',
  ENOTDIR: 'a part of the path is not a folder',
  EISDIR: 'this is a folder',
  EEXIST: 'a file of this name is in the way',
  EMFILE: 'too many open files',
}

/** Returns why the file system failed in the words of the command line; of other errors the message. */
export function fileFault(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code ?? ''
  return code in explanations ? explanations[code] : (error as Error).message
}

/** Turns a failure of the file system into a `DgasError` that names the path; anything else is returned as it is. */
export function fileError(error: unknown, path: string): unknown {
  const code = codeOf(error)
  if (code === undefined || !(code in explanations)) return error
  return new DgasError({ what: explanations[code], where: path, cause: error })
}

/** Of a folder that cannot be made where there is one, Node says that there is none: what the other one says is the reason. */
function codeOf(error: unknown): string | undefined {
  const { code, syscall, path } = (error ?? {}) as NodeJS.ErrnoException
  if (code !== 'ENOENT' || syscall !== 'mkdir' || path === undefined) return code
  let above = dirname(path)
  while (!existsSync(above) && above !== dirname(above)) above = dirname(above)
  try {
    accessSync(above, constants.W_OK)
    return code
  } catch (denied) {
    return (denied as NodeJS.ErrnoException).code
  }
}
