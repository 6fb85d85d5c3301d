import type { Database } from '../database/database.js'
import { DgasError } from '../errors.js'
import { sampleFolder, storeAt, storedTimeframes, type Store } from './layout.js'
import { ensureSample, isSample } from './sample.js'

export * from './layout.js'

/** Which store to open; all fields optional. */
export interface StoreSpec {
  /** Folder of the store; default `data` of the working directory. */
  folder?: string
}

/**
 * Opens a store for reading. When the default store holds no bars, the sample store below it is opened, and made on first
 * use. Throws a `DgasError` when a store that was asked for by name holds no bars.
 */
export async function openStore(database: Database, { folder }: StoreSpec = {}): Promise<Store> {
  const store = storeAt(folder)
  if (storedTimeframes(store).length > 0) return { ...store, isSample: isSample(store.folder) }
  if (folder === undefined) return { folder: await ensureSample(database, sampleFolder(store)), isSample: true }
  throw new DgasError({ what: 'this store holds no bars', where: store.folder, expected: 'bars brought in by dgas import' })
}
