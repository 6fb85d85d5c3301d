import { messageOf } from '../errors.js'
import { failedSymbol, type FailedSymbol } from './batch-record.js'
import { faultOf } from './faults.js'

/** How stubbornly symbols are tried. */
export interface Patience {
  /** How often a failure that may pass is tried again. */
  retries: number
  /** Waits before the given try, from 0. */
  pause: (tried: number) => Promise<void>
  /** Whether some symbol of the run has been computed: as long as none has, a few failures are enough to give up. */
  hasWorked: boolean
  /** Told of each failure after which symbols are tried again. */
  onRetry?: (retry: Retry) => void
}

/** A failure after which symbols are tried again. */
export interface Retry {
  first_symbol: string
  last_symbol: string
  /** Counted from 1 in each batch. */
  attempt: number
  reason: string
  /** Whether they are tried in halves from now on, and not once more together. */
  is_halved: boolean
}

/** What came of trying symbols. */
export interface Survivors<Piece> {
  /** Results of symbols that follow each other; one, unless something failed. */
  pieces: Piece[]
  failed: FailedSymbol[]
  attempts: number
  failures: number
}

/** So many symbols that fail one by one before any works tell of a mistake that all of them have in common. */
const enoughFailures = 5

/**
 * Computes the symbols of each part by `attempt`, all together; after a failure they are tried again when it may pass, then
 * halved until each symbol that fails is alone. `onHalves` is told when symbols that failed together have worked in two halves.
 * Throws the failure when it concerns every symbol.
 */
export async function survive<Named extends { symbol: string }, Piece>(
  parts: readonly (readonly Named[])[],
  attempt: (symbols: readonly Named[]) => Promise<Piece>,
  patience: Patience,
  onHalves: (halves: readonly (readonly Named[])[], error: unknown) => void = () => undefined,
): Promise<Survivors<Piece>> {
  const result: Survivors<Piece> = { pieces: [], failed: [], attempts: 0, failures: 0 }
  const isHopeless = () => !patience.hasWorked && result.pieces.length === 0 && result.failed.length >= enoughFailures
  const tryThem = async (some: readonly Named[], retries: number): Promise<void> => {
    const error = await failureOf(some, retries)
    if (error === null) return
    if (some.length === 1) {
      result.failed.push(failedSymbol(some[0].symbol, error.thrown))
      if (isHopeless()) throw error.thrown
      return
    }
    patience.onRetry?.(retryOf(some, result.attempts, error.thrown, true))
    const { failures } = result
    const halves = [some.slice(0, some.length >> 1), some.slice(some.length >> 1)]
    for (const half of halves) await tryThem(half, 0)
    if (result.failures === failures) onHalves(halves, error.thrown)
  }
  const failureOf = async (some: readonly Named[], retries: number): Promise<{ thrown: unknown } | null> => {
    for (let tried = 0; ; tried++) {
      try {
        result.attempts++
        result.pieces.push(await attempt(some))
        return null
      } catch (thrown) {
        result.failures++
        const fault = faultOf(thrown)
        if (fault === 'final') throw thrown
        if (fault === 'lasting' || tried >= retries) return { thrown }
        patience.onRetry?.(retryOf(some, result.attempts, thrown, false))
        await patience.pause(tried)
      }
    }
  }
  for (const symbols of parts) await tryThem(symbols, patience.retries)
  return result
}

/** Returns what is told of a failure of symbols that are tried again. */
export function retryOf(symbols: readonly { symbol: string }[], attempt: number, error: unknown, is_halved: boolean): Retry {
  const reason = messageOf(error)
  return { first_symbol: symbols[0].symbol, last_symbol: symbols.at(-1)!.symbol, attempt, reason, is_halved }
}

/**
 * Tries to do something that does not concern single symbols, again when a failure may pass; `onFailure` is told before. Throws
 * the last failure.
 */
export async function persist<T>(
  work: () => Promise<T>,
  { retries, pause }: Pick<Patience, 'retries' | 'pause'>,
  onFailure: (attempt: number, error: unknown) => void = () => undefined,
): Promise<T> {
  for (let tried = 0; ; tried++) {
    try {
      return await work()
    } catch (error) {
      if (tried >= retries || faultOf(error) !== 'passing') throw error
      onFailure(tried + 1, error)
      await pause(tried)
    }
  }
}

/** Waits a quarter of a second, and twice as long each further time. */
export async function growingPause(tried: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 250 * 2 ** tried))
}
