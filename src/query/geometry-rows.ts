import type { Database } from '../database/database.js'
import { identifier, literal } from '../database/quote.js'
import { DgasError, usageError, nearest } from '../errors.js'
import type { GeometrySpec } from '../models/parameters.js'
import { storedSymbols, storedTimeframes, type Store } from '../store/layout.js'
import { rangeText, type SessionRange } from '../store/session-range.js'
import { isFinerThan, parseTimeframe, type Timeframe } from '../store/timeframe.js'
import { createQueryRelations } from './relations.js'

/** Which bars of a symbol to read. */
export interface BarSelection extends SessionRange {
  symbol: string
  timeframe: Timeframe
  /** At most this many, the last ones; null: all of the range. */
  last: number | null
  /** More columns to read. Default none. */
  columns?: readonly string[]
  /** The relation that holds them. Default `geometry`. */
  relation?: 'geometry' | 'context'
  /** How the geometry is computed; default: as `usualGeometry` has it. */
  geometry?: GeometrySpec
  /** The higher timeframes of `context`, nearest first; default: the usual ones. */
  higher?: readonly Timeframe[]
}

/** A bar with what the geometry plots on it; times in milliseconds since 1970-01-01 UTC. */
export interface GeometryRow {
  bar_at: number
  closed_at: number
  session_date: number
  open: number
  high: number
  low: number
  close: number
  volume: number | null
  pldot: number | null
  envelope_top: number | null
  envelope_bottom: number | null
  /** The columns asked for besides. */
  plotted: Record<string, number | string | boolean | null>
}

/**
 * Reads bars of one symbol in the order of time. Earlier bars than those asked for take part in the geometry. Throws a
 * usage error for an unknown symbol and for a timeframe that the store has no bars for, a `DgasError` for a range
 * without bars.
 */
export async function readGeometry(database: Database, store: Store, selection: BarSelection): Promise<GeometryRow[]> {
  assertKnown(store, selection)
  const sql = geometrySql(selection)
  const { geometry, higher } = selection
  await createQueryRelations(database, store, sql, { geometry, ...(higher === undefined ? {} : { higher: () => higher }) })
  const rows = await database.rows<Omit<GeometryRow, 'plotted'> & GeometryRow['plotted']>(sql)
  if (rows.length === 0) throw await nothingFound(database, store, selection)
  const { columns = [] } = selection
  return rows.reverse().map((row) => ({ ...row, plotted: Object.fromEntries(columns.map((name) => [name, row[name]])) }))
}

/** The filter on the symbol reaches the files: groups of rows with other symbols are not read. */
function geometrySql({ symbol, timeframe, from, to, last, columns = [], relation = 'geometry' }: BarSelection): string {
  const more = columns.map((name) => `, ${identifier(name)}`).join('')
  return `
    select
      epoch_ms(bar_at) as bar_at,
      epoch_ms(coalesce(closed_at, bar_at)) as closed_at,
      epoch_ms(session_date::timestamp) as session_date,
      open, high, low, close, volume, pldot, envelope_top, envelope_bottom${more}
    from ${relation}
    where symbol = ${literal(symbol)}
      and timeframe = ${literal(timeframe.name)}
      and session_date between ${dateOr(from, '-infinity')} and ${dateOr(to, 'infinity')}
    order by ${relation}.bar_at desc
    ${last === null ? '' : `limit ${last}`}`
}

function dateOr(date: string | null, otherwise: string): string {
  return `date ${literal(date ?? otherwise)}`
}

function assertKnown(store: Store, { symbol, timeframe }: BarSelection): void {
  const stored = storedTimeframes(store)
  const symbols = [...new Set(stored.flatMap((name) => storedSymbols(store, name)))]
  if (!symbols.includes(symbol)) throw unknownSymbol(store, symbol, symbols)
  const isAvailable = stored.some((name) => name === timeframe.name || isFinerThan(parseTimeframe(name), timeframe))
  if (isAvailable) return
  const what = `there are no bars from which ${timeframe.name} bars could be made`
  throw usageError({ what, where: '--timeframe', expected: `${stored.join(', ')} or longer` })
}

function unknownSymbol({ folder, isSample }: Store, symbol: string, symbols: readonly string[]): DgasError {
  return usageError({
    what: `there is no symbol "${symbol}"`,
    where: isSample ? `${folder} (synthetic symbols)` : folder,
    expected: symbols.length === 1 ? symbols[0] : `one of ${symbols.length} symbols such as ${symbols[0]}`,
    nearest: nearest(symbol, symbols),
  })
}

async function nothingFound(database: Database, store: Store, selection: BarSelection): Promise<DgasError> {
  const { symbol, timeframe } = selection
  const sql = `
    select min(session_date)::varchar as first, max(session_date)::varchar as last
    from bars where symbol = ${literal(symbol)} and timeframe = ${literal(timeframe.name)}`
  await createQueryRelations(database, store, sql)
  const [{ first, last }] = await database.rows<{ first: string | null; last: string | null }>(sql)
  const what = `${symbol} has no ${timeframe.name} bars ${rangeText(selection)}`.trimEnd()
  return new DgasError({ what, expected: first === null ? undefined : `a range within ${first} to ${last}` })
}
