import { DuckDBDataChunk, DuckDBTypeId, DOUBLE, INTEGER, TINYINT } from '@duckdb/node-api'
import type { DuckDBConnection, DuckDBResult, DuckDBType } from '@duckdb/node-api'
import bindings, { type DataChunk, type Result } from '@duckdb/node-bindings'
import { identifier } from './quote.js'

/** A column of numbers: DOUBLE, INTEGER or TINYINT in SQL. */
export type NumberColumn = Float64Array | Int32Array | Int8Array

/** Columns of equal length; entry `i` of each belongs to row `i`. */
export type Columns<Name extends string = string> = { length: number } & Record<Name, NumberColumn>

const vectorSize = 2048

/** Rows `from` to `to` (exclusive) of a result. */
export interface Stretch {
  from: number
  to: number
}

/** An order of rows that some columns determine. */
export interface Order {
  by: readonly string[]
  /** Returns all rows of a result, of which it is given the columns `by`, in stretches that follow each other in this order. */
  stretches: (keys: Columns) => readonly Stretch[]
}

/**
 * Reads a materialised result into typed arrays: DOUBLE, INTEGER and TINYINT columns only. A null becomes `NaN` in a DOUBLE column
 * and -1 in the others. Without an order the rows stay as they come.
 */
export function readColumns(result: DuckDBResult, order?: Order): Columns {
  const names = result.columnNames()
  const chunks = rawChunks(result)
  const length = chunks.reduce((sum, { count }) => sum + count, 0)
  const read = (name: string, moves: readonly Move[]) => {
    const index = names.indexOf(name)
    const values = allocate(name, result.columnType(index), length)
    copyColumn(chunks, index, values, moves)
    return [name, values] as const
  }
  const unmoved = [{ from: 0, to: length, at: 0 }]
  const columnsOf = (some: readonly string[], moves: readonly Move[]) => Object.fromEntries(some.map((name) => read(name, moves)))
  if (order === undefined) return { length, ...columnsOf(names, unmoved) } as Columns
  const keys = { length, ...columnsOf(order.by, unmoved) } as Columns
  const moves = movesOf(order.stretches(keys))
  // each value is put into its place at once: a second array of the same length would cost as much as to read it
  return moves.length <= 1
    ? { ...keys, ...columnsOf(names.filter((name) => !order.by.includes(name)), unmoved) }
    : { length, ...columnsOf(names, moves) } as Columns
}

/** Rows of a result, and the place that the first of them is to have. */
interface Move extends Stretch {
  at: number
}

/** Returns the moves that put stretches one behind the other, in the order of the rows that they move. */
function movesOf(stretches: readonly Stretch[]): Move[] {
  const moves: Move[] = []
  let at = 0
  for (const { from, to } of stretches) {
    const last = moves.at(-1)
    if (last?.to === from) last.to = to
    else moves.push({ from, to, at })
    at += to - from
  }
  return moves.sort((a, b) => a.from - b.from)
}

/** A chunk of a result as the bindings know it, with the number of its rows and the number of the first one. */
interface Chunk {
  raw: DataChunk
  count: number
  first: number
}

/** The chunks as the bindings know them: a vector of the public interface is several objects, and a null in it a big integer. */
function rawChunks(result: DuckDBResult): Chunk[] {
  const whole = (result as unknown as { result: Result }).result
  let rows = 0
  return Array.from({ length: bindings.result_chunk_count(whole) }, (_, index) => {
    const raw = bindings.result_get_chunk(whole, index)
    const chunk = { raw, count: bindings.data_chunk_get_size(raw), first: rows }
    rows += chunk.count
    return chunk
  })
}

function allocate(name: string, type: DuckDBType, length: number): NumberColumn {
  if (type.typeId === DuckDBTypeId.DOUBLE) return new Float64Array(length)
  if (type.typeId === DuckDBTypeId.INTEGER) return new Int32Array(length)
  if (type.typeId === DuckDBTypeId.TINYINT) return new Int8Array(length)
  throw new TypeError(`column ${name} is ${type.toString()}; typed arrays hold DOUBLE, INTEGER and TINYINT`)
}

/** Copies the values of a column to where their rows are moved; moves are in the order of the rows and together hold them all. */
function copyColumn(chunks: readonly Chunk[], index: number, into: NumberColumn, moves: readonly Move[]): void {
  const size = into.BYTES_PER_ELEMENT
  const target = new Uint8Array(into.buffer)
  const missing = into instanceof Float64Array ? NaN : -1
  let next = 0
  for (const { raw, count, first } of chunks) {
    const vector = bindings.data_chunk_get_vector(raw, index)
    const bytes = bindings.vector_get_data(vector, count * size)
    // a bit for each value, 0 for a null; none at all when there is no null
    const validity = bindings.vector_get_validity(vector, Math.ceil(count / 64) * 8) as Uint8Array | null
    for (let row = 0; row < count;) {
      const { from, to, at } = moves[next]
      const end = Math.min(count, to - first)
      const place = at + first + row - from
      target.set(bytes.subarray(row * size, end * size), place * size)
      if (validity !== null) {
        for (let i = row; i < end; i++) if ((validity[i >> 3] & (1 << (i & 7))) === 0) into[place + i - row] = missing
      }
      if (end === to - first) next++
      row = end
    }
  }
}

/** The chunk as the bindings know it: through the public interface every vector is copied twice more. */
function rawChunk(chunk: DuckDBDataChunk): DataChunk {
  return (chunk as unknown as { chunk: DataChunk }).chunk
}

/** Appends columns to the table `table`, after a statement that begins with `create` and whose end defines it. */
export async function appendColumns(connection: DuckDBConnection, create: string, table: string, columns: Columns): Promise<void> {
  const { length, ...named } = columns
  const names = Object.keys(named)
  const types = names.map((name) => columnType(columns[name]))
  const definition = names.map((name, index) => `${identifier(name)} ${types[index].toString()}`).join(', ')
  await connection.run(`${create} ${identifier(table)} (${definition})`)
  const appender = await connection.createAppender(table)
  for (let start = 0; start < length; start += vectorSize) {
    const count = Math.min(vectorSize, length - start)
    const chunk = DuckDBDataChunk.create(types, count)
    const raw = rawChunk(chunk)
    for (const [index, name] of names.entries()) {
      const { buffer, byteOffset, BYTES_PER_ELEMENT: bytes } = columns[name]
      const vector = bindings.data_chunk_get_vector(raw, index)
      bindings.copy_data_to_vector(vector, 0, buffer as ArrayBuffer, byteOffset + start * bytes, count * bytes)
    }
    appender.appendDataChunk(chunk)
  }
  appender.closeSync()
}

function columnType(column: NumberColumn): DuckDBType {
  if (column instanceof Float64Array) return DOUBLE
  return column instanceof Int32Array ? INTEGER : TINYINT
}
