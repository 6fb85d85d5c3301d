import type { ContextRow, PatternEvent } from './facts.js'
import type { FrameRole } from './frames.js'
import { numberIn, textIn } from './row.js'

/** How many bars back patterns are looked for, the last one among them. */
export const patternBars = 10

interface PatternColumn {
  pattern: string
  /** Column whose sign is the direction; null for a pattern without one. */
  direction: string | null
  /** Column that counts. */
  strength: string | null
  /** The least count that makes a pattern. */
  least?: number
  /** Column that tells whether the dot loses momentum. */
  losing?: string
}

const patterns: readonly PatternColumn[] = [
  { pattern: 'push', direction: 'push', strength: 'push_bars', losing: 'is_losing_push' },
  { pattern: 'refresh', direction: 'refresh', strength: 'refresh_bars' },
  { pattern: 'exhaust', direction: 'exhaust', strength: null },
  { pattern: 'envelope_exhaust', direction: 'envelope_exhaust', strength: 'envelope_exhaust_bars' },
  { pattern: 'c_wave', direction: 'c_wave', strength: 'c_wave' },
  { pattern: 'oscillation', direction: null, strength: 'oscillation_bars', least: 4 },
  { pattern: 'termination_touch', direction: 'termination_touch', strength: 'termination_count', losing: 'momentum_fade' },
  { pattern: 'termination_approach', direction: 'termination_approach', strength: null },
]

/** Returns the patterns of the last ten of `rows`, columns of `geometry` with the latest bar first. */
export function patternsOf(rows: readonly ContextRow[], frame: FrameRole, timeframe: string): PatternEvent[] {
  return rows.slice(0, patternBars).flatMap((row, bars_ago) => {
    return patterns.flatMap(({ pattern, direction, strength, least = 1, losing }) => {
      const count = strength === null ? null : Math.abs(numberIn(row, strength) ?? 0)
      const sign = direction === null ? 0 : Math.sign(numberIn(row, direction) ?? 0)
      const isThere = direction === null ? (count ?? 0) >= least : sign !== 0
      if (!isThere) return []
      const lines = pattern === 'termination_touch' ? (textIn(row, 'termination_lines') ?? '').split(', ') : []
      const is_losing = losing !== undefined && row[losing] === true
      return { frame, timeframe, pattern, direction: sign, strength: count, bars_ago, bar_at: row.bar_at as string, lines, is_losing }
    })
  })
}
