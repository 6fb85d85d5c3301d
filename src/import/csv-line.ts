/** What a reader of one line meets: how many values end in a delimiter, and what is wrong at its end, if anything is. */
export interface ScannedLine {
  delimiters: number
  /** `open`: the line ends within quotes; `trailing`: something else than a delimiter follows a closing quote. */
  fault: 'open' | 'trailing' | null
}

/**
 * Scans a line of CSV as DuckDB does: a value that begins with a quote, blanks before it or not, ends with a single quote, and any
 * other quote stands for itself. `isOpen` tells that the line begins within quotes.
 */
export function scanLine(line: string, delimiter: string, isOpen = false): ScannedLine {
  let delimiters = 0
  let end = valueEnd(line, 0, delimiter, isOpen)
  while (typeof end === 'number' && end < line.length) {
    delimiters += 1
    end = valueEnd(line, end + 1, delimiter, false)
  }
  return { delimiters, fault: typeof end === 'number' ? null : end }
}

/** Returns the values of a line without their quotes, null when a quote is not closed or something follows a closing one. */
export function splitLine(line: string, delimiter: string): string[] | null {
  const values: string[] = []
  for (let from = 0; from <= line.length;) {
    const end = valueEnd(line, from, delimiter, false)
    if (typeof end !== 'number') return null
    const value = line.slice(from, end)
    values.push(/^ *"/.test(value) ? value.trim().slice(1, -1).replaceAll('""', '"') : value)
    from = end + 1
  }
  return values
}

function valueEnd(line: string, from: number, delimiter: string, isOpen: boolean): number | 'open' | 'trailing' {
  const start = isOpen ? from : afterBlanks(line, from)
  if (!isOpen && line[start] !== '"') {
    const end = line.indexOf(delimiter, from)
    return end === -1 ? line.length : end
  }
  const close = closingQuote(line, isOpen ? start : start + 1)
  if (close === -1) return 'open'
  const end = afterBlanks(line, close + 1)
  return end === line.length || line[end] === delimiter ? end : 'trailing'
}

function afterBlanks(line: string, from: number): number {
  let at = from
  while (line[at] === ' ') at += 1
  return at
}

/** A doubled quote stands for one. */
function closingQuote(line: string, from: number): number {
  for (let at = line.indexOf('"', from); at !== -1; at = line.indexOf('"', at + 2)) {
    if (line[at + 1] !== '"') return at
  }
  return -1
}
