import { buyAndHold, type HeldChanges } from '../metrics/holding.js'
import type { DeclinedColumn, NumberRows } from '../rows.js'
import { startSimulation, type Outcomes } from '../simulation/simulate.js'
import { applyActions, computeBatch, readBatch, type Batch } from './batch.js'
import { writeOutcomes, writeSignals } from './parts.js'
import type { PlannedSymbol } from './plan.js'
import { clocks, type Spent } from './stopwatch.js'
import type { RunWork } from './work.js'

/** Consecutive symbols with their bars and signals in memory; usually those of a whole batch. */
export interface LoadedPiece extends Batch {
  symbols: readonly PlannedSymbol[]
  /** The table with their signals. */
  table: string
  computing: Spent
}

/** Loads pieces one after the other, in the order in which they are asked for: they share a connection and its views. */
export interface Loader {
  (symbols: readonly PlannedSymbol[]): Promise<LoadedPiece>
  /** Does other work in between, while nothing is being loaded. */
  meanwhile?: <T>(work: () => Promise<T>) => Promise<T>
}

/** Returns what loads the pieces of a run with separate accounts. */
export function pieceLoader({ source }: RunWork): Loader {
  let before: Promise<unknown> = Promise.resolve()
  let count = 0
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const done = before.then(work)
    before = done.catch(() => undefined)
    return done
  }
  const load = (symbols: readonly PlannedSymbol[]) => {
    const table = `signals_${count++}`
    return inTurn(async () => {
      const clock = clocks()
      await computeBatch(source, symbols, table)
      await applyActions(source)
      const batch = await readBatch(source, table, 'true', 'code, bar_at', tradedBars(symbols))
      return { ...batch, symbols, table, computing: clock() }
    })
  }
  return Object.assign(load, { meanwhile: inTurn })
}

/** What came of the accounts of a piece. */
export interface SimulatedPiece extends LoadedPiece {
  outcomes: Outcomes
  declined: NumberRows<DeclinedColumn>
  held: HeldChanges
  ledgerChecks: number
  finerBars: { ambiguous: number; resolved: number }
  simulating: Spent
}

/** Simulates the accounts of a piece, by itself: whatever happens to it concerns no other piece. */
export function simulatePiece({ config, facts }: RunWork, piece: LoadedPiece): SimulatedPiece {
  const clock = clocks()
  const simulation = startSimulation(config.rules, facts)
  const holding = buyAndHold(facts.lastBarAt.length)
  holding.add(piece.bars)
  simulation.advance(piece.bars, piece.signals.columns)
  return {
    ...piece,
    ...{ outcomes: simulation.take(), declined: simulation.takeDeclined(), held: holding.changes() },
    ...{ ledgerChecks: simulation.ledgerChecks(), finerBars: simulation.finerBars() },
    simulating: clock(),
  }
}

/** Relations of a run that a piece has rows of. */
export const pieceRelations = ['trades', 'equity', 'signals'] as const

/** Writes the rows of a piece as the part `name` of a run's relations. */
export async function writePiece({ output, source }: RunWork, name: string, piece: SimulatedPiece): Promise<void> {
  await writeOutcomes(output, name, piece.outcomes, piece.signals.reasons)
  await writeSignals(output, name, piece.table, source.columns, piece.declined)
}

/** Returns how many traded bars symbols have. */
export function tradedBars(symbols: readonly PlannedSymbol[]): number {
  return symbols.reduce((sum, { tradedBars }) => sum + tradedBars, 0)
}
