import type { Database } from '../database/database.js'
import { literal } from '../database/quote.js'
import { DgasError } from '../errors.js'
import { orderTypes, type BarColumns, type SignalColumns } from '../rows.js'
import type { BarOrder } from './bars.js'
import { bySymbol } from './by-symbol.js'
import { missingNumbers } from './missing.js'
import { columnsSql, givenColumns, signalColumnNames } from './signal-columns.js'

/** Columns that are 0 where the strategy does not return them; the others are NaN. */
const absent = { entry: 0, order_type: 0, exit_long: 0, exit_short: 0 }

/** Returns SQL that computes a strategy's rows into the table `table`, those on the traded bars of the symbols in `run_symbols`. */
export function signalsSql(table: string, names: readonly string[]): string {
  return `create or replace table ${table} as
    select code, bar_at${columnsSql(names)}
    from strategy as signals join run_symbols using (symbol)
    where bar_at between first_bar_at and last_bar_at`
}

/** The signals of some bars and the texts of their reasons. */
export interface Signals {
  columns: SignalColumns
  reasons: readonly string[]
}

/** Returns SQL of the reasons in the table `table` of signals, the rows of which `textsOf` reads. */
export function reasonsSql(table: string, names: readonly string[]): string {
  if (!names.includes('reason')) return `select null as reason where false`
  return `select distinct reason from ${table} where reason is not null order by reason`
}

/**
 * Computes the rows of signals in `table` for which `condition` holds, whose reasons are among `reasons`, and returns what reads
 * them, in the order of the bars.
 */
export async function computedSignals(
  database: Database,
  table: string,
  names: readonly string[],
  reasons: readonly string[],
  condition: string,
  order: BarOrder,
): Promise<() => SignalColumns> {
  const code = `coalesce(list_position([${reasons.map(literal).join(', ')}]::varchar[], reason) - 1, -1)::integer`
  const list = givenColumns(names).map((name) => (name === 'reason' ? `, ${code} as reason` : `, ${name}`))
  const sql = `select code as symbol, epoch_ms(bar_at)::double as bar_at${list.join('')} from ${table} where ${condition}`
  const isBySymbol = order === 'code, bar_at'
  const read = await database.computed(isBySymbol ? sql : `${sql} order by ${order}`)
  return () => filled(read(isBySymbol ? bySymbol : undefined) as unknown as Read)
}

/** The columns of signals that a strategy returns. */
type Read = Pick<SignalColumns, 'length' | 'symbol' | 'bar_at'> & Partial<SignalColumns>

function filled(read: Read): SignalColumns {
  const columns: Record<string, unknown> = { ...read }
  const missing = missingNumbers(read.length)
  for (const name of signalColumnNames) {
    if (columns[name] !== undefined) continue
    if (name === 'reason') columns[name] = new Int32Array(read.length).fill(-1)
    else if (name in absent) columns[name] = new Int8Array(read.length)
    else columns[name] = missing
  }
  return columns as unknown as SignalColumns
}

/**
 * Checks that signals stand on bars, one at most on each, and that their entries and order types are known ones. Both
 * are in the same order. Throws a `DgasError` that names the symbol and the bar.
 */
export function checkSignals(
  bars: BarColumns,
  signals: SignalColumns,
  symbols: readonly string[],
  strategy: string,
): void {
  const { symbol, bar_at, length } = signals
  const { symbol: barSymbol, bar_at: barTime } = bars
  let bar = 0
  for (let i = 0; i < length; i++) {
    const code = symbol[i]
    const time = bar_at[i]
    if (i > 0 && symbol[i - 1] === code && bar_at[i - 1] === time) throw doubled(barOf(signals, i, symbols), strategy)
    while (bar < bars.length && (barSymbol[bar] !== code || barTime[bar] !== time)) bar++
    if (bar === bars.length) throw noBar(barOf(signals, i, symbols), strategy)
    const wrong = unknownColumn(signals, i)
    if (wrong !== null) throw unknownValue(wrong, barOf(signals, i, symbols), allowed[wrong], strategy)
  }
}

/** What the columns may hold that are not just numbers. */
const allowed = {
  entry: '1, -1, 0 or null',
  order_type: orderTypes.join(', '),
  other_entry_price: 'null for a market order',
  size_factor: 'a number from 0 to 1',
}

function unknownColumn(signals: SignalColumns, i: number): keyof typeof allowed | null {
  const { entry, order_type, size_factor, other_entry_price } = signals
  if (entry[i] > 1 || entry[i] < -1) return 'entry'
  if (size_factor[i] < 0 || size_factor[i] > 1) return 'size_factor'
  if (order_type[i] === 0 && !Number.isNaN(other_entry_price[i])) return 'other_entry_price'
  return order_type[i] < 0 ? 'order_type' : null
}

function barOf(signals: SignalColumns, i: number, symbols: readonly string[]): string {
  return `${symbols[signals.symbol[i]]} at ${new Date(signals.bar_at[i]).toISOString()}`
}

function doubled(at: string, where: string): DgasError {
  const expected = 'at most one row for a symbol and bar; is "where timeframe = $timeframe" missing?'
  return new DgasError({ what: `more than one row for ${at}`, where, expected })
}

function noBar(at: string, where: string): DgasError {
  return new DgasError({ what: `a row for ${at}, where there is no bar`, where, expected: 'the bar_at of a traded bar' })
}

function unknownValue(column: string, at: string, expected: string, where: string): DgasError {
  return new DgasError({ what: `an unknown value of ${column} for ${at}`, where, expected })
}
