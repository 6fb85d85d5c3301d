import { Option, type Command } from 'commander'
import type { ChartOptions, Spec } from '../charts/frame.js'
import { ownChart, ownMarks, type OwnMark } from '../charts/own.js'
import type { DatabaseSpec } from '../database/database.js'
import { usageError } from '../errors.js'
import type { GeometrySpec } from '../models/parameters.js'
import { openQuery } from '../query/open-query.js'
import { readPlotRows } from '../query/plot-rows.js'

/** The options of a chart of a query. */
export interface SqlChartOptions {
  sql?: string
  mark?: OwnMark
  x?: string
  y?: string
  color?: string
}

/** Adds the options of a chart of a query to the command. */
export function addSqlOptions(command: Command): Command {
  return command
    .option('--sql <query>', 'a query whose rows are drawn, with --mark, --x and --y')
    .addOption(new Option('--mark <mark>', 'what the rows of --sql are drawn as, areas and bars of different colours on top of each other (default: line)').choices(ownMarks))
    .option('--x <column>', 'the column of --sql that is drawn from left to right')
    .option('--y <column>', 'the column of --sql that is drawn upwards')
    .option('--color <column>', 'the column of --sql that is drawn as colour')
}

/** Throws a usage error when options of a chart of a query are missing, or given without one, or beside `others`. */
export function assertSqlOptions({ sql, ...options }: SqlChartOptions, others: Readonly<Record<string, unknown>>): void {
  const given = (names: Readonly<Record<string, unknown>>) => Object.keys(names).find((name) => names[name] !== undefined)
  if (sql === undefined) {
    const stray = given(options)
    if (stray !== undefined) throw usageError({ what: `--${stray} belongs to a chart of a query`, expected: '--sql besides' })
    return
  }
  const other = given(others)
  if (other !== undefined) throw usageError({ what: `--sql and ${other} are both given`, expected: 'one chart' })
  const missing = (['x', 'y'] as const).find((name) => options[name] === undefined)
  if (missing !== undefined) throw usageError({ what: `--${missing} is missing`, expected: 'a column of the query' })
}

/** Draws the rows of a query, which can do nothing but read. */
export async function drawSql(
  { sql, mark = 'line', x, y, color }: SqlChartOptions,
  place: Pick<DatabaseSpec, 'threads' | 'memory'> & { folder?: string; geometry: GeometrySpec },
  options: ChartOptions,
): Promise<Spec> {
  const { database, origin, sql: text } = await openQuery({ ...place, sql: sql!, name: '--sql' })
  try {
    const canThin = mark === 'line' || mark === 'area' || mark === 'point'
    const rows = await readPlotRows(database, text, origin, { x: x!, y: y!, color, canThin })
    return ownChart({ mark, x: x!, y: y!, color, ...rows, options })
  } finally {
    database.close()
  }
}
