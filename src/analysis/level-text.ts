import { alignedTable, counted, decimal, priceDecimals, signedPercent } from '../format.js'
import type { Analysis, Level } from './facts.js'

/** Levels that look the same, with the names that each frame gives them. */
interface LevelRow {
  levels: Level[]
  price: string
}

/**
 * Returns the levels nearest to the close, highest first and the close among them, a column of names for each frame; levels
 * of equal price share a line. Lines in a zone of confluence are marked.
 */
export function levelTable(analysis: Analysis, each: number): string {
  const { close, frames, levels } = analysis
  const rows = merged(levels, priceDecimals(close))
  const above = rows.filter(({ levels: [{ price }] }) => price > close)
  const below = rows.filter(({ levels: [{ price }] }) => price <= close)
  const names = frames.map(({ timeframe }) => timeframe)
  const here = ['', decimal(close, priceDecimals(close)), '', '', '◀ close', ...names.slice(1).map(() => '')]
  const cells = [
    ...above.slice(-each).flatMap((row) => levelLines(row, analysis)),
    here,
    ...below.slice(0, each).flatMap((row) => levelLines(row, analysis)),
  ]
  const columns = [['', false], ['price', true], ['distance', true], ['ranges', true], ...names.map((name) => [name, false])]
  const table = alignedTable(columns.map(([name, isNumber]) => ({ name: String(name), isNumber: isNumber === true })), cells)
  return `${table}${leftOut(above.length - each, below.length - each)}`
}

function merged(levels: readonly Level[], digits: number): LevelRow[] {
  const rows: LevelRow[] = []
  for (const level of levels) {
    const price = decimal(level.price, digits)
    if (rows.at(-1)?.price === price) rows.at(-1)!.levels.push(level)
    else rows.push({ price, levels: [level] })
  }
  return rows
}

/** One line, or more when a frame has more names for a price than fit its column. */
function levelLines({ levels, price }: LevelRow, { frames, zones }: Analysis): string[][] {
  const [{ price: exact, distance_pct, distance_ranges: ranges }] = levels
  const isConfluence = zones.some(({ kind, low, high }) => kind === 'confluence' && exact >= low && exact <= high)
  const names = frames.map(({ frame }) => wrapped(levels.filter((level) => level.frame === frame).map(({ name }) => name)))
  const distance = ranges === null ? '–' : `${ranges > 0 ? '+' : ''}${decimal(ranges)}`
  const first = [isConfluence ? '◆' : '', price, signedPercent(distance_pct), distance]
  const count = Math.max(...names.map(({ length }) => length))
  return Array.from({ length: count }, (_, line) => {
    return [...(line === 0 ? first : first.map(() => '')), ...names.map((lines) => lines.at(line) ?? '')]
  })
}

/** Widest column of names with which three frames fit 100 columns. */
const nameWidth = 20

function wrapped(names: readonly string[]): string[] {
  const lines: string[] = []
  for (const name of names) {
    const longer = lines.length === 0 ? name : `${lines.at(-1)!}, ${name}`
    if (longer.length <= nameWidth && lines.length > 0) lines[lines.length - 1] = longer
    else lines.push(name)
  }
  return lines
}

function leftOut(above: number, below: number): string {
  const parts = [above > 0 ? `${counted(above, 'level')} further above` : '', below > 0 ? `${counted(below, 'level')} further below` : '']
  const text = parts.filter(Boolean).join(', ')
  return text === '' ? '' : `${text}: --levels shows more\n`
}
