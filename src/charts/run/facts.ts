import type { Database } from '../../database/database.js'
import { literal } from '../../database/quote.js'
import { DgasError } from '../../errors.js'
import type { RunNote } from '../frame.js'

/** What the charts of a run say of it. */
export interface RunFacts extends RunNote {
  timeframe: string
  accounts: 'separate' | 'shared'
  /** Start capital of each account. */
  capital: number
}

/** Reads what charts say of a run. Throws a `DgasError` when there is no such run, or its record has no start capital. */
export async function readRunFacts(database: Database, runId: string): Promise<RunFacts> {
  const rows = await database.rows<RunFacts>(`
    select run_id, strategy, timeframe, accounts, capital from runs where run_id = ${literal(runId)}`)
  const facts = rows.at(0)
  if (facts === undefined) throw new DgasError({ what: `there is no run "${runId}"` })
  if (facts.capital > 0) return facts
  throw new DgasError({ what: 'the start capital of the run is missing', where: runId, expected: 'configuration.rules.capital' })
}
