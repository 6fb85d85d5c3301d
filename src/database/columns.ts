import { DuckDBDataChunk, DuckDBTypeId, DOUBLE, INTEGER, TINYINT } from '@duckdb/node-api'
import type { DuckDBConnection, DuckDBResult, DuckDBType } from '@duckdb/node-api'
import bindings, { type DataChunk, type Result } from '@duckdb/node-bindings'
import { identifier } from './quote.js'

/** A column of numbers: DOUBLE, INTEGER or TINYINT in SQL. */
export type NumberColumn = Float64Array | Int32Array | Int8Array

/** Columns of equal length; entry `i` of each belongs to row `i`. */
export type Columns<Name extends string = string> = { length: number } & Record<Name, NumberColumn>

const vectorSize = 2048

/**
 * Reads a materialised result into typed arrays: DOUBLE, INTEGER and TINYINT columns only. A null becomes `NaN` in a DOUBLE column
 * and -1 in the others.
 */
export function readColumns(result: DuckDBResult): Columns {
  const names = result.columnNames()
  const chunks = rawChunks(result)
  const length = chunks.reduce((sum, chunk) => sum + bindings.data_chunk_get_size(chunk), 0)
  const columns = names.map((name, index) => {
    const values = allocate(name, result.columnType(index), length)
    let at = 0
    for (const chunk of chunks) at = copyVector(chunk, index, values, at)
    return [name, values]
  })
  return { length, ...Object.fromEntries(columns) } as Columns
}

/** The chunks as the bindings know them: a vector of the public interface is several objects, and a null in it a big integer. */
function rawChunks(result: DuckDBResult): DataChunk[] {
  const raw = (result as unknown as { result: Result }).result
  return Array.from({ length: bindings.result_chunk_count(raw) }, (_, index) => bindings.result_get_chunk(raw, index))
}

function allocate(name: string, type: DuckDBType, length: number): NumberColumn {
  if (type.typeId === DuckDBTypeId.DOUBLE) return new Float64Array(length)
  if (type.typeId === DuckDBTypeId.INTEGER) return new Int32Array(length)
  if (type.typeId === DuckDBTypeId.TINYINT) return new Int8Array(length)
  throw new TypeError(`column ${name} is ${type.toString()}; typed arrays hold DOUBLE, INTEGER and TINYINT`)
}

/** Copies a vector of a chunk to the place `at` and returns the place behind it. */
function copyVector(chunk: DataChunk, index: number, into: NumberColumn, at: number): number {
  const count = bindings.data_chunk_get_size(chunk)
  const vector = bindings.data_chunk_get_vector(chunk, index)
  const bytes = bindings.vector_get_data(vector, count * into.BYTES_PER_ELEMENT)
  new Uint8Array(into.buffer, at * into.BYTES_PER_ELEMENT).set(bytes)
  // a bit for each value, 0 for a null; none at all when there is no null
  const validity = bindings.vector_get_validity(vector, Math.ceil(count / 64) * 8) as Uint8Array | null
  if (validity === null) return at + count
  const missing = into instanceof Float64Array ? NaN : -1
  for (let i = 0; i < count; i++) if ((validity[i >> 3] & (1 << (i & 7))) === 0) into[at + i] = missing
  return at + count
}

/** The chunk as the bindings know it: through the public interface every vector is copied twice more. */
function rawChunk(chunk: DuckDBDataChunk): DataChunk {
  return (chunk as unknown as { chunk: DataChunk }).chunk
}

/** Appends columns to the table `table`, which it creates when it does not exist. */
export async function appendColumns(connection: DuckDBConnection, table: string, columns: Columns): Promise<void> {
  const { length, ...named } = columns
  const names = Object.keys(named)
  const types = names.map((name) => columnType(columns[name]))
  const definition = names.map((name, index) => `${identifier(name)} ${types[index].toString()}`).join(', ')
  await connection.run(`create table if not exists ${identifier(table)} (${definition})`)
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
