import type { SourceFiles } from '../backtest/source-files.js'
import type { Database } from '../database/database.js'
import { identifier, literal } from '../database/quote.js'
import { createView } from '../models/bar-views.js'
import { storedBarsSql } from '../models/stored-bars.js'
import type { Timeframe } from '../store/timeframe.js'
import { variantText, type Variant } from './variants.js'

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

/** Loads the stored bars of some symbols into tables, of which variants are then shown. */
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

/** Shows all sampled bars. */
export async function showAllBars(database: Database, files: SourceFiles): Promise<void> {
  for (const frame of files.keys()) {
    await database.run(`create or replace table ${shown(frame)} as select * from ${sampled(frame)}`)
  }
}

/** Shows the sampled bars in some variants, which `createVariants` has named. */
export async function showVariants(
  database: Database,
  files: SourceFiles,
  variants: readonly Variant[],
): Promise<void> {
  for (const frame of files.keys()) {
    const parts = variants.map((variant, index) => `
      select shown_symbol as symbol, variant.* exclude (symbol)
      from (${variantText(sampled(frame), variant)}) as variant
      join audit_variants using (symbol)
      where variant = ${index}`)
    await database.run(`create or replace table ${shown(frame)} as ${parts.join('\nunion all\n')}`)
  }
}

function sampled({ name }: Timeframe): string {
  return identifier(`sampled ${name}`)
}

function shown({ name }: Timeframe): string {
  return identifier(`shown ${name}`)
}
