import type { Database } from '../database/database.js'
import { literal } from '../database/quote.js'

/** What becomes of the bars after a cut. The prices of altered ones lie far above or below those before the cut. */
export type Later = 'removed' | 'raised' | 'lowered'

/** The bars of the sample, with those that had not closed at `cut`, an instant in UTC, removed or altered. */
export interface Variant {
  cut: string
  later: Later
}

/**
 * Creates `audit_variants` (variant, cut, later, symbol, shown_symbol), the names under which the symbols of some
 * variants are shown, and `audit_known` (variant, symbol, shown_symbol, bar_at), their bars up to the cut. The symbols of
 * a single variant keep their own names.
 */
export async function createVariants(database: Database, variants: readonly Variant[]): Promise<void> {
  const rows = variants.map(({ cut, later }, index) => `(${index}, timestamp ${literal(cut)}, ${literal(later)})`)
  const name = variants.length === 1 ? 'symbol' : `symbol || ' #' || variant`
  await database.run(`
    create or replace table audit_variants as
    select variants.*, symbol, ${name} as shown_symbol
    from (values ${rows.join(', ')}) as variants(variant, cut, later)
    cross join (select distinct symbol from audit_bars);
    create or replace table audit_known as
    select variant, symbol, shown_symbol, bar_at
    from audit_variants join audit_bars using (symbol)
    where closed_at <= cut`)
}

/** Returns SQL of the bars of a table in a variant. */
export function variantText(table: string, { cut, later }: Variant): string {
  const isKnown = `closed_at <= timestamp ${literal(cut)}`
  return later === 'removed' ? `select * from ${table} where ${isKnown}` : alteredText(table, isKnown, later)
}

/**
 * Later prices are turned upside down about the last known close, so that rises become falls and back, and then doubled
 * or halved. They stay positive, and each high above its low.
 */
function alteredText(table: string, isKnown: string, later: 'raised' | 'lowered'): string {
  const mirrored = `${later === 'raised' ? 2 : 0.5} * mirror * mirror`
  return `
    with mirrors as (
      select symbol, coalesce(arg_max(close, bar_at) filter (${isKnown}), arg_min(close, bar_at)) as mirror
      from ${table} group by symbol
    )
    select
      symbol, exchange, bar_at, closed_at, session_date,
      if(${isKnown}, open, ${mirrored} / open) as open,
      if(${isKnown}, high, ${mirrored} / low) as high,
      if(${isKnown}, low, ${mirrored} / high) as low,
      if(${isKnown}, close, ${mirrored} / close) as close,
      if(${isKnown}, volume, 3 * volume + 100) as volume
    from ${table} join mirrors using (symbol)`
}
