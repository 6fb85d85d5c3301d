import type { SourceFiles } from '../backtest/prepare.js'
import type { Database } from '../database/database.js'
import { identifier, literal } from '../database/quote.js'
import { createView } from '../models/bar-views.js'
import { storedBarsSql } from '../models/stored-bars.js'
import type { Timeframe } from '../store/timeframe.js'

/**
 * Returns `count` of the sorted symbols `stored`, spread evenly over them, and besides those that `text`, the SQL that
 * will read them, names in a literal.
 */
export function sampleSymbols(stored: readonly string[], count: number, text: string): string[] {
  const spread = stored.filter((_, index) => {
    return Math.floor((index * count) / stored.length) !== Math.floor(((index - 1) * count) / stored.length)
  })
  const named = stored.filter((symbol) => text.includes(literal(symbol)))
  return [...new Set([...spread, ...named])].sort()
}

/** Loads the stored bars of some symbols into tables, of which `showBars` then shows more or less. */
export async function loadBars(database: Database, files: SourceFiles, symbols: readonly string[]): Promise<void> {
  const condition = `symbol in (${symbols.map(literal).join(', ')})`
  for (const [frame, paths] of files) {
    await database.run(`create table ${sampled(frame)} as ${storedBarsSql(paths, condition)}`)
  }
}

/** Returns SQL of the bars that are shown, for each stored timeframe. */
export function shownBars(files: SourceFiles): Map<Timeframe, string> {
  return new Map([...files.keys()].map((frame) => [frame, `select * from main.${shown(frame)}`]))
}

/** Makes relations that were created over files read the shown bars instead. */
export async function readShownBars(database: Database, files: SourceFiles): Promise<void> {
  for (const [frame, text] of shownBars(files)) {
    const named = `select ${literal(frame.name)} as timeframe, * from (${text})`
    await createView(database, frame.name, 'stored_bars', named)
  }
}

/** What becomes of the bars after a cut. The prices of altered ones lie far above or below those before the cut. */
export type Later = 'kept' | 'removed' | 'raised' | 'lowered'

/** Shows the sampled bars; those that had not closed at `cut`, an instant in UTC, are as `later` says. */
export async function showBars(database: Database, files: SourceFiles, later: Later, cut: string): Promise<void> {
  for (const frame of files.keys()) {
    await database.run(`create or replace table ${shown(frame)} as ${shownText(sampled(frame), later, cut)}`)
  }
}

function shownText(table: string, later: Later, cut: string): string {
  if (later === 'kept') return `select * from ${table}`
  const isKnown = `closed_at <= timestamp ${literal(cut)}`
  return later === 'removed' ? `select * from ${table} where ${isKnown}` : alteredText(table, isKnown, later)
}

/**
 * Later prices are turned upside down about the last known close, so that rises become falls and back, and then doubled
 * or halved. They stay positive, and each high above its low.
 */
function alteredText(table: string, isKnown: string, later: 'raised' | 'lowered'): string {
  const factor = later === 'raised' ? 2 : 0.5
  return `
    with mirrors as (
      select symbol, coalesce(arg_max(close, bar_at) filter (${isKnown}), arg_min(close, bar_at)) as mirror
      from ${table} group by symbol
    )
    select
      symbol, exchange, bar_at, closed_at, session_date,
      if(${isKnown}, open, ${factor} * mirror * mirror / open) as open,
      if(${isKnown}, high, ${factor} * mirror * mirror / low) as high,
      if(${isKnown}, low, ${factor} * mirror * mirror / high) as low,
      if(${isKnown}, close, ${factor} * mirror * mirror / close) as close,
      if(${isKnown}, volume, 3 * volume + 100) as volume
    from ${table} join mirrors using (symbol)`
}

function sampled({ name }: Timeframe): string {
  return identifier(`sampled ${name}`)
}

function shown({ name }: Timeframe): string {
  return identifier(`shown ${name}`)
}
