import type { EquityColumn, NumberRows } from '../rows.js'

/** The sum of many accounts' equity at session closes, built account by account. */
export interface TotalEquity {
  /** Adds the equity of accounts, ordered by account and time; an account that goes on in a later call goes on in time. */
  add: (equity: NumberRows<EquityColumn>) => void
  /**
   * Returns the sessions and the sum of all accounts at their closes, without `idle` accounts that never had a row; an account
   * without a row keeps its last equity.
   */
  curve: (idle?: number) => { dates: Float64Array; equity: Float64Array }
  /** Returns the interest that all accounts were paid, less what they paid. */
  interest: () => number
}

/** Starts the sum of `accounts` accounts with `capital` each. */
export function totalEquity(accounts: number, capital: number): TotalEquity {
  const changes = new Map<number, number>()
  const latest = new Float64Array(accounts).fill(capital)
  const paid = new Float64Array(accounts)
  return {
    add({ length, account, session_date, interest, equity }) {
      for (let i = 0; i < length; i++) {
        const change = equity[i] - latest[account[i]]
        latest[account[i]] = equity[i]
        paid[account[i]] = interest[i]
        changes.set(session_date[i], (changes.get(session_date[i]) ?? 0) + change)
      }
    },
    curve(idle = 0) {
      const dates = Float64Array.from(changes.keys()).sort()
      let total = (accounts - idle) * capital
      return { dates, equity: dates.map((date) => (total += changes.get(date)!)) }
    },
    interest: () => paid.reduce((sum, value) => sum + value, 0),
  }
}

/** Returns the last row of each session of an account's equity, which is in the rows `from` to `to` (exclusive), ordered by time. */
export function sessionCloses({ session_date, equity }: NumberRows<EquityColumn>, from: number, to: number) {
  const dates = new Float64Array(to - from)
  const closes = new Float64Array(to - from)
  let count = 0
  for (let row = from; row < to; row++) {
    if (row + 1 < to && session_date[row + 1] === session_date[row]) continue
    dates[count] = session_date[row]
    closes[count++] = equity[row]
  }
  return { dates: dates.subarray(0, count), equity: closes.subarray(0, count) }
}
