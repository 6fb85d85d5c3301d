import type { Database } from '../database/database.js'
import { createInstruments } from '../models/instruments.js'
import { clocksSql } from '../store/clocks.js'
import { instrumentsFile, type Store } from '../store/layout.js'
import { createRunRelations, runRelations } from '../store/run-relations.js'
import type { RunFolder } from '../store/runs.js'

/**
 * Creates the relations that charts of runs read: `instruments`, of the given runs `runs` and all that they wrote, and
 * `symbol_clocks`, the symbols of their trades with the time zones of their exchanges.
 */
export async function createChartRelations(database: Database, store: Store, runs: readonly RunFolder[]): Promise<void> {
  await createInstruments(database, instrumentsFile(store))
  await createRunRelations(database, runs, ['runs', 'batches', ...Object.keys(runRelations)])
  await database.run(`create view symbol_clocks as ${clocksSql(store, 'select distinct symbol from trades')}`)
}
