import type { Database } from '../database/database.js'
import { geometryParameters } from '../models/parameters.js'
import { createRelations } from '../models/relations.js'
import { storedBarsSql } from '../models/stored-bars.js'
import { selectSymbols, type BatchSource } from './batch.js'
import type { PlannedSymbol } from './plan.js'

/**
 * Creates the table `signal_states` (symbol, signal_at, market_state) for the signals of the relation `trades`: the state of
 * the market at the close that decided. The states are computed batch by batch, when the run needs its bars no more.
 */
export async function createSignalStates(
  database: Database,
  source: BatchSource,
  batches: readonly (readonly PlannedSymbol[])[],
): Promise<void> {
  const { config, files, known } = source
  await createRelations(database, {
    names: ['bars', 'states'],
    timeframes: [config.timeframe],
    higher: () => [],
    stored: new Map([...files].map(([frame, paths]) => [frame, storedBarsSql(paths, known)])),
    columnsRead: 'symbol, bar_at, market_state',
    parameters: geometryParameters(config),
  })
  await database.run('create or replace table signal_states (symbol varchar, signal_at timestamp, market_state varchar)')
  for (const batch of batches) {
    await selectSymbols({ ...source, database }, batch.map(({ symbol }) => symbol))
    await database.run(`
      insert into signal_states
      select symbol, bar_at, market_state
      from states
      semi join trades on trades.symbol = states.symbol and trades.signal_at = states.bar_at`)
  }
}
