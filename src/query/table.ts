import type { DuckDBResult } from '@duckdb/node-api'
import { resultColumns, textRows, type ResultColumn } from '../database/result.js'
import { columnWidths, tableLines } from '../format.js'
import { cut, fitColumns } from './fit.js'
import type { Write, Written } from './written.js'

/** The rows by which the widths of the columns are chosen; wider cells of later rows push their line to the right. */
const measured = 10_000

/** Writes a result as an aligned table with lines of at most `width` characters. Only the first rows are held in memory. */
export async function writeTable(result: DuckDBResult, write: Write, width: number): Promise<Written> {
  const columns = resultColumns(result)
  let [rows, layout]: [number, Layout | null] = [0, null]
  let held: string[][] = []
  for await (const part of textRows(result)) {
    held.push(...part.map((row) => row.map((text, index) => tableCell(text, columns[index]))))
    rows += part.length
    if (held.length < measured && layout === null) continue
    layout ??= await begin(columns, held, width, write)
    await write(linesOf(held, layout))
    held = []
  }
  layout ??= await begin(columns, held, width, write)
  if (held.length > 0) await write(linesOf(held, layout))
  return { rows, columns: columns.length, columnsShown: layout.shown.filter((index) => index >= 0).length }
}

/** The columns of a table as they are printed; a place of -1 stands for those that are left out. */
interface Layout {
  shown: readonly number[]
  widths: readonly number[]
  columns: readonly ResultColumn[]
  isCut: boolean
}

const missing: ResultColumn = { name: '…', type: '', isNumber: false }

async function begin(columns: readonly ResultColumn[], rows: string[][], width: number, write: Write): Promise<Layout> {
  const names = columns.map(({ name }) => printable(name))
  const headers = columnWidths(names, [])
  const cells = columnWidths(columns.map(() => ''), rows)
  const sizes = columns.map(({ isNumber }, index) => ({ isNumber, header: headers[index], cells: cells[index] }))
  const { shown, widths } = fitColumns(sizes, width)
  const layout = { shown, widths, columns: shown.map((index) => columns[index] ?? missing), isCut: width !== Infinity }
  await write(linesOf([names], layout) + tableLines([widths.map((each) => '─'.repeat(each))], layout.columns, widths))
  return layout
}

function linesOf(rows: readonly string[][], { shown, widths, columns, isCut }: Layout): string {
  const cell = (row: string[], index: number, place: number) => (index < 0 ? '…' : isCut ? cut(row[index], widths[place]) : row[index])
  return tableLines(rows.map((row) => shown.map((index, place) => cell(row, index, place))), columns, widths)
}

function tableCell(text: string | null, { type }: ResultColumn): string {
  if (text === null) return '·'
  if (type === 'DOUBLE' || type === 'FLOAT') return shortNumber(Number(text))
  return printable(text.replace(/ 00:00:00$/, ''))
}

/** Nothing that moves the cursor reaches the terminal: control characters are shown by their pictures. */
function printable(text: string): string {
  return text.replaceAll('\n', '↵').replaceAll(/\p{Cc}/gu, (control) => {
    const code = control.charCodeAt(0)
    return code < 32 ? String.fromCharCode(0x2400 + code) : '\u2421'
  })
}

/** Returns a number with at most six decimals and seven significant digits after them for small ones. */
function shortNumber(value: number): string {
  if (!Number.isFinite(value) || Number.isInteger(value)) return String(value)
  return String(Math.abs(value) >= 1 ? Number(value.toFixed(6)) : Number(value.toPrecision(7)))
}
