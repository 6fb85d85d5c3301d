import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { commonUnit, packNumbers, packTexts, priceUnit, type PackedTable } from './pack.js'

/** Columns of a table: numbers by name, texts as places in a list of them. */
export interface TableSource<Name extends string> {
  columns: { length: number } & Readonly<Record<Name, ArrayLike<number>>>
  texts: Readonly<Record<string, readonly string[]>>
}

type TradeName =
  | 'symbol' | 'side' | 'entry_reason' | 'exit_reason' | 'entry_at' | 'exit_at' | 'entry_price' | 'exit_price' | 'quantity'
  | 'net_profit' | 'return_pct' | 'r_multiple' | 'bars_held' | 'adverse_pct' | 'favorable_pct'

/** Returns the trades as the page unpacks them; they are ordered by symbol and entry. */
export function packTrades({ columns, texts }: TableSource<TradeName>): PackedTable {
  const time = commonUnit([columns.entry_at, columns.exit_at])
  const price = priceUnit(columns.entry_price)
  const [entryAt, entryPrice] = [
    { name: 'entry_at', values: columns.entry_at, unit: time },
    { name: 'entry_price', values: columns.entry_price, unit: price },
  ]
  const hundredths = (name: TradeName) => ({ [name]: packNumbers({ values: columns[name], unit: 0.01 }) })
  const hasStops = some(columns.r_multiple, (value) => !Number.isNaN(value))
  return {
    length: columns.length,
    columns: {
      ...packedTexts(columns, texts, ['symbol', 'side', 'entry_reason', 'exit_reason']),
      entry_at: packNumbers({ ...entryAt, from: 'before' }),
      exit_at: packNumbers({ values: columns.exit_at, unit: time, from: entryAt }),
      entry_price: packNumbers({ ...entryPrice, from: 'before' }),
      exit_price: packNumbers({ values: columns.exit_price, unit: price, from: entryPrice }),
      quantity: packNumbers({ values: columns.quantity, unit: some(columns.quantity, (value) => !Number.isInteger(value)) ? 0.0001 : 1 }),
      // half cents are kept, for the page adds profits up
      net_profit: packNumbers({ values: columns.net_profit, unit: 0.001 }),
      ...hundredths('return_pct'),
      ...(hasStops ? hundredths('r_multiple') : {}),
      bars_held: packNumbers({ values: columns.bars_held, unit: 1 }),
      ...hundredths('adverse_pct'),
      ...hundredths('favorable_pct'),
    },
  }
}

/** Returns the entries that were not taken as the page unpacks them. */
export function packDeclined({ columns, texts }: TableSource<'symbol' | 'declined' | 'reason' | 'bar_at' | 'entry'>): PackedTable {
  return {
    length: columns.length,
    columns: {
      ...packedTexts(columns, texts, ['symbol', 'declined', 'reason']),
      bar_at: packNumbers({ values: columns.bar_at, unit: commonUnit([columns.bar_at]), from: 'before' }),
      entry: packNumbers({ values: columns.entry, unit: 1 }),
    },
  }
}

/** Returns candles as the page unpacks them; they are ordered by symbol and time. */
export function packCandles({ columns, texts }: TableSource<'symbol' | 'at' | 'until' | 'session' | 'open' | 'high' | 'low' | 'close'>): PackedTable {
  const time = commonUnit([columns.at, columns.until])
  const price = priceUnit(columns.low)
  const at = { name: 'at', values: columns.at, unit: time }
  const open = { name: 'open', values: columns.open, unit: price }
  const fromOpen = (name: 'high' | 'low' | 'close') => ({ [name]: packNumbers({ values: columns[name], unit: price, from: open }) })
  return {
    length: columns.length,
    columns: {
      ...packedTexts(columns, texts, ['symbol']),
      at: packNumbers({ ...at, from: 'before' }),
      until: packNumbers({ values: columns.until, unit: time, from: at }),
      session: packNumbers({ values: columns.session, unit: 1, from: 'before' }),
      open: packNumbers({ ...open, from: 'before' }),
      ...fromOpen('high'),
      ...fromOpen('low'),
      ...fromOpen('close'),
    },
  }
}

/** Returns a value as JSON, compressed by gzip, in base64. */
export async function compressed(value: unknown): Promise<string> {
  return (await promisify(gzip)(JSON.stringify(value))).toString('base64')
}

function packedTexts<Name extends string>(
  columns: Readonly<Record<Name, ArrayLike<number>>>,
  texts: Readonly<Record<string, readonly string[]>>,
  names: readonly Name[],
) {
  return Object.fromEntries(names.map((name) => [name, packTexts(columns[name], texts[name])]))
}

function some(values: ArrayLike<number>, test: (value: number) => boolean): boolean {
  for (let i = 0; i < values.length; i++) if (test(values[i])) return true
  return false
}
