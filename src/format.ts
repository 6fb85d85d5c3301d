import Table from 'cli-table3'

/** A column of a table for the terminal; numbers stand to the right. */
export interface TableColumn {
  name: string
  isNumber: boolean
}

const gap = '  '
const noBorders = Object.fromEntries(
  ['top', 'top-mid', 'top-left', 'top-right', 'bottom', 'bottom-mid', 'bottom-left', 'bottom-right']
    .concat(['left', 'left-mid', 'mid', 'mid-mid', 'right', 'right-mid', 'middle'])
    .map((name) => [name, '']),
)

/** Returns rows of text as an aligned table with a ruled header, one line a row. */
export function alignedTable(columns: readonly TableColumn[], rows: readonly (readonly string[])[]): string {
  const table = new Table({
    chars: { ...noBorders, middle: gap },
    style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [] },
    colAligns: columns.map(({ isNumber }) => (isNumber ? 'right' : 'left')),
  })
  const widths = columns.map(({ name }, index) => rows.reduce((width, row) => Math.max(width, row[index].length), name.length))
  table.push(columns.map(({ name }) => name), widths.map((width) => '─'.repeat(width)), ...rows.map((row) => [...row]))
  return `${table.toString().replaceAll(/ +$/gm, '')}\n`
}

/** Returns a number with thousands separators and a fixed number of decimals, or `–` when it is missing. */
export function decimal(value: number | null, decimals = 2): string {
  return value === null || !Number.isFinite(value) ? '–' : fixed[decimals].format(value)
}

/** Number formats by their decimals, made once: making one takes longer than using it a thousand times. */
const fixed = Array.from({ length: 7 }, (_, decimals) => {
  return new Intl.NumberFormat('en-US', { minimumFractionDigits: decimals, maximumFractionDigits: decimals })
})

/** Returns a percentage with a sign, or `–` when it is missing. */
export function signedPercent(value: number | null, decimals = 2): string {
  if (value === null || !Number.isFinite(value)) return '–'
  return `${value > 0 ? '+' : ''}${decimal(value, decimals)} %`
}

/** Returns a count with thousands separators. */
export function count(value: number): string {
  return fixed[0].format(value)
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
