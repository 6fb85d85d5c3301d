import type { DuckDBResult, DuckDBValue } from '@duckdb/node-api'

/** A value of a result as JSON has it: times and numbers that a double would round as text, lists and structs nested. */
export type JsonValue = string | number | boolean | null | JsonValue[] | { [key: string]: JsonValue }

/** A column of a result. */
export interface ResultColumn {
  name: string
  /** The SQL type, such as `DOUBLE`. */
  type: string
  isNumber: boolean
}

const numberTypes = /^(?:U?(?:TINY|SMALL|BIG|HUGE)?INT(?:EGER)?|DOUBLE|FLOAT|DECIMAL.*)$/

/** Returns the columns of a result. */
export function resultColumns(result: DuckDBResult): ResultColumn[] {
  return result.columnNames().map((name, index) => {
    const type = result.columnType(index).toString()
    return { name, type, isNumber: numberTypes.test(type) }
  })
}

/** Yields the rows of a result, a few thousand at a time, as text; null stays null. */
export async function* textRows(result: DuckDBResult): AsyncGenerator<(string | null)[][]> {
  for (;;) {
    const chunk = await result.fetchChunk()
    if (chunk === null || chunk.rowCount === 0) return
    yield chunk.getRows().map((row) => row.map(valueText))
  }
}

/** Yields the rows of a result, a few thousand at a time, as JSON values. */
export async function* jsonRows(result: DuckDBResult): AsyncGenerator<JsonValue[][]> {
  for (;;) {
    const chunk = await result.fetchChunk()
    if (chunk === null || chunk.rowCount === 0) return
    yield chunk.getRows().map((row) => row.map(jsonValue))
  }
}

/** Yields the columns of a result, at least `rows` rows at a time except at the end, as DuckDB's own values. */
export async function* columnChunks(result: DuckDBResult, rows: number): AsyncGenerator<DuckDBValue[][]> {
  let columns: DuckDBValue[][] = result.columnNames().map(() => [])
  for (;;) {
    const chunk = await result.fetchChunk()
    const isEnd = chunk === null || chunk.rowCount === 0
    if (!isEnd) chunk.appendToColumns(columns)
    if (columns[0].length > 0 && (isEnd || columns[0].length >= rows)) {
      yield columns
      columns = columns.map(() => [])
    }
    if (isEnd) return
  }
}

function valueText(value: DuckDBValue): string | null {
  if (value === null) return null
  return typeof value === 'object' ? value.toString() : String(value)
}

/** Returns a value of DuckDB as a JSON value. */
export function jsonValue(value: DuckDBValue): JsonValue {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return value
  if (typeof value === 'number') return Number.isFinite(value) ? value : null
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : String(value)
  if ('scale' in value) return decimalValue(value.toString())
  if ('items' in value && Array.isArray(value.items)) return (value.items as DuckDBValue[]).map(jsonValue)
  if ('entries' in value && !Array.isArray(value.entries)) {
    const entries = Object.entries(value.entries as Record<string, DuckDBValue>)
    return Object.fromEntries(entries.map(([key, item]) => [key, jsonValue(item)]))
  }
  return value.toString()
}

function decimalValue(text: string): number | string {
  return text.replaceAll(/\D/g, '').length <= 15 ? Number(text) : text
}
