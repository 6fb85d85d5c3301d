import type { Columns } from '../database/columns.js'
import type { Database } from '../database/database.js'
import { instrumentsSql } from '../store/instruments.js'
import type { Store } from '../store/layout.js'
import { createRunRelations } from '../store/run-relations.js'
import type { RunFolder } from '../store/runs.js'

/** Rows in columns; a text column holds places in the texts of the same name, -1 for none. */
export interface TextedColumns<Name extends string, Text extends Name> {
  columns: Columns<Name>
  texts: Record<Text, string[]>
}

type TradeText = 'account' | 'symbol' | 'side' | 'entry_reason' | 'exit_reason'
type TradeNumber =
  | 'entry_at' | 'exit_at' | 'entry_price' | 'exit_price' | 'quantity' | 'net_profit' | 'return_pct' | 'r_multiple' | 'bars_held'
  | 'adverse_pct' | 'favorable_pct' | 'stop_price' | 'target_price'

/** The trades of a run in columns; times in milliseconds since 1970-01-01 UTC, excursions in per cent of the entry's value. */
export type TradeTable = TextedColumns<TradeNumber | TradeText, TradeText>

const tradeTexts: readonly TradeText[] = ['account', 'symbol', 'side', 'entry_reason', 'exit_reason']

/** Reads at most `limit` trades of a run, those that were entered last, ordered by symbol and entry. */
export async function readTradeTable(database: Database, run: RunFolder, limit: number): Promise<TradeTable> {
  await createRunRelations(database, [run], ['trades'])
  const chosen = `select * from trades qualify row_number() over (order by entry_at desc, symbol, exit_at desc) <= ${limit}`
  const isAll = Number(await database.value('select count(*) from trades')) <= limit
  return readTexted(database, tradeTexts, `
    select
      account, symbol, side, entry_reason, exit_reason,
      epoch_ms(entry_at)::double as entry_at,
      epoch_ms(exit_at)::double as exit_at,
      entry_price, exit_price, quantity, net_profit, return_pct, r_multiple, bars_held, stop_price, target_price,
      maximum_adverse_excursion / (quantity * entry_price) * 100 as adverse_pct,
      maximum_favorable_excursion / (quantity * entry_price) * 100 as favorable_pct
    from (${isAll ? 'select * from trades' : chosen}) as shown
    order by symbol, shown.entry_at, shown.exit_at`)
}

/** The entries of a run that did not become a position. */
export type DeclinedTable = TextedColumns<'bar_at' | 'entry' | 'symbol' | 'declined' | 'reason', 'symbol' | 'declined' | 'reason'>

/** Reads at most `limit` entries of a run that did not become a position, the last ones, ordered by time and symbol. */
export async function readDeclined(database: Database, run: RunFolder, limit: number): Promise<DeclinedTable> {
  await createRunRelations(database, [run], ['signals'])
  return readTexted(database, ['symbol', 'declined', 'reason'], `
    select * from (
      select epoch_ms(bar_at)::double as bar_at, entry::integer as entry, symbol, declined, reason
      from signals where declined is not null
      order by signals.bar_at desc, symbol limit ${limit}
    ) order by bar_at, symbol`)
}

/** Runs a query whose text columns are turned into places in the sorted list of their distinct values. */
async function readTexted<Name extends string, Text extends Name>(
  database: Database,
  names: readonly Text[],
  sql: string,
): Promise<TextedColumns<Name, Text>> {
  await database.run(`create or replace temp table texted as ${sql}`)
  const texts = {} as Record<Text, string[]>
  for (const name of names) texts[name] = await createEnum(database, name)
  const codes = names.map((name) => `enum_code(${name}::${name}_text)::integer as ${name}`)
  const columns = await database.columns<Name>(`select * replace (${codes.join(', ')}) from texted order by rowid`)
  return { columns, texts }
}

/** Makes a type of the texts in a column of `texted` and returns them, sorted; the codes of the type are their places. */
async function createEnum(database: Database, name: string): Promise<string[]> {
  await database.run(`
    drop type if exists ${name}_text;
    create type ${name}_text as enum (select distinct ${name}::varchar from texted where ${name} is not null order by all)`)
  const rows = await database.rows<{ text: string }>(`select unnest(enum_range(null::${name}_text))::varchar as text`)
  return rows.map(({ text }) => text)
}

/** Reads the names and sectors of the store's instruments, by symbol. */
export async function readSymbolNames(database: Database, store: Store): Promise<Map<string, { name: string | null; sector: string | null }>> {
  const rows = await database.rows<{ symbol: string; name: string | null; sector: string | null }>(`
    select symbol, name, sector from (${instrumentsSql(store)})`)
  return new Map(rows.map(({ symbol, ...named }) => [symbol, named]))
}
