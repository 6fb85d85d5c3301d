import type { DuckDBResult } from '@duckdb/node-api'
import { AsyncByteQueue, Field, makeData, RecordBatch, RecordBatchFileWriter, Schema, Struct } from 'apache-arrow'
import { columnChunks } from '../database/result.js'
import { arrowColumn, type ArrowColumn } from './arrow-columns.js'
import type { Written } from './written.js'

/** Rows in a record batch at least, except in the last. */
const batchRows = 65_536

/**
 * Writes a result as an Arrow IPC file, batch by batch. Numbers, times, text, bytes, lists and structs keep their kind; what
 * has no counterpart, such as intervals and unions, becomes text.
 */
export async function writeArrow(
  result: DuckDBResult,
  write: (bytes: Uint8Array) => void | Promise<void>,
): Promise<Written> {
  const names = result.deduplicatedColumnNames()
  const columns = result.columnTypes().map(arrowColumn)
  const schema = new Schema(columns.map(({ type }, index) => new Field(names[index], type, true)))
  const { writer, taken } = batchWriter(schema)
  let rows = 0
  for await (const part of columnChunks(result, batchRows)) {
    writer.write(recordBatch(schema, columns, part))
    rows += part[0].length
    for (const bytes of taken()) await write(bytes)
  }
  if (rows === 0) writer.write(recordBatch(schema, columns, columns.map(() => [])))
  writer.finish()
  for (const bytes of taken()) await write(bytes)
  return { rows, columns: columns.length, columnsShown: columns.length }
}

/** A writer, and what takes the bytes that it has made since they were taken last. */
function batchWriter(schema: Schema): { writer: RecordBatchFileWriter; taken: () => Uint8Array[] } {
  const parts: Uint8Array[] = []
  const queue = new AsyncByteQueue()
  queue.write = (bytes) => void parts.push(bytes as Uint8Array)
  const writer = new RecordBatchFileWriter()
  writer.reset(queue, schema)
  return { writer, taken: () => parts.splice(0) }
}

function recordBatch(schema: Schema, columns: readonly ArrowColumn[], values: readonly unknown[][]): RecordBatch {
  const children = columns.map((column, index) => column.data(values[index]))
  return new RecordBatch(schema, makeData({ type: new Struct(schema.fields), length: values[0].length, nullCount: 0, children }))
}
