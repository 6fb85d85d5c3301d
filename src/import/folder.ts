import { mkdirSync, readdirSync, rmSync } from 'node:fs'
import { basename, join } from 'node:path'
import { usageError } from '../errors.js'
import { fileError } from '../store/files.js'
import { importsFolder, lockFile, type Store } from '../store/layout.js'
import { withLock } from '../store/lock.js'
import { isSample } from '../store/sample.js'

/** The folder of one import: `work` while it runs, `folder` after it has ended. */
export interface ImportFolder {
  work: string
  folder: string
}

const unfinished = '.tmp'

/**
 * Runs an import that holds the store's lock and has a folder for its report; what an import that was killed left behind is
 * removed. Throws a usage error for a file and for the sample store, which holds nothing but synthetic bars.
 */
export async function withImportFolder<T>(
  store: Store,
  files: readonly string[],
  now: Date,
  work: (folder: ImportFolder) => Promise<T>,
): Promise<T> {
  if (isSample(store.folder)) {
    const what = 'the sample store takes no imports'
    throw usageError({ what, where: store.folder, expected: 'another folder (--store)' })
  }
  makeFolder(store.folder)
  return withLock(lockFile(store), now, async () => {
    const folder = createFolder(importsFolder(store), importName(files, now))
    try {
      return await work(folder)
    } finally {
      rmSync(folder.work, { recursive: true, force: true })
    }
  })
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true })
  } catch (error) {
    throw fileError(error, folder)
  }
}

function createFolder(imports: string, name: string): ImportFolder {
  makeFolder(imports)
  try {
    const present = readdirSync(imports)
    for (const other of present) if (other.endsWith(unfinished)) rmSync(join(imports, other), { recursive: true })
    const folder = join(imports, freeName(name, present))
    const work = `${folder}${unfinished}`
    mkdirSync(work)
    return { work, folder }
  } catch (error) {
    throw fileError(error, imports)
  }
}

function importName(files: readonly string[], now: Date): string {
  const time = now.toISOString().slice(0, 19).replaceAll(':', '-')
  const name = basename(files[0]).replace(/\.[^.]*$/, '').replaceAll(/[^\w-]+/g, '_')
  return files.length === 1 ? `${time}-${name}` : `${time}-${name}-and-${files.length - 1}-more`
}

function freeName(name: string, present: readonly string[]): string {
  for (let number = 1; ; number += 1) {
    const candidate = number === 1 ? name : `${name}-${number}`
    if (!present.includes(candidate)) return candidate
  }
}
