import type { Database } from '../database/database.js'
import type { QueueAddress } from '../queue/address.js'
import { sampleFolder, storeAt, storedTimeframes, type Store } from '../store/layout.js'
import { isSample } from '../store/sample.js'
import { barFindings } from './bars.js'
import type { Finding } from './finding.js'
import { leftoverFindings } from './leftovers.js'
import { machineFindings } from './machine.js'
import { queueFindings } from './queue.js'
import { referenceFindings } from './reference.js'
import { runFindings } from './runs.js'

/** Returns the store that a command would open, without making the sample store when there is none yet. */
export function examinedStore(folder: string | undefined): Store {
  const store = storeAt(folder)
  if (folder !== undefined || hasBars(store)) return { ...store, isSample: isSample(store.folder) }
  const sample = { folder: sampleFolder(store), isSample: true }
  return isSample(sample.folder) ? sample : store
}

function hasBars(store: Store): boolean {
  try {
    return storedTimeframes(store).length > 0
  } catch {
    // a manifest that cannot be read is one of a store with bars
    return true
  }
}

/** Looks the machine, a store and, when one is given, a queue over; nothing is changed. */
export async function examine(database: Database, store: Store, queue: QueueAddress | null, now: Date): Promise<Finding[]> {
  return [
    ...machineFindings(store.folder),
    ...await barFindings(database, store),
    ...await referenceFindings(database, store),
    ...await runFindings(database, store, now),
    ...leftoverFindings(store),
    ...(queue === null ? [] : await queueFindings(queue)),
  ]
}
