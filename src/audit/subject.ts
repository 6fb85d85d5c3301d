import type { BacktestConfig } from '../backtest/config.js'
import { prepareStrategy } from '../backtest/prepare.js'
import type { SourceFiles } from '../backtest/source-files.js'
import type { Database } from '../database/database.js'
import { createInstruments } from '../models/instruments.js'
import { geometryParameters } from '../models/parameters.js'
import { createRelations } from '../models/relations.js'
import { instrumentsFile, type Store } from '../store/layout.js'
import type { Precision } from './compare.js'
import { readShownBars, shownBars } from './sample.js'
import type { Later } from './variants.js'

/** A relation that is computed with and without later bars. */
export interface Subject {
  name: string
  config: BacktestConfig
  /** The relation that `prepare` creates over the shown bars. */
  relation: string
  prepare: (database: Database) => Promise<void>
  precision: Precision
  /** What is done to the bars after a cut. */
  variations: readonly Later[]
  /** Whether each symbol is computed on its own, so that one computation serves all cuts, under other symbols. */
  isBySymbol: boolean
}

/** A model with all of its columns: every number counts to its last bit. */
export function modelSubject(name: string, config: BacktestConfig, files: SourceFiles): Subject {
  const { timeframe, higher } = config
  const spec = { names: [name], timeframes: [timeframe], higher: () => higher, columnsRead: null, parameters: geometryParameters(config) }
  return {
    name,
    config,
    relation: name,
    prepare: (database) => createRelations(database, { ...spec, stored: shownBars(files) }),
    precision: 'exact',
    // a number that depends on later prices changes whatever becomes of them
    variations: ['removed', 'raised'],
    isBySymbol: true,
  }
}

/**
 * The signals of a strategy. Its own sums over windows may differ in their last digits with the number of bars: DuckDB
 * adds in an order that depends on how many rows lie before a window in memory.
 */
export function strategySubject(config: BacktestConfig, store: Store, files: SourceFiles): Subject {
  return {
    name: config.strategy.name,
    config,
    relation: 'strategy',
    prepare: async (database) => {
      await createInstruments(database, instrumentsFile(store))
      await prepareStrategy(database, store, config, files, 'true')
      await readShownBars(database, files)
      await database.run(`
        create table audit_instruments as from instruments;
        create or replace view instruments as from audit_instruments`)
    },
    precision: 'rounded',
    // a condition on a later price may hold by chance in one of these, not in all
    variations: ['removed', 'raised', 'lowered'],
    isBySymbol: false,
  }
}
