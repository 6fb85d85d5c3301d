import { openDatabase, type Database, type DatabaseSpec } from '../database/database.js'
import { DgasError } from '../errors.js'
import { openStore as openStoreFolder, type Store } from '../store/store.js'

/** How much of the machine the calls on a store may use; all fields optional. */
export type StoreOptions = Pick<DatabaseSpec, 'threads' | 'memory'>

/** An open store. Each query and each backtest on it has a database of its own, so that they may run at the same time. */
export interface OpenStore extends Readonly<Store> {
  /** Ends the queries that are still being read; every later call with this store throws a `DgasError`. */
  close(): void
  /** For `await using`. */
  [Symbol.asyncDispose](): Promise<void>
}

interface OpenState {
  options: StoreOptions
  databases: Set<Database>
}

const states = new WeakMap<OpenStore, OpenState>()

/**
 * Opens a store for reading and for backtests. Without a folder it is `data` of the working directory, or, as long as that holds
 * no bars, the sample store below it, which is made on first use. Throws a `DgasError` for a folder without bars.
 */
export async function openStore(folder?: string, options: StoreOptions = {}): Promise<OpenStore> {
  const database = await openDatabase(options)
  const store = await openStoreFolder(database, { folder }).finally(() => database.close())
  const close = () => {
    const open = states.get(handle)?.databases ?? new Set()
    for (const database of open) database.close()
    open.clear()
    states.delete(handle)
  }
  const handle: OpenStore = {
    ...store,
    close,
    [Symbol.asyncDispose]() {
      close()
      return Promise.resolve()
    },
  }
  states.set(handle, { options, databases: new Set() })
  return handle
}

/** A database that belongs to one call on a store. */
export interface CallDatabase {
  database: Database
  /** Closes the database; more than once does no harm. */
  release: () => void
}

/** Opens a database for one call on a store. Throws a `DgasError` when the store was closed. */
export async function callDatabase(store: OpenStore): Promise<CallDatabase> {
  const { options } = stateOf(store)
  const database = await openDatabase(options)
  const { databases } = stateOf(store)
  databases.add(database)
  const release = () => {
    if (databases.delete(database)) database.close()
  }
  return { database, release }
}

/** Runs one call on a store with a database of its own. Throws a `DgasError` when the store was closed. */
export async function withDatabase<T>(store: OpenStore, work: (database: Database) => Promise<T>): Promise<T> {
  const { database, release } = await callDatabase(store)
  return work(database).finally(release)
}

function stateOf(store: OpenStore): OpenState {
  const state = states.get(store)
  if (state !== undefined) return state
  throw new DgasError({ what: 'this store is closed', where: store.folder, expected: 'a store of openStore()', exit: 2 })
}
