import type { ChartOptions } from '../charts/frame.js'
import { columnsOfParts, lineKinds, patternKinds, priceParts, usualParts, type LineKind, type PatternKind, type PricePart } from '../charts/plotted.js'
import type { ThemeName } from '../charts/theme.js'
import { nearest, usageError } from '../errors.js'
import type { BarSelection } from '../query/geometry-rows.js'
import { wholeNumber } from './globals.js'

/** The options that say how large a chart is and how it looks, as text. */
export interface PictureOptions {
  width?: string
  height?: string
  theme: ThemeName
}

/** Pixels of a side at most: a square of them takes 400 MB as a PNG is drawn. */
const longestSide = 10_000

/** Returns the size and the theme of a chart. Throws a usage error for a size that could not be read, or not be drawn. */
export function pictureOptions({ width, height, theme }: PictureOptions): ChartOptions {
  return {
    theme,
    ...(width === undefined ? {} : { width: wholeNumber('--width', width, 400, longestSide) }),
    ...(height === undefined ? {} : { height: wholeNumber('--height', height, 300, longestSide) }),
  }
}

/** The options that choose parts of the geometry, as text. */
export interface PartOptions {
  show?: string
  lines?: string
  patterns?: string
}

/** The parts of a price chart, and how to read what they are drawn from. */
export interface ChosenParts {
  parts: readonly PricePart[]
  lines: readonly LineKind[]
  patterns: readonly PatternKind[]
  reading: Pick<BarSelection, 'columns' | 'relation'>
}

/**
 * Returns the parts that are asked for, in the order of `priceParts`. Throws a usage error for an unknown part or kind of
 * lines or patterns, and for kinds of what is not shown.
 */
export function chosenParts({ show, lines, patterns }: PartOptions): ChosenParts {
  const parts = show === undefined ? usualParts : listOf('--show', show, priceParts)
  if (lines !== undefined && !parts.includes('lines')) {
    throw usageError({ what: '--lines chooses among the termination lines', expected: '--show lines besides' })
  }
  if (patterns !== undefined && !parts.includes('patterns')) {
    throw usageError({ what: '--patterns chooses among the patterns', expected: '--show patterns besides' })
  }
  return {
    parts,
    lines: lines === undefined ? lineKinds : listOf('--lines', lines, lineKinds),
    patterns: patterns === undefined ? patternKinds : listOf('--patterns', patterns, patternKinds),
    reading: columnsOfParts(parts),
  }
}

/** Returns the names of a comma-separated list, in the order in which they are `known`. */
function listOf<Name extends string>(option: string, text: string, known: readonly Name[]): Name[] {
  const given = text.split(',').map((name) => name.trim())
  const wrong = given.find((name) => !known.some((one) => one === name))
  if (wrong === undefined) return known.filter((name) => given.includes(name))
  throw usageError({ what: `there is no "${wrong}"`, where: option, expected: known.join(', '), nearest: nearest(wrong, known) })
}
