import { join } from 'node:path'
import type { Database } from '../database/database.js'
import { bindParameters } from '../database/parameters.js'
import { literal } from '../database/quote.js'
import { usageError } from '../errors.js'
import { readSql } from '../models/model.js'
import type { Calendar } from '../store/calendar.js'
import { sessionsSql } from '../store/sessions.js'
import type { Timeframe } from '../store/timeframe.js'
import { assertFound, barAliases, recognised } from './columns.js'
import { openSource, readable, rowsSql, type Source } from './source.js'
import { takeMalformed } from './malformed.js'
import { clockTimesSql, type TimeFormat } from './time-format.js'
import { numberSql, textSql, timeSql, type NumberFormat } from './values.js'

/** How the rows of files become bars. */
export interface BarReading {
  timeframe: Timeframe
  calendar: Calendar
  /** Zone of times without an offset. */
  timezone: string
  timeFormat: TimeFormat
}

/** A file whose columns are known. */
export interface BarSource extends Source {
  /** SQL of the values of `raw_rows` of sql/import: symbol, time_text, prices and volume, and the prices as text. */
  values: string
}

/** The prices and the volume. */
export const valueNames = ['open', 'high', 'low', 'close', 'volume'] as const

/**
 * Opens a file and finds the columns of bars in it; `symbol` is the symbol of a file that has no column for it, else null;
 * `numbers` tells how text has numbers.
 * Throws a usage error for columns that are missing or doubtful.
 */
export async function openBarSource(
  database: Database,
  file: string,
  { symbol, numbers }: { symbol: string | null; numbers: NumberFormat },
): Promise<BarSource> {
  const source = await openSource(database, file)
  const { columns } = source
  const found = recognised(columns, barAliases, file)
  const needed = ['time', 'open', 'high', 'low', 'close'] as const
  const table = { aliases: barAliases, columns, file }
  assertFound(found, symbol === null ? [...needed, 'symbol'] : needed, table)
  if (symbol !== null && found.symbol.length > 0) {
    const what = `the column ${found.symbol[0].name} has symbols, and --symbol is given`
    throw usageError({ what, where: file, expected: 'one of them' })
  }
  const values = `
      ${symbol === null ? textSql(found.symbol[0]) : literal(symbol)} as symbol,
      ${timeSql(found.time)} as time_text,
      ${valueNames.map((name) => `${numberSql(found[name].at(0), numbers)} as ${name}`).join(',\n')},
      ${valueNames.map((name) => `${originalSql(found[name].at(0)?.sql)} as original_${name}`).join(', ')}`
  return { ...source, values }
}

function originalSql(column: string | undefined): string {
  return column === undefined ? 'null::varchar' : `${column}::varchar`
}

/** Years of times, both included. */
export interface Years {
  from: number
  to: number
}

/** Every year that a time may have. */
export const allYears: Years = { from: 1800, to: 2199 }

/** The years of nearly all files: to find when the sessions of every year open and close takes longer than to read a small file. */
export const usualYears: Years = { from: 1960, to: 2039 }

/** Creates the sessions to which bars of some years are assigned, those of one exchange. */
export async function createImportSessions(database: Database, calendar: Calendar, { from, to }: Years): Promise<void> {
  // an instant at the end of a year may be of the next one there, and a bar may last a year
  const sessions = sessionsSql([calendar], { from: `${from - 1}-01-01`, to: `${to + 1}-12-31` })
  await database.run(`create or replace temp table import_sessions as ${sessions}`)
}

/**
 * Reads a file from beginning to end in bounded memory, and writes its rows, each with its partition or the reason for which it is
 * rejected, to a Parquet file in `folder`. Returns false when a time lies outside the years of the sessions: then the file is to be
 * read again with those of more years.
 */
export async function stageBars(
  database: Database,
  source: BarSource,
  reading: BarReading,
  { folder, number, years }: { folder: string; number: number; years: Years },
): Promise<boolean> {
  const { timeframe, calendar, timezone, timeFormat } = reading
  const { minutes, unit } = timeframe
  const zones = { zone: timezone, exchange_zone: calendar.timezone }
  await createView(database, 'raw_rows', `select row, ${source.values}\nfrom (${rowsSql(source)})`)
  await createView(database, 'clock_rows', clockTimesSql(timeFormat))
  await createView(database, 'source_rows', bound('source_times', { zone: timezone }))
  const [times, values] = minutes === undefined ? ['period_times', { unit: unit! }] : ['session_times', { minutes }]
  await createView(database, 'timed_rows', bound(times, { ...zones, ...values }))
  const partition = minutes === undefined ? 'year=%Y' : 'month=%Y-%m'
  await createView(database, 'checked_rows', bound('checked_bars', { partition, first_year: years.from, last_year: years.to }))
  const originals = valueNames.map((name) => {
    return `case when reason is not null then original_${name} end as original_${name}`
  })
  const file = join(folder, `${String(number).padStart(6, '0')}.parquet`)
  const copying = database.run(
    `copy (
      select ${number} as file, row, symbol, ${literal(calendar.exchange)} as exchange, bar_at, closed_at, session_date,
        ${valueNames.join(', ')}, partition_key, reason, time_text, ${originals.join(', ')}
      from checked_rows
    ) to ${literal(file)} (format parquet, use_tmp_file false)`,
    { name: source.file },
  )
  await readable(copying, source.file)
  await takeMalformed(database, number, source)
  return await database.value(`select count(*) from read_parquet(${literal(file)}) where reason = 'outside the years'`) === 0
}

async function createView(database: Database, name: string, sql: string): Promise<void> {
  await database.run(`create or replace temp view ${name} as\n${sql}`, { name, linesBefore: 1 })
}

function bound(name: string, parameters: Readonly<Record<string, string | number>>): string {
  const file = `import/${name}.sql`
  return bindParameters(readSql(file), parameters, file)
}
