import type { FrameRole } from './frames.js'
import type { ContextRow, Distance } from './facts.js'

/** Returns the column of `context` that holds a column of `geometry` for a frame. */
export function columnOf(frame: FrameRole, name: string): string {
  return frame === 'focus' ? name : `${frame}_${name}`
}

/** Returns a number of a row; null when it is missing. */
export function numberIn(row: ContextRow, column: string): number | null {
  const value = row[column]
  return typeof value === 'number' ? value : null
}

/** Returns a text of a row; null when it is missing. */
export function textIn(row: ContextRow, column: string): string | null {
  const value = row[column]
  return typeof value === 'string' ? value : null
}

/** Returns a truth value of a row; null when it is missing. */
export function truthIn(row: ContextRow, column: string): boolean | null {
  const value = row[column]
  return typeof value === 'boolean' ? value : null
}

/** Returns how far a price lies from the row's close. */
export function distanceOf(row: ContextRow, price: number): Distance {
  const close = row.close as number
  const range = numberIn(row, 'mean_range')
  return {
    distance_pct: ((price - close) / close) * 100,
    distance_ranges: range === null || range === 0 ? null : (price - close) / range,
  }
}
