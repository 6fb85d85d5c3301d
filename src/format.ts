import stringWidth from 'string-width'

/** A column of a table for the terminal; numbers stand to the right. */
export interface TableColumn {
  name: string
  isNumber: boolean
}

/** Returns rows of text as an aligned table with a ruled header, one line a row. */
export function alignedTable(columns: readonly TableColumn[], rows: readonly (readonly string[])[]): string {
  const names = columns.map(({ name }) => name)
  const widths = columnWidths(names, rows)
  return tableLines([names, widths.map((width) => '─'.repeat(width)), ...rows], columns, widths)
}

/** Returns the widths in a terminal of the columns that hold a header and rows. */
export function columnWidths(names: readonly string[], rows: readonly (readonly string[])[]): number[] {
  return names.map((name, index) => rows.reduce((width, row) => Math.max(width, textWidth(row[index])), textWidth(name)))
}

/** Returns rows as lines with columns of these widths, two spaces apart; numbers stand to the right. */
export function tableLines(
  rows: readonly (readonly string[])[],
  columns: readonly TableColumn[],
  widths: readonly number[],
): string {
  const line = (row: readonly string[]) => row.map((cell, index) => padded(cell, widths[index], columns[index])).join('  ')
  return rows.map((row) => `${line(row).trimEnd()}\n`).join('')
}

function padded(cell: string, width: number, { isNumber }: TableColumn): string {
  const space = ' '.repeat(Math.max(0, width - textWidth(cell)))
  return isNumber ? space + cell : cell + space
}

/** Returns how many columns of a terminal a text takes: a Chinese character takes two. */
export function textWidth(text: string): number {
  return /^[\x20-\x7e]*$/.test(text) ? text.length : stringWidth(text)
}

/** Returns a number with thousands separators and a fixed number of decimals, or `–` when it is missing. */
export function decimal(value: number | null, decimals = 2): string {
  return value === null || !Number.isFinite(value) ? '–' : grouped(value, decimals)
}

/** Returns with how many decimals a price is shown: cents, and more for small prices. */
export function priceDecimals(price: number): number {
  if (Math.abs(price) >= 10) return 2
  return Math.abs(price) >= 1 ? 3 : 6
}

/** Returns a number as `Intl.NumberFormat` of `en-US` does, which for the first one takes a tenth of a short command. */
function grouped(value: number, decimals: number): string {
  const [digits, exponent] = shortest(value)
  const kept = exponent + 1 + decimals
  if (!(kept <= 15)) return inFull(value, decimals)
  // half is rounded away from zero, and half is what looks like it: 1.005 is 1.01
  const units = Number(digits.slice(0, Math.max(0, kept)).padEnd(kept, '0')) + (digits[kept] >= '5' ? 1 : 0)
  const text = String(units).padStart(decimals + 1, '0')
  const whole = text.slice(0, text.length - decimals).replaceAll(/\B(?=(?:\d{3})+$)/g, ',')
  const sign = value < 0 || Object.is(value, -0) ? '-' : ''
  return decimals === 0 ? sign + whole : `${sign}${whole}.${text.slice(-decimals)}`
}

/** The fewest digits that tell a number from all others, and the exponent of the first one. */
function shortest(value: number): [digits: string, exponent: number] {
  const [mantissa, exponent] = Math.abs(value).toExponential().split('e')
  return [mantissa.replace('.', ''), Number(exponent)]
}

/** A number of more digits than a double counts by, or one that is none. */
function inFull(value: number, decimals: number): string {
  const digits = { minimumFractionDigits: decimals, maximumFractionDigits: decimals }
  return new Intl.NumberFormat('en-US', digits).format(value)
}

/** Returns a percentage with a sign, or `–` when it is missing. */
export function signedPercent(value: number | null, decimals = 2): string {
  if (value === null || !Number.isFinite(value)) return '–'
  return `${value > 0 ? '+' : ''}${decimal(value, decimals)} %`
}

/** Returns a count with thousands separators. */
export function count(value: number): string {
  return grouped(value, 0)
}

/** Returns `1 symbol`, `2 symbols`. */
export function counted(value: number, noun: string): string {
  return `${count(value)} ${noun}${value === 1 ? '' : 's'}`
}

/** Returns a duration in seconds, minutes or hours. */
export function duration(milliseconds: number): string {
  const seconds = milliseconds / 1000
  if (seconds < 60) return `${decimal(seconds, 1)} s`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return `${minutes} min ${Math.round(seconds % 60)} s`
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}

/** Returns a size in MB or GB. */
export function megabytes(bytes: number): string {
  return bytes < 1e9 ? `${Math.round(bytes / 1e6)} MB` : `${decimal(bytes / 1e9, 2)} GB`
}

/** Returns an instant as `2026-01-26 14:30` in UTC. */
export function instant(milliseconds: number): string {
  return new Date(milliseconds).toISOString().slice(0, 16).replace('T', ' ')
}

/** Returns a date from days since 1970-01-01 as `2026-01-26`. */
export function dateOfDay(days: number): string {
  return new Date(days * 86_400_000).toISOString().slice(0, 10)
}
