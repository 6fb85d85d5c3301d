import { tradeColumns, type EquityColumn, type NumberRows, type TradeColumn } from '../../src/rows.js'

/** Trades of which only some columns matter; the others are 1. */
export function tradesOf(rows: readonly Partial<Record<TradeColumn, number>>[]): NumberRows<TradeColumn> {
  const columns = tradeColumns.map((name) => [name, Float64Array.from(rows, (row) => row[name] ?? 1)])
  return { length: rows.length, ...Object.fromEntries(columns) } as NumberRows<TradeColumn>
}

/** Equity of some accounts. */
export function equityOf(
  rows: readonly [account: number, session: number, equity: number, interest?: number][],
): NumberRows<EquityColumn> {
  const column = (index: 0 | 1 | 2 | 3) => Float64Array.from(rows, (row) => row[index] ?? 0)
  const columns = { account: column(0), session_date: column(1), equity: column(2), interest: column(3) }
  return { length: rows.length, ...columns } as unknown as NumberRows<EquityColumn>
}
