import { textWidth } from '../format.js'

/** Which columns of a table are shown, by their places, and how wide; -1 stands for those that are left out. */
export interface Fit {
  shown: number[]
  widths: number[]
}

/** What is known of a column: the width of its name and of its widest cell. A number is cut only when the whole line has no room for it. */
export interface ColumnSize {
  isNumber: boolean
  header: number
  cells: number
}

const gap = 2
const leastText = 8
const leastHeader = 6

/**
 * Fits columns into a line of `total` characters: first the widest names and texts are cut, then columns are left out of the
 * middle, with one of width 1 in their place.
 */
export function fitColumns(columns: readonly ColumnSize[], total: number): Fit {
  const natural = columns.map(({ header, cells }) => Math.max(header, cells))
  const all = columns.map((_, index) => index)
  if (lineWidth(natural) <= total) return { shown: all, widths: natural }
  const least = columns.map((column) => Math.min(leastWidth(column), Math.max(1, total - gap - 1)))
  const shown = lineWidth(least) <= total ? all : outerColumns(least, total)
  const of = (widths: readonly number[]) => shown.map((index) => (index < 0 ? 1 : Math.min(widths[index], total)))
  return { shown, widths: shrunk(of(natural), of(least), total) }
}

/** Returns `text` cut to `width` characters of a terminal, with `…` as the last when something is missing. */
export function cut(text: string, width: number): string {
  if (textWidth(text) <= width) return text
  let kept = ''
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    if (textWidth(kept + segment) > width - 1) break
    kept += segment
  }
  return `${kept}…`
}

function leastWidth({ isNumber, header, cells }: ColumnSize): number {
  return Math.max(isNumber ? cells : Math.min(cells, leastText), Math.min(header, leastHeader))
}

/** As many of the first and of the last columns as there is room for, the first one always. */
function outerColumns(least: readonly number[], total: number): number[] {
  const [left, right] = [[0], [] as number[]]
  let room = total - least[0] - gap - 1
  for (let i = 1; i < least.length; i++) {
    const next = i % 2 === 1 ? least.length - 1 - right.length : left.length
    room -= least[next] + gap
    if (room < 0) break
    if (i % 2 === 1) right.unshift(next)
    else left.push(next)
  }
  return [...left, ...(left.length + right.length < least.length ? [-1] : []), ...right]
}

/** Takes from the widest column that can give until the line fits. */
function shrunk(widths: number[], least: readonly number[], total: number): number[] {
  for (let over = lineWidth(widths) - total; over > 0; over--) {
    const wide = widths.reduce((best, width, index) => {
      return width > least[index] && (best < 0 || width > widths[best]) ? index : best
    }, -1)
    if (wide < 0) break
    widths[wide] -= 1
  }
  return widths
}

function lineWidth(widths: readonly number[]): number {
  return widths.reduce((sum, width) => sum + width + gap, -gap)
}
