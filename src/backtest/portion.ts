import { databaseKind } from './faults.js'
import type { PlannedSymbol } from './plan.js'

/** How many bars are computed at once: a batch, until one was too much for the memory of the process. */
export interface Portion {
  mostBars: number
}

/** Batches differ a little, and so do their halves. */
const tolerance = 1.25

/** Returns consecutive symbols as they are to be computed: together, or so often halved that each part is a portion. */
export function portions(symbols: readonly PlannedSymbol[], portion: Portion): (readonly PlannedSymbol[])[] {
  if (symbols.length <= 1 || allBars(symbols) <= portion.mostBars * tolerance) return [symbols]
  const half = symbols.length >> 1
  return [...portions(symbols.slice(0, half), portion), ...portions(symbols.slice(half), portion)]
}

/** Takes the halves that worked one by one and together did not, for want of memory: from now on a portion is no larger. */
export function learn(portion: Portion, halves: readonly (readonly PlannedSymbol[])[]): void {
  portion.mostBars = Math.min(portion.mostBars, Math.max(...halves.map(allBars)))
}

/** Whether a failure is one for want of memory, which fewer symbols may not need. */
export function isWantOfMemory(error: unknown): boolean {
  return databaseKind(error) === 'Out of Memory' || (error instanceof RangeError && /allocation failed/i.test(error.message))
}

function allBars(symbols: readonly PlannedSymbol[]): number {
  return symbols.reduce((sum, { bars }) => sum + bars, 0)
}
