import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DgasError } from '../errors.js'
import { writeDurably } from '../store/files.js'
import { instrumentsFile, type Store } from '../store/layout.js'
import type { Plan, SkippedSymbol } from './plan.js'

/** What the folder of a run keeps of its plan: the symbols in their order, and how many of them each batch has. */
interface StoredPlan {
  /** Hash of the file of instruments, which strategies may read. */
  instruments: string | null
  sessions: readonly [first: string, last: string]
  skipped: readonly SkippedSymbol[]
  batches: number[]
  /** Symbol, bars, traded bars, first and last traded instant. */
  symbols: [symbol: string, bars: number, tradedBars: number, firstBarAt: number, lastBarAt: number][]
}

/** Writes the plan of a run, by which any process can go on with it. */
export function writePlan(store: Store, folder: string, { symbols, skipped, batches, sessions }: Plan): void {
  const stored: StoredPlan = {
    ...{ instruments: instrumentsHash(store), sessions, skipped, batches: batches.map(({ length }) => length) },
    symbols: symbols.map(({ symbol, bars, tradedBars, firstBarAt, lastBarAt }) => {
      return [symbol, bars, tradedBars, firstBarAt, lastBarAt]
    }),
  }
  writeDurably(planFile(folder), `${JSON.stringify(stored)}\n`)
}

/** Reads the plan of a run. Throws a `DgasError` when it has none, or when the instruments have changed since. */
export function readPlan(store: Store, folder: string): Plan {
  const { instruments, sessions, skipped, batches, symbols: rows } = parsed(planFile(folder))
  if (instruments !== instrumentsHash(store)) {
    throw new DgasError({ what: 'the instruments have changed since the run began', where: instrumentsFile(store), expected: 'a new run' })
  }
  const symbols = rows.map(([symbol, bars, tradedBars, firstBarAt, lastBarAt]) => {
    return { symbol, bars, tradedBars, firstBarAt, lastBarAt }
  })
  let from = 0
  return { symbols, skipped, sessions, batches: batches.map((length) => symbols.slice(from, (from += length))) }
}

function parsed(file: string): StoredPlan {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as StoredPlan
  } catch (error) {
    const what = `the plan of the run cannot be read: ${(error as Error).message}`
    throw new DgasError({ what, where: file, expected: 'a run of this version', cause: error })
  }
}

function instrumentsHash(store: Store): string | null {
  const file = instrumentsFile(store)
  return existsSync(file) ? createHash('sha256').update(readFileSync(file)).digest('hex') : null
}

function planFile(folder: string): string {
  return join(folder, 'plan.json')
}
