import type { Database } from '../database/database.js'
import { identifier } from '../database/quote.js'
import { resultColumns, type ResultColumn } from '../database/result.js'
import type { SqlOrigin } from '../database/sql-error.js'
import { DgasError, nearest, usageError } from '../errors.js'
import { count } from '../format.js'

/** Which columns of a query are drawn. */
export interface PlotSelection {
  x: string
  y: string
  color?: string
  /** Whether of many rows only the extremes of each stretch of `x` are read; else too many are an error. */
  canThin: boolean
}

/** The rows that are drawn. */
export interface PlotRows {
  columns: readonly ResultColumn[]
  rows: PlotRow[]
  /** How many the query has. */
  total: number
}

/** A row that is drawn; times in milliseconds since 1970-01-01 UTC. */
export interface PlotRow {
  x: number | string | null
  y: number | string | null
  color?: number | string | null
}

const mostRows = 5000
const stretches = 1000

/**
 * Reads the columns of a query that are drawn. Of more than 5,000 rows those are left where `y` is lowest or highest in one of
 * 1,000 equally long stretches of `x`, for each colour, and the ends. Throws a usage error for an unknown column, a `DgasError`
 * for a query without rows or with more colours, or bars, than can be drawn.
 */
export async function readPlotRows(
  database: Database,
  sql: string,
  origin: SqlOrigin,
  { x, y, color, canThin }: PlotSelection,
): Promise<PlotRows> {
  const own = sql.trimEnd().replace(/;$/, '')
  const columns = resultColumns(await database.stream(`select * from (\n${own}\n) limit 0`, { ...origin, linesBefore: 1 }))
  const chosen = { x, y, ...(color === undefined ? {} : { color }) }
  for (const [option, name] of Object.entries(chosen)) assertColumn(columns, option, name)
  const list = Object.entries(chosen).map(([as, name]) => `${valueSql(columns.find((column) => column.name === name)!)} as ${as}`)
  const drawn = `select ${list.join(', ')} from (\n${own}\n)`
  const total = Number(await database.value(`select count(*) from (${drawn})`))
  if (total === 0) throw new DgasError({ what: 'the query has no rows to draw', where: origin.name })
  if (total > mostRows && !canThin) {
    const what = `the query has ${count(total)} rows, more than can be told apart`
    throw new DgasError({ what, where: origin.name, expected: `at most ${count(mostRows)}: group them, or --mark line` })
  }
  const statement = total > mostRows ? thinnedSql(drawn, color !== undefined) : drawn
  const linesBefore = statement.slice(0, statement.indexOf(own)).split('\n').length - 1
  const rows = await database.rows<PlotRow>(statement, { ...origin, linesBefore })
  return { columns, rows, total }
}

function assertColumn(columns: readonly ResultColumn[], option: string, name: string): void {
  const names = columns.map((column) => column.name)
  if (names.includes(name)) return
  const what = `the query has no column "${name}"`
  throw usageError({ what, where: `--${option}`, expected: names.join(', '), nearest: nearest(name, names) })
}

function valueSql({ name, type, isNumber }: ResultColumn): string {
  const column = identifier(name)
  if (isNumber) return `if(isfinite(${column}::double), ${column}::double, null)`
  return /^(?:DATE|TIMESTAMP)/.test(type) ? `epoch_ms(${column}::timestamp)` : `${column}::varchar`
}

function thinnedSql(drawn: string, hasColor: boolean): string {
  const by = hasColor ? 'color' : 'true'
  return `
    with placed as (
      select
        *,
        row_number() over in_order as place,
        count(*) over (partition by ${by}) as size,
        (row_number() over in_order - 1) * ${stretches} // count(*) over (partition by ${by}) as stretch
      from (${drawn})
      window in_order as (partition by ${by} order by x)
    )

    select x, y${hasColor ? ', color' : ''}
    from placed
    qualify place = 1 or place = size
      or row_number() over (partition by ${by}, stretch order by y, place) = 1
      or row_number() over (partition by ${by}, stretch order by y desc, place) = 1
    order by ${hasColor ? 'color, ' : ''}place`
}
