import type { DuckDBResult } from '@duckdb/node-api'
import { jsonRows, resultColumns, textRows } from '../database/result.js'
import { writeTable } from './table.js'
import type { Write, Written } from './written.js'

/** The forms of text in which a result is printed. */
export const outputFormats = ['table', 'csv', 'tsv', 'json', 'jsonl', 'markdown'] as const
export type OutputFormat = (typeof outputFormats)[number]

/** Writes a result piece by piece; a table has lines of at most `width` characters. */
export async function writeResult(
  result: DuckDBResult,
  format: OutputFormat,
  write: Write,
  width = Infinity,
): Promise<Written> {
  if (format === 'table') return writeTable(result, write, width)
  const columns = result.columnNames().length
  return { rows: await writers[format](result, write), columns, columnsShown: columns }
}

const writers = { csv: delimited(','), tsv: delimited('\t'), json: writeJson, jsonl: writeJsonLines, markdown: writeMarkdown }

function delimited(delimiter: string): (result: DuckDBResult, write: Write) => Promise<number> {
  const special = new RegExp(`[${delimiter}"\\n\\r]`)
  const line = (row: (string | null)[]) => `${row.map((text) => delimitedCell(text, special)).join(delimiter)}\n`
  return async (result, write) => {
    await write(line(result.columnNames()))
    return writeParts(textRows(result), (rows) => write(rows.map(line).join('')))
  }
}

/** Quotes as RFC 4180 asks; a null is an empty cell, an empty text is `""`. */
function delimitedCell(text: string | null, special: RegExp): string {
  if (text === null) return ''
  return text === '' || special.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

async function writeJson(result: DuckDBResult, write: Write): Promise<number> {
  const names = result.deduplicatedColumnNames()
  let before = '[\n'
  const rows = await writeParts(jsonRows(result), async (part) => {
    await write(`${before}${part.map((row) => `  ${jsonObject(names, row)}`).join(',\n')}`)
    before = ',\n'
  })
  await write(rows === 0 ? '[]\n' : '\n]\n')
  return rows
}

async function writeJsonLines(result: DuckDBResult, write: Write): Promise<number> {
  const names = result.deduplicatedColumnNames()
  return writeParts(jsonRows(result), (rows) => write(rows.map((row) => `${jsonObject(names, row)}\n`).join('')))
}

function jsonObject(names: readonly string[], row: readonly unknown[]): string {
  return JSON.stringify(Object.fromEntries(row.map((value, index) => [names[index], value])))
}

async function writeMarkdown(result: DuckDBResult, write: Write): Promise<number> {
  const columns = resultColumns(result)
  const line = (cells: (string | null)[]) => `| ${cells.map(markdownCell).join(' | ')} |\n`
  const rule = columns.map(({ isNumber }) => (isNumber ? '---:' : '---'))
  await write(`${line(result.columnNames())}| ${rule.join(' | ')} |\n`)
  return writeParts(textRows(result), (rows) => write(rows.map(line).join('')))
}

function markdownCell(text: string | null): string {
  return (text ?? '').replaceAll(/[\\|]/g, '\\$&').replaceAll(/\r?\n/g, '<br>')
}

async function writeParts<Row>(
  parts: AsyncIterable<Row[]>,
  write: (rows: Row[]) => void | Promise<void>,
): Promise<number> {
  let rows = 0
  for await (const part of parts) {
    await write(part)
    rows += part.length
  }
  return rows
}
