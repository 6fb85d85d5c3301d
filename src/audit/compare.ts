import type { Database } from '../database/database.js'
import { identifier, literal } from '../database/quote.js'

/** A column of an audited relation. */
export interface AuditedColumn {
  name: string
  /** The SQL type, such as `DOUBLE`. */
  type: string
}

/** Values of one column that are not the same in two computations; the first of them in time is shown. */
export interface ColumnDifference {
  /** `row` when a row is there in only one of them. */
  column: string
  symbol: string
  bar_at: string
  whole_value: string | null
  other_value: string | null
  /** How many values differ. */
  differing: number
  /** How many more differ in the last digits only, where that is told apart. */
  rounded: number
}

/** Whether two numbers that differ in their last digits only count as different. */
export type Precision = 'exact' | 'rounded'

/** Returns the columns of a relation. */
export async function auditedColumns(database: Database, relation: string): Promise<AuditedColumn[]> {
  const rows = await database.rows<{ column_name: string; column_type: string }>(`describe select * from ${relation}`)
  return rows.map(({ column_name, column_type }) => ({ name: column_name, type: column_type }))
}

/** Returns how many rows of `audit_whole` stand on bars that had closed at `cut`. */
export async function countRows(database: Database, cut: string): Promise<number> {
  const sql = `select count(*) from audit_whole semi join (${known(cut)}) using (symbol, bar_at)`
  return Number(await database.value(sql))
}

/**
 * Compares the rows of `audit_whole` and `audit_other` that stand on bars which had closed at `cut`, in every column,
 * bit for bit, and returns the columns that differ.
 */
export async function compareRows(
  database: Database,
  columns: readonly AuditedColumn[],
  cut: string,
  precision: Precision,
): Promise<ColumnDifference[]> {
  const compared = columns.filter(({ name }) => !['symbol', 'bar_at'].includes(name.toLowerCase()))
  const distinct = compared.map(({ name }) => `whole.${identifier(name)} is distinct from other.${identifier(name)}`)
  await database.run(`
    create or replace table audit_pairs as
    with
      whole as (select * from audit_whole semi join (${known(cut)}) using (symbol, bar_at)),
      other as (select * from audit_other semi join (${known(cut)}) using (symbol, bar_at))
    select
      coalesce(whole.symbol, other.symbol) as symbol,
      coalesce(whole.bar_at, other.bar_at) as bar_at,
      whole.symbol is not null as in_whole,
      other.symbol is not null as in_other,
      whole,
      other
    from whole full join other on whole.symbol = other.symbol and whole.bar_at = other.bar_at
    where ${['whole.symbol is null', 'other.symbol is null', ...distinct].join('\n or ')}`)
  if (Number(await database.value('select count(*) from audit_pairs')) === 0) return []
  const parts = compared.map((column) => valuesSql(column, precision))
  return database.rows<ColumnDifference>(summarySql([rowsSql, ...parts]))
}

function known(cut: string): string {
  return `select symbol, bar_at from audit_bars where closed_at <= timestamp ${literal(cut)}`
}

const rowsSql = `
  select 'row' as column_name, symbol, bar_at, if(in_whole, 'present', 'absent') as whole_value,
    if(in_other, 'present', 'absent') as other_value, false as is_rounded
  from audit_pairs where in_whole <> in_other`

function valuesSql(column: AuditedColumn, precision: Precision): string {
  const [whole, other] = ['whole', 'other'].map((side) => `${side}.${identifier(column.name)}`)
  return `
    select ${literal(column.name)}, symbol, bar_at, ${whole}::varchar, ${other}::varchar,
      ${precision === 'rounded' && isFloating(column) ? nearlyEqual(whole, other) : 'false'}
    from audit_pairs where in_whole and in_other and ${whole} is distinct from ${other}`
}

function isFloating({ type }: AuditedColumn): boolean {
  return type === 'DOUBLE' || type === 'FLOAT'
}

/** Far above what the order of additions can change, far below what another price does. */
function nearlyEqual(a: string, b: string): string {
  const areNear = `abs(${a} - ${b}) <= 1e-9 * greatest(abs(${a}), abs(${b}))`
  return `coalesce(isfinite(${a}) and isfinite(${b}) and ${areNear}, false)`
}

function summarySql(parts: readonly string[]): string {
  return `
    with differences as (${parts.join('\nunion all\n')}),
    firsts as (
      select *, row_number() over (partition by column_name order by is_rounded, bar_at, symbol) as number
      from differences
    )
    select
      column_name as column,
      any_value(symbol) filter (number = 1) as symbol,
      any_value(bar_at::varchar) filter (number = 1) as bar_at,
      any_value(whole_value) filter (number = 1) as whole_value,
      any_value(other_value) filter (number = 1) as other_value,
      count(*) filter (not is_rounded) as differing,
      count(*) filter (is_rounded) as rounded
    from firsts group by column_name order by min(bar_at), column_name`
}
