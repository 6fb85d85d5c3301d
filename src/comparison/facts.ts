import type { RunRecord } from '../report/record.js'

/** Something that the records of two runs say differently; null: it is not there. */
export interface FactDifference {
  /** Such as `configuration.rules.slippage_bps`. */
  name: string
  a: string | null
  b: string | null
  /** Whether results may depend on it; how the work is cut into batches and repeated must not matter. */
  matters: boolean
}

const compared = [
  ...['status', 'strategy', 'strategy_hash', 'timeframe', 'higher', 'universe', 'accounts', 'first_session', 'last_session'],
  ...['data_fingerprint', 'configuration', 'versions', 'declined', 'skipped', 'failed'],
] as const

/** The parts of a record that say how the work was done, not what it was. */
const workings = ['configuration.batchBars', 'configuration.retries', 'configuration.minSuccess', 'configuration.cache']

/** Returns what two records say differently of configuration, versions, data and outcome, by the names of their fields. */
export function factDifferences(a: RunRecord, b: RunRecord): FactDifference[] {
  const [inA, inB] = [facts(a), facts(b)]
  const names = [...new Set([...inA.keys(), ...inB.keys()])]
  return names.flatMap((name) => {
    const [before, after] = [inA.get(name) ?? null, inB.get(name) ?? null]
    return before === after ? [] : [{ name, a: before, b: after, matters: !workings.includes(name) }]
  })
}

function facts(record: RunRecord): Map<string, string> {
  return new Map(compared.flatMap((name) => flat(name, (record as unknown as Record<string, unknown>)[name])))
}

/** Returns the values of a tree by their paths; lists are values. */
function flat(path: string, value: unknown): [path: string, text: string][] {
  if (value === undefined) return []
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [[path, textOf(value)]]
  return Object.entries(value).flatMap(([name, inner]) => flat(`${path}.${name}`, inner))
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** A line of the strategy's text; null: the text has ended. */
export interface LineDifference {
  line: number
  a: string | null
  b: string | null
}

/** Returns the first line in which two texts differ; null: none. */
export function firstDifferentLine(a: string, b: string): LineDifference | null {
  if (a === b) return null
  const [before, after] = [a.split('\n'), b.split('\n')]
  const at = before.findIndex((line, index) => line !== after[index])
  const index = at < 0 ? before.length : at
  return { line: index + 1, a: before.at(index) ?? null, b: after.at(index) ?? null }
}
