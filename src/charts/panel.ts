import type { Encoding } from './frame.js'

/** A channel of an encoding, such as `x`. */
export type Channel<Name extends keyof Encoding> = NonNullable<Encoding[Name]>

/** The strip of a view that a panel takes, as shares of the view's height counted from its top. */
export interface Strip {
  top: number
  bottom: number
}

/** Labels of an axis by which nothing is called `0k` because others are thousands. */
export const zeroWithoutUnit = "datum.value === 0 ? '0' : datum.label"

/** The strip that is the whole view. */
export const wholeView: Strip = { top: 0, bottom: 1 }

/**
 * Returns the range of a vertical scale that draws in a strip. Panels are strips of one view, not views of their own,
 * so that they share their horizontal axis and the picture has exactly its size.
 */
export function stripRange({ top, bottom }: Strip): { expr: string }[] {
  return [{ expr: `height * ${bottom}` }, { expr: `height * ${top}` }]
}
