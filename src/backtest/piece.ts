import { setImmediate } from 'node:timers/promises'
import { buyAndHold, type HeldChanges } from '../metrics/holding.js'
import type { DeclinedColumn, NumberRows } from '../rows.js'
import { startSimulation, type Outcomes } from '../simulation/simulate.js'
import { allDone } from './all-done.js'
import { loadBatch, type Batch } from './batch.js'
import { besides, writeEquity, writeSignals, writeTrades } from './parts.js'
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

/**
 * Loads pieces one after the other, in the order in which they are asked for: they share a connection and its views. The next
 * one is begun as soon as the statements of the one before have succeeded, which `onComputed` is told, or failed.
 */
export interface Loader {
  (symbols: readonly PlannedSymbol[], onComputed?: () => void): Promise<LoadedPiece>
  /** Does other work in between, while nothing is being loaded. */
  meanwhile?: <T>(work: () => Promise<T>) => Promise<T>
}

/** Returns what loads the pieces of a run with separate accounts. */
export function pieceLoader({ source }: RunWork): Loader {
  let before: Promise<unknown> = Promise.resolve()
  let count = 0
  const inTurn = <T>(work: (goOn: () => void) => Promise<T>): Promise<T> => {
    let done: Promise<T>
    const turn = before
    before = new Promise((goOn) => {
      done = turn.then(() => work(() => goOn(undefined)))
      done.then(goOn, goOn)
    })
    return done!
  }
  const load = (symbols: readonly PlannedSymbol[], onComputed?: () => void) => {
    const table = `signals_${count++}`
    return inTurn(async (goOn) => {
      const clock = clocks()
      const batch = await loadBatch(source, symbols, table, () => {
        goOn()
        onComputed?.()
      })
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

/** A few milliseconds of work: meanwhile nobody else has the thread, on which the statements of other batches are begun. */
const barsPerStep = 20_000

/** Simulates the accounts of a piece, by itself: whatever happens to it concerns no other piece. */
export async function simulatePiece({ config, facts }: RunWork, piece: LoadedPiece): Promise<SimulatedPiece> {
  const clock = clocks()
  const simulation = startSimulation(config.rules, facts)
  const holding = buyAndHold(facts.lastBarAt.length)
  holding.add(piece.bars)
  for (const _ of simulation.steps(piece.bars, piece.signals.columns, barsPerStep)) await setImmediate()
  return {
    ...piece,
    ...{ outcomes: simulation.take(), declined: simulation.takeDeclined(), held: holding.changes() },
    ...{ ledgerChecks: simulation.ledgerChecks(), finerBars: simulation.finerBars() },
    simulating: clock(),
  }
}

/** Relations of a run that a piece has rows of. */
export const pieceRelations = ['trades', 'equity', 'signals'] as const

/**
 * Writes the rows of a piece as the part `name` of a run's relations, the others beside its trades, which take the longest. `onTrades`
 * is told the file of these as soon as it is there.
 */
export async function writePiece(
  { output, source }: RunWork,
  name: string,
  piece: SimulatedPiece,
  onTrades: (file: string) => void = () => undefined,
): Promise<void> {
  await allDone([
    writeTrades(output, name, piece.outcomes, piece.signals.reasons).then(onTrades),
    besides(output, async (other) => {
      await writeSignals(other, name, piece.table, source.columns, piece.symbols, piece.declined)
      await writeEquity(other, name, piece.outcomes)
    }),
  ])
}

/** Returns how many traded bars symbols have. */
export function tradedBars(symbols: readonly PlannedSymbol[]): number {
  return symbols.reduce((sum, { tradedBars }) => sum + tradedBars, 0)
}
