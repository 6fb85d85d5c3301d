import type { Database } from '../database/database.js'
import { literal } from '../database/quote.js'
import { DgasError } from '../errors.js'
import { counted } from '../format.js'
import type { BacktestConfig } from './config.js'

/** A symbol of the universe and how many bars it has. */
export interface PlannedSymbol {
  symbol: string
  /** Bars from the beginning of its data to the end of the traded range: what the geometry is computed on. */
  bars: number
  /** Bars of the traded range. */
  tradedBars: number
  /** Opening instants of the first and last bar of the traded range. */
  firstBarAt: number
  lastBarAt: number
}

/** A symbol that is not simulated, and why. */
export interface SkippedSymbol {
  symbol: string
  reason: string
}

/** Which symbols a run simulates, in batches of consecutive symbols. */
export interface Plan {
  symbols: readonly PlannedSymbol[]
  skipped: readonly SkippedSymbol[]
  batches: readonly (readonly PlannedSymbol[])[]
  /** First and last traded session, ISO. */
  sessions: readonly [first: string, last: string]
}

/** An SQL condition for the bars that may be traded. */
export function tradedRange({ from, to }: BacktestConfig): string {
  const conditions = []
  if (from !== null) conditions.push(`session_date >= date '${from}'`)
  if (to !== null) conditions.push(`session_date <= date '${to}'`)
  return conditions.length === 0 ? 'true' : conditions.join(' and ')
}

/**
 * Counts the bars of `wanted` in `relation`, which is made of `files`, and cuts the symbols into batches. Symbols with too few bars
 * are skipped. Throws a `DgasError` when none is left.
 */
export async function makePlan(
  database: Database,
  relation: string,
  wanted: readonly string[],
  config: BacktestConfig,
  files: readonly string[],
): Promise<Plan> {
  const counts = await countBars(database, relation, config)
  const symbols: PlannedSymbol[] = []
  const skipped: SkippedSymbol[] = []
  const traded: SymbolCount[] = []
  for (const symbol of wanted) {
    const found = counts.get(symbol)
    const reason = reasonToSkip(found, config)
    if (reason !== null || found === undefined) skipped.push({ symbol, reason: reason ?? '' })
    else {
      symbols.push({ symbol, bars: found.bars, tradedBars: found.traded, firstBarAt: found.first_bar_at, lastBarAt: found.last_bar_at })
      traded.push(found)
    }
  }
  if (symbols.length === 0) throw nothingLeft(skipped, config, await storedRange(database, files))
  const first = traded.map(({ first_session }) => first_session).sort()[0]
  const last = traded.map(({ last_session }) => last_session).sort().at(-1)!
  return { symbols, skipped, batches: cut(symbols, config.batchBars), sessions: [first, last] }
}

interface SymbolCount {
  symbol: string
  bars: number
  traded: number
  first_bar_at: number
  last_bar_at: number
  first_session: string
  last_session: string
}

async function countBars(database: Database, relation: string, config: BacktestConfig): Promise<Map<string, SymbolCount>> {
  const range = tradedRange(config)
  // even a filter that is always true costs
  const traded = range === 'true' ? '' : `filter (where ${range})`
  // as one text: to make values of hundreds of rows takes as long as to count them
  const text = await database.value(`
    with counts as (
      select
        symbol,
        count(*) as bars,
        count(*) ${traded} as traded,
        epoch_ms(min(bar_at) ${traded}) as first_bar_at,
        epoch_ms(max(bar_at) ${traded}) as last_bar_at,
        (min(session_date) ${traded})::varchar as first_session,
        (max(session_date) ${traded})::varchar as last_session
      from ${relation} group by symbol
    )

    select json_group_array(counts) from counts`)
  // null where no symbol has a bar
  const rows = (JSON.parse(String(text)) ?? []) as SymbolCount[]
  return new Map(rows.map((row) => [row.symbol, row]))
}

function reasonToSkip(found: SymbolCount | undefined, { timeframe, from, to, strategy }: BacktestConfig): string | null {
  const { bars, traded } = found ?? { bars: 0, traded: 0 }
  const range = from === null && to === null ? '' : ` from ${from ?? 'the first session'} to ${to ?? 'the last session'}`
  if (traded === 0) return `no ${timeframe.name} bars${range}`
  if (traded === 1) return `only one ${timeframe.name} bar${range}; a signal needs a next bar to act on`
  const least = strategy.header.minimumBars
  return bars < least ? `${bars} ${timeframe.name} bars; the strategy ${strategy.name} needs ${least}` : null
}

/** What there is at all: a run knows no bars after its end. */
async function storedRange(database: Database, files: readonly string[]): Promise<string> {
  const [{ first, last }] = await database.rows<{ first: string | null; last: string | null }>(
    `select min(session_date)::varchar as first, max(session_date)::varchar as last from read_parquet([${files.map(literal).join(', ')}])`,
  )
  return first === null ? 'no bars' : `bars from ${first} to ${last ?? first}`
}

function nothingLeft(skipped: readonly SkippedSymbol[], { timeframe }: BacktestConfig, stored: string): DgasError {
  const [{ symbol, reason }] = skipped
  const rest = skipped.length === 1 ? '' : `, and so on for ${counted(skipped.length - 1, 'other symbol')}`
  const expected = `a range in which there are enough: the store has ${timeframe.name} ${stored}`
  return new DgasError({ what: `nothing to simulate: ${symbol} has ${reason}${rest}`, expected })
}

function cut(symbols: readonly PlannedSymbol[], batchBars: number): PlannedSymbol[][] {
  const batches: PlannedSymbol[][] = []
  let room = 0
  for (const symbol of symbols) {
    if (batches.length === 0 || symbol.bars > room) {
      batches.push([])
      room = batchBars
    }
    batches.at(-1)!.push(symbol)
    room -= symbol.bars
  }
  return batches
}
