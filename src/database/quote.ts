/** Returns `text` as an SQL string literal. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}

/** Returns `name` as an SQL identifier, always quoted. */
export function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

/** A value that can stand for a `$name` in SQL. */
export type SqlValue = string | number | boolean | null | readonly string[]

/** Returns a value as an SQL literal; numbers keep every bit, lists of text become DuckDB lists. */
export function sqlValue(value: SqlValue): string {
  if (value === null) return 'null'
  if (typeof value === 'string') return literal(value)
  if (typeof value === 'boolean') return value ? 'true' : 'false'
  if (typeof value !== 'number') return `[${value.map(literal).join(', ')}]`
  if (!Number.isFinite(value)) return `'${value}'::double`
  return Number.isInteger(value) && Math.abs(value) < 2 ** 31 ? String(value) : `${value}::double`
}

/** Returns a list of texts as SQL of an ENUM: Parquet files take its codes over as they are, while each VARCHAR is looked up. */
export function enumeration(texts: readonly string[]): string {
  if (texts.length === 0) return '[]::varchar[]'
  return `(${sqlValue(texts)}::enum(${[...new Set(texts)].map(literal).join(', ')})[])`
}
