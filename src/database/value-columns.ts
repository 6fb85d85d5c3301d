import { DuckDBTypeId, type DuckDBDataChunk, type DuckDBResult, type DuckDBValue } from '@duckdb/node-api'
import { DgasError } from '../errors.js'
import { jsonValue, resultColumns, type JsonValue, type ResultColumn } from './result.js'

/**
 * A column of any result. Numbers are a `Float64Array` in which a null is `NaN`. Times and dates are one of milliseconds since
 * 1970-01-01 UTC. Text, true and false, lists and structs are an array in which a null is null.
 */
export type ValueColumn = Float64Array | readonly JsonValue[]

/** What the values of a column are. */
export type ColumnKind = 'number' | 'time' | 'text' | 'boolean' | 'other'

/** The columns of a result by name, all of the same length. */
export interface ValueColumns {
  /** Number of rows. */
  length: number
  columns: Record<string, ValueColumn>
  kinds: Record<string, ColumnKind>
}

/**
 * Yields a result as columns, a few thousand rows or more at a time, and once without rows when it has none. Throws a
 * `DgasError` for two columns of one name and for a whole number that a `Float64Array` cannot hold exactly.
 */
export async function* valueColumnChunks(result: DuckDBResult, rowsAtLeast: number): AsyncGenerator<ValueColumns> {
  const columns = distinct(resultColumns(result))
  let chunks: DuckDBDataChunk[] = []
  let yielded = false
  for (;;) {
    const chunk = await result.fetchChunk()
    const isEnd = chunk === null || chunk.rowCount === 0
    if (!isEnd) chunks.push(chunk)
    const length = chunks.reduce((sum, { rowCount }) => sum + rowCount, 0)
    if (isEnd ? length > 0 || !yielded : length >= rowsAtLeast) {
      yield joined(columns, chunks, length)
      yielded = true
      chunks = []
    }
    if (isEnd) return
  }
}

function distinct(columns: readonly ResultColumn[]): readonly ResultColumn[] {
  const names = columns.map(({ name }) => name)
  const repeated = names.find((name, index) => names.indexOf(name) < index)
  if (repeated === undefined) return columns
  throw new DgasError({ what: `two columns are named "${repeated}"`, expected: 'a name of its own for each: … as name' })
}

function joined(columns: readonly ResultColumn[], chunks: readonly DuckDBDataChunk[], length: number): ValueColumns {
  const kinds = columns.map((column) => columnKind(column))
  const values = columns.map((column, index) => columnOf(column, kinds[index], index, chunks, length))
  return {
    length,
    columns: Object.fromEntries(columns.map(({ name }, index) => [name, values[index]])),
    kinds: Object.fromEntries(columns.map(({ name }, index) => [name, kinds[index]])),
  }
}

function columnKind({ type, isNumber }: ResultColumn): ColumnKind {
  if (isNumber) return 'number'
  if (/^(?:DATE|TIMESTAMP.*)$/.test(type)) return 'time'
  if (type === 'VARCHAR' || type.startsWith('ENUM')) return 'text'
  return type === 'BOOLEAN' ? 'boolean' : 'other'
}

function columnOf(
  { name }: ResultColumn,
  kind: ColumnKind,
  index: number,
  chunks: readonly DuckDBDataChunk[],
  length: number,
): ValueColumn {
  if (kind !== 'number' && kind !== 'time') {
    return chunks.flatMap((chunk) => chunk.getColumnValues(index).map(jsonValue))
  }
  const numbers = new Float64Array(length)
  let at = 0
  for (const chunk of chunks) {
    copyNumbers(chunk, index, name, numbers, at)
    at += chunk.rowCount
  }
  return numbers
}

/** DOUBLE columns, of which most results consist, are copied as they lie in memory. */
function copyNumbers(chunk: DuckDBDataChunk, index: number, name: string, into: Float64Array, at: number): void {
  const vector = chunk.getColumnVector(index)
  const { items, validity } = vector as unknown as { items: unknown; validity?: { data: BigUint64Array | null } }
  if (vector.type.typeId === DuckDBTypeId.DOUBLE && validity?.data === null) {
    into.set((items as Float64Array).subarray(0, chunk.rowCount), at)
    return
  }
  for (let row = 0; row < chunk.rowCount; row++) into[at + row] = numberOf(vector.getItem(row), name)
}

function numberOf(value: DuckDBValue, name: string): number {
  if (value === null) return NaN
  if (typeof value === 'number') return value
  if (typeof value === 'bigint') return exactNumber(value, name)
  if (typeof value === 'object') return Number(measured(value))
  throw new TypeError(`column ${name} has a value that is no number: ${String(value)}`)
}

/** Returns a decimal as a number, a date or time as its milliseconds; anything else has no such fields and gives undefined. */
function measured(value: object): number | bigint | undefined {
  const { days, seconds, millis, micros, nanos } = value as Partial<Record<string, bigint | number>>
  if ('toDouble' in value) return (value as { toDouble: () => number }).toDouble()
  if (days !== undefined) return Number(days) * 86_400_000
  if (seconds !== undefined) return Number(seconds) * 1000
  if (micros !== undefined) return Number(micros) / 1000
  return nanos === undefined ? millis : Number(nanos) / 1_000_000
}

function exactNumber(value: bigint, name: string): number {
  if (BigInt(Number(value)) === value) return Number(value)
  const expected = `whole numbers within 2^53, or "${name}"::varchar for all digits`
  throw new DgasError({ what: `the column "${name}" holds ${value}`, expected })
}
