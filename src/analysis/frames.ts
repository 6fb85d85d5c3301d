import { usageError } from '../errors.js'
import { sourceTimeframes } from '../store/coverage.js'
import { storedTimeframes, type Store } from '../store/layout.js'
import { higherTimeframes, parseTimeframe, type Timeframe } from '../store/timeframe.js'

/** The timeframe that is looked at and up to two above it, nearest first. */
export interface Frames {
  focus: Timeframe
  higher: readonly Timeframe[]
}

/** The part that a timeframe plays; columns of `context` carry the second and third as prefixes. */
export const frameRoles = ['focus', 'higher', 'second_higher'] as const
export type FrameRole = (typeof frameRoles)[number]

/**
 * Returns the timeframes named by `--timeframe` and `--higher`; by default 30m, or the finest in the store, and the usual ones
 * above. Throws a usage error for a timeframe that the store has no bars for and for higher ones that are no ladder.
 */
export function chooseFrames(store: Store, timeframe: string | undefined, higher: string | undefined): Frames {
  const stored = storedTimeframes(store)
  const focus = parseTimeframe(timeframe ?? (stored.includes('30m') ? '30m' : stored[0]))
  if (sourceTimeframes(store, focus).length === 0) {
    const what = `there are no bars from which ${focus.name} bars could be made`
    throw usageError({ what, where: '--timeframe', expected: `${stored.join(', ')} or longer` })
  }
  return { focus, higher: higherTimeframes(focus, higher?.split(',')) }
}
