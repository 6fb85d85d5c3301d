import { DuckDBDataChunk, DuckDBTypeId, DOUBLE, INTEGER, TINYINT } from '@duckdb/node-api'
import type { DuckDBConnection, DuckDBResult, DuckDBType, DuckDBVector } from '@duckdb/node-api'
import bindings, { type DataChunk } from '@duckdb/node-bindings'
import { identifier } from './quote.js'

/** A column of numbers: DOUBLE, INTEGER or TINYINT in SQL. */
export type NumberColumn = Float64Array | Int32Array | Int8Array

/** Columns of equal length; entry `i` of each belongs to row `i`. */
export type Columns<Name extends string = string> = { length: number } & Record<Name, NumberColumn>

/** A vector's values as they lie in memory; the public interface gives only one value at a time. */
interface NumberVector {
  items: NumberColumn
  validity: { data: BigUint64Array | null }
}

const vectorSize = 2048

/**
 * Reads a result into typed arrays: DOUBLE, INTEGER and TINYINT columns only. A null becomes `NaN` in a DOUBLE column and
 * -1 in the others. When the number of rows is known, saying how many are `expected` saves making larger arrays over and over.
 */
export async function readColumns(result: DuckDBResult, expected = 8 * vectorSize): Promise<Columns> {
  const names = result.columnNames()
  const growing = names.map((name, index) => growingColumn(name, result.columnType(index), expected))
  let length = 0
  for (;;) {
    const chunk = await result.fetchChunk()
    if (chunk === null || chunk.rowCount === 0) break
    for (const [index, column] of growing.entries()) column.add(chunk.getColumnVector(index), length, chunk.rowCount)
    length += chunk.rowCount
  }
  const columns = Object.fromEntries(growing.map((column, index) => [names[index], column.end(length)]))
  return { length, ...columns } as Columns
}

function growingColumn(name: string, type: DuckDBType, expected: number) {
  let values = allocate(name, type, expected)
  return {
    add(vector: DuckDBVector, at: number, count: number) {
      if (at + count > values.length) {
        const larger = allocate(name, type, Math.max(at + count, values.length * 2))
        larger.set(values)
        values = larger
      }
      copyVector(vector, values, at, count)
    },
    end: (length: number) => values.subarray(0, length),
  }
}

function allocate(name: string, type: DuckDBType, length: number): NumberColumn {
  if (type.typeId === DuckDBTypeId.DOUBLE) return new Float64Array(length)
  if (type.typeId === DuckDBTypeId.INTEGER) return new Int32Array(length)
  if (type.typeId === DuckDBTypeId.TINYINT) return new Int8Array(length)
  throw new TypeError(`column ${name} is ${type.toString()}; typed arrays hold DOUBLE, INTEGER and TINYINT`)
}

function copyVector(vector: DuckDBVector, into: NumberColumn, at: number, count: number): void {
  const { items, validity } = vector as unknown as NumberVector
  into.set(items.subarray(0, count), at)
  if (validity.data === null) return
  const missing = into instanceof Float64Array ? NaN : -1
  for (let i = 0; i < count; i++) if (vector.getItem(i) === null) into[at + i] = missing
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
