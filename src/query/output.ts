import type { DuckDBResult } from '@duckdb/node-api'
import { alignedTable } from '../format.js'
import { jsonRows, resultColumns, textRows, type ResultColumn } from '../database/result.js'

/** The forms in which `dgas query` prints a result. */
export const outputFormats = ['table', 'csv', 'json'] as const
export type OutputFormat = (typeof outputFormats)[number]

/** Writes a result to `write` and returns its number of rows; only `table` holds all rows in memory. */
export async function writeResult(
  result: DuckDBResult,
  format: OutputFormat,
  write: (text: string) => void,
): Promise<number> {
  if (format === 'csv') return writeCsv(result, write)
  return format === 'json' ? writeJson(result, write) : writeTable(result, write)
}

async function writeCsv(result: DuckDBResult, write: (text: string) => void): Promise<number> {
  let count = 0
  write(`${result.columnNames().map(csvCell).join(',')}\n`)
  for await (const rows of textRows(result)) {
    write(rows.map((row) => `${row.map(csvCell).join(',')}\n`).join(''))
    count += rows.length
  }
  return count
}

/** Quotes as RFC 4180 asks; a null is an empty cell, an empty text is `""`. */
function csvCell(text: string | null): string {
  if (text === null) return ''
  return text === '' || /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

async function writeJson(result: DuckDBResult, write: (text: string) => void): Promise<number> {
  const names = result.columnNames()
  let count = 0
  for await (const rows of jsonRows(result)) {
    for (const row of rows) {
      const text = JSON.stringify(Object.fromEntries(row.map((value, index) => [names[index], value])))
      write(`${count === 0 ? '[\n' : ',\n'}  ${text}`)
      count += 1
    }
  }
  write(count === 0 ? '[]\n' : '\n]\n')
  return count
}

async function writeTable(result: DuckDBResult, write: (text: string) => void): Promise<number> {
  const columns = resultColumns(result)
  const cells: string[][] = []
  for await (const rows of textRows(result)) {
    for (const row of rows) cells.push(row.map((text, index) => tableCell(text, columns[index])))
  }
  write(alignedTable(columns, cells))
  return cells.length
}

function tableCell(text: string | null, { type }: ResultColumn): string {
  if (text === null) return '·'
  if (type === 'DOUBLE' || type === 'FLOAT') return shortNumber(Number(text))
  return text.replace(/ 00:00:00$/, '').replaceAll('\n', '↵')
}

/** Returns a number with at most six decimals and seven significant digits after them for small ones. */
function shortNumber(value: number): string {
  if (!Number.isFinite(value) || Number.isInteger(value)) return String(value)
  return String(Math.abs(value) >= 1 ? Number(value.toFixed(6)) : Number(value.toPrecision(7)))
}
