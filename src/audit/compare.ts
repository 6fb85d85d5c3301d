import type { Database } from '../database/database.js'
import { identifier, literal } from '../database/quote.js'
import type { SqlOrigin } from '../database/sql-error.js'
import type { Later } from './variants.js'

/** A column of an audited relation. */
export interface AuditedColumn {
  name: string
  /** The SQL type, such as `DOUBLE`. */
  type: string
}

/** Values of one column that are not the same in two computations, with the first of them. Times are UTC as text. */
export interface ColumnDifference {
  /** `row` when a row is there in only one of them. */
  column: string
  symbol: string
  bar_at: string
  whole_value: string | null
  other_value: string | null
  /** What was done to the bars in the other one. */
  cut: string
  later: Later
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

/** Computes `relation` over the bars that are shown into `audit_other`: its rows on bars up to the cuts. */
export async function computeOther(database: Database, relation: string, origin: SqlOrigin): Promise<void> {
  await database.run(
    `create or replace table audit_other as
    select * from ${relation} as computed
    semi join audit_known as known on computed.symbol = known.shown_symbol and computed.bar_at = known.bar_at`,
    origin,
  )
}

/** Returns how many rows of `audit_whole` stand on bars up to the cuts. */
export async function countRows(database: Database): Promise<number> {
  return Number(await database.value('select count(*) from audit_whole join audit_known using (symbol, bar_at)'))
}

/**
 * Compares the rows of `audit_whole` and `audit_other` on the bars of `audit_known`, in every column, bit for bit, and
 * returns the columns that differ.
 */
export async function compareRows(
  database: Database,
  columns: readonly AuditedColumn[],
  precision: Precision,
): Promise<ColumnDifference[]> {
  const compared = columns.filter(({ name }) => !['symbol', 'bar_at'].includes(name.toLowerCase()))
  const distinct = compared.map(({ name }) => `whole.${identifier(name)} is distinct from other.${identifier(name)}`)
  await database.run(`
    create or replace table audit_pairs as
    select
      variant,
      known.symbol,
      known.bar_at,
      whole.symbol is not null as in_whole,
      other.symbol is not null as in_other,
      whole,
      other
    from audit_known as known
    left join audit_whole as whole on whole.symbol = known.symbol and whole.bar_at = known.bar_at
    left join audit_other as other on other.symbol = known.shown_symbol and other.bar_at = known.bar_at
    where ${['in_whole <> in_other', ...distinct].join('\n or ')}`)
  if (Number(await database.value('select count(*) from audit_pairs')) === 0) return []
  const parts = compared.map((column) => valuesSql(column, precision))
  return database.rows<ColumnDifference>(summarySql([rowsSql, ...parts]))
}

const rowsSql = `
  select 'row' as column_name, variant, symbol, bar_at, if(in_whole, 'present', 'absent') as whole_value,
    if(in_other, 'present', 'absent') as other_value, false as is_rounded
  from audit_pairs where in_whole <> in_other`

function valuesSql(column: AuditedColumn, precision: Precision): string {
  const [whole, other] = ['whole', 'other'].map((side) => `${side}.${identifier(column.name)}`)
  return `
    select ${literal(column.name)}, variant, symbol, bar_at, ${whole}::varchar, ${other}::varchar,
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
    numbered as (
      select
        *,
        row_number() over (partition by column_name order by is_rounded, variant, bar_at, symbol) as number,
        count(*) filter (not is_rounded) over (partition by column_name) as differing,
        count(*) filter (is_rounded) over (partition by column_name) as rounded
      from differences
    )
    select column_name as column, symbol, bar_at::varchar as bar_at, whole_value, other_value,
      cut::varchar as cut, later, differing, rounded
    from numbered join audit_variants using (variant, symbol)
    where number = 1
    order by bar_at, column_name`
}
