import type { DuckDBType } from '@duckdb/node-api'
import * as arrow from 'apache-arrow'

/** How the values of a column become Arrow data; a missing value is null. */
export interface ArrowColumn {
  type: arrow.DataType
  data: (values: readonly unknown[]) => arrow.Data
}

/** Returns how values of a DuckDB type become Arrow data. */
export function arrowColumn(type: DuckDBType): ArrowColumn {
  const name = type.toString()
  if ('valueType' in type && name.endsWith('[]')) return listColumn(arrowColumn(type.valueType))
  if ('entryTypes' in type && name.startsWith('STRUCT')) return structColumn(type.entryNames, type.entryTypes.map(arrowColumn))
  if ('scale' in type) return decimalColumn(type.scale, type.width, (value) => (value as { value: bigint }).value)
  if (name === 'HUGEINT') return decimalColumn(0, 38, (value) => value as bigint)
  return fixed[name]?.() ?? (name === 'BLOB' ? bytesColumn(new arrow.Binary(), blobBytes) : bytesColumn(new arrow.Utf8(), textBytes))
}

type Numbers = Int8Array | Int16Array | Int32Array | Uint8Array | Uint16Array | Uint32Array | Float32Array | Float64Array

const micros = (value: unknown) => (value as { micros: bigint }).micros

/** Columns whose values lie side by side, by their SQL type. */
const fixed: Readonly<Record<string, (() => ArrowColumn) | undefined>> = {
  BOOLEAN: () => ({ type: new arrow.Bool(), data: booleans }),
  TINYINT: () => numbers(new arrow.Int8(), Int8Array),
  SMALLINT: () => numbers(new arrow.Int16(), Int16Array),
  INTEGER: () => numbers(new arrow.Int32(), Int32Array),
  UTINYINT: () => numbers(new arrow.Uint8(), Uint8Array),
  USMALLINT: () => numbers(new arrow.Uint16(), Uint16Array),
  UINTEGER: () => numbers(new arrow.Uint32(), Uint32Array),
  FLOAT: () => numbers(new arrow.Float32(), Float32Array),
  DOUBLE: () => numbers(new arrow.Float64(), Float64Array),
  DATE: () => numbers(new arrow.DateDay(), Int32Array, (value) => (value as { days: number }).days),
  BIGINT: () => bigints(new arrow.Int64(), BigInt64Array),
  UBIGINT: () => bigints(new arrow.Uint64(), BigUint64Array),
  TIME: () => bigints(new arrow.TimeMicrosecond(), BigInt64Array, micros),
  TIMESTAMP: () => bigints(new arrow.TimestampMicrosecond(), BigInt64Array, micros),
  'TIMESTAMP WITH TIME ZONE': () => bigints(new arrow.TimestampMicrosecond('UTC'), BigInt64Array, micros),
}

function numbers(
  type: arrow.DataType,
  Values: new (length: number) => Numbers,
  of: (value: unknown) => number = (value) => value as number,
): ArrowColumn {
  return column(type, (values) => {
    const data = new Values(values.length)
    for (const [index, value] of values.entries()) if (value !== null) data[index] = of(value)
    return { data }
  })
}

function bigints(
  type: arrow.DataType,
  Values: new (length: number) => BigInt64Array | BigUint64Array,
  of: (value: unknown) => bigint = (value) => value as bigint,
): ArrowColumn {
  return column(type, (values) => {
    const data = new Values(values.length)
    for (const [index, value] of values.entries()) if (value !== null) data[index] = of(value)
    return { data }
  })
}

/** Decimals are whole numbers of 128 bits. */
function decimalColumn(scale: number, precision: number, of: (value: unknown) => bigint): ArrowColumn {
  return column(new arrow.Decimal(scale, precision, 128), (values) => {
    const halves = new BigInt64Array(values.length * 2)
    for (const [index, value] of values.entries()) {
      if (value === null) continue
      halves[index * 2] = BigInt.asIntN(64, of(value))
      halves[index * 2 + 1] = of(value) >> 64n
    }
    return { data: new Uint32Array(halves.buffer) }
  })
}

function booleans(values: readonly unknown[]): arrow.Data {
  return arrow.makeData({ type: new arrow.Bool(), ...presence(values), data: bits(values, (value) => value === true) })
}

function bytesColumn(type: arrow.DataType, bytesOf: (value: unknown) => Uint8Array): ArrowColumn {
  return column(type, (values) => {
    const parts = values.map((value) => (value === null ? new Uint8Array() : bytesOf(value)))
    return { valueOffsets: offsets(parts), data: Buffer.concat(parts) }
  })
}

function listColumn(child: ArrowColumn): ArrowColumn {
  return column(new arrow.List(new arrow.Field('item', child.type, true)), (values) => {
    const lists = values.map((value) => (value === null ? [] : (value as { items: unknown[] }).items))
    return { valueOffsets: offsets(lists), child: child.data(lists.flat()) }
  })
}

function structColumn(names: readonly string[], entries: readonly ArrowColumn[]): ArrowColumn {
  const fields = names.map((name, index) => new arrow.Field(name, entries[index].type, true))
  return column(new arrow.Struct(fields), (values) => {
    const of = (name: string) => values.map((value) => (value as { entries: Record<string, unknown> } | null)?.entries[name] ?? null)
    return { children: names.map((name, index) => entries[index].data(of(name))) }
  })
}

function column(type: arrow.DataType, buffers: (values: readonly unknown[]) => object): ArrowColumn {
  return { type, data: (values) => arrow.makeData({ type, ...presence(values), ...buffers(values) } as never) }
}

function presence(values: readonly unknown[]): { length: number; nullCount: number; nullBitmap: Uint8Array | undefined } {
  const nullCount = values.reduce<number>((count, value) => count + (value === null ? 1 : 0), 0)
  return { length: values.length, nullCount, nullBitmap: nullCount === 0 ? undefined : bits(values, (value) => value !== null) }
}

function bits(values: readonly unknown[], isSet: (value: unknown) => boolean): Uint8Array {
  const bytes = new Uint8Array(Math.ceil(values.length / 8))
  for (const [index, value] of values.entries()) if (isSet(value)) bytes[index >> 3] |= 1 << (index & 7)
  return bytes
}

function offsets(parts: readonly { length: number }[]): Int32Array {
  const ends = new Int32Array(parts.length + 1)
  for (const [index, { length }] of parts.entries()) ends[index + 1] = ends[index] + length
  return ends
}

function blobBytes(value: unknown): Uint8Array {
  return (value as { bytes: Uint8Array }).bytes
}

function textBytes(value: unknown): Uint8Array {
  return Buffer.from(typeof value === 'string' ? value : String(value))
}
