import { readRecord } from '../backtest/read-record.js'
import type { Database } from '../database/database.js'
import type { RunFolder } from '../store/runs.js'
import { factDifferences, firstDifferentLine, type FactDifference, type LineDifference } from './facts.js'
import { openRuns, relationDifferences, type RelationDifference } from './rows.js'

/** What differs between two runs. */
export interface RunComparison {
  a: string
  b: string
  /** Whether nothing differs that matters. */
  is_equal: boolean
  facts: FactDifference[]
  /** The first line in which the texts of the strategies differ; null: none. */
  strategy: LineDifference | null
  relations: RelationDifference[]
}

/** Compares two runs of any store; at most `limit` rows of each relation are shown. Throws a `DgasError` for a damaged record. */
export async function compareRuns(database: Database, a: RunFolder, b: RunFolder, limit: number): Promise<RunComparison> {
  const [before, after] = [readRecord(a), readRecord(b)]
  const facts = factDifferences(before, after)
  const strategy = firstDifferentLine(before.strategy_text, after.strategy_text)
  await openRuns(database, a, b)
  const relations = await relationDifferences(database, limit)
  const isSame = ({ only_a, only_b, changed }: RelationDifference) => only_a + only_b + changed === 0
  const is_equal = strategy === null && !facts.some(({ matters }) => matters) && relations.every(isSame)
  return { a: a.id, b: b.id, is_equal, facts, strategy, relations }
}
