import { scanLine } from './csv-line.js'

/** The form of the rows of a CSV file. */
export interface RowForm {
  delimiter: string
  columns: number
}

/** What begins at a line: a record of one or more lines, or, with the reason, a single line that cannot be one. */
export interface FoundRecord {
  lines: number
  fault: string | null
}

/** In bytes; DuckDB reads records of up to 2,097,152. */
export const longestRecord = 2_000_000

/** In lines. */
const tallestRecord = 1000

/**
 * Returns what begins at a line, null when the lines that follow are needed to tell. A value may span lines if its record then has
 * all columns and no more than one of its lines would have them by itself: otherwise the quote that opens it is a stray one.
 */
export function recordAt(lines: readonly string[], at: number, form: RowForm, isEnd: boolean): FoundRecord | null {
  if (lines[at].length > longestRecord) return { lines: 1, fault: 'line size over maximum' }
  const { delimiters, fault } = scanLine(bare(lines[at]), form.delimiter)
  if (fault === 'open') return spanningAt(lines, at, { form, delimiters, isEnd })
  return { lines: 1, fault: fault === null ? null : 'unquoted value' }
}

function spanningAt(
  lines: readonly string[],
  at: number,
  { form, delimiters, isEnd }: { form: RowForm; delimiters: number; isEnd: boolean },
): FoundRecord | null {
  const stray = { lines: 1, fault: 'quote is not closed' }
  let found = delimiters
  let rowLike = isRowLike(lines[at], form) ? 1 : 0
  let size = lines[at].length
  for (let next = at + 1; next < at + tallestRecord; next += 1) {
    if (next === lines.length) return isEnd ? stray : null
    const line = lines[next]
    size += line.length + 1
    if (isRowLike(line, form)) rowLike += 1
    if (rowLike > 1 || size > longestRecord) return stray
    const scanned = scanLine(bare(line), form.delimiter, true)
    found += scanned.delimiters
    if (scanned.fault === 'trailing') return stray
    if (scanned.fault === null) return found === form.columns - 1 ? { lines: next - at + 1, fault: null } : stray
  }
  return stray
}

function isRowLike(line: string, { delimiter, columns }: RowForm): boolean {
  return line.split(delimiter, columns + 1).length === columns
}

/** Returns a line without what is left of its end where lines end in CR LF. */
export function bare(line: string): string {
  return line.endsWith('\r') ? line.slice(0, -1) : line
}
