import { decimal } from '../format.js'

/** The money of each account, by its index. */
export interface Accounts {
  cash: Float64Array
  /** Cash and positions at the last close at which they were marked. */
  equity: Float64Array
  /** Net profit of all closed trades. */
  realised: Float64Array
  /** Value of the shares sold short, at least 0: collateral, not cash to buy with. */
  short_value: Float64Array
  /** Open positions. */
  positions: Int32Array
}

/** Returns `count` accounts that hold their start capital. */
export function openAccounts(count: number, capital: number): Accounts {
  return {
    cash: new Float64Array(count).fill(capital),
    equity: new Float64Array(count).fill(capital),
    realised: new Float64Array(count),
    short_value: new Float64Array(count),
    positions: new Int32Array(count),
  }
}

/** What an account can put into new positions without borrowing: its equity less all that it holds, long or short. */
export function buyingPower({ cash, short_value }: Accounts, account: number): number {
  return cash[account] - 2 * short_value[account]
}

/**
 * Compares the two ways to the same figure: cash and positions on one side; start capital, closed trades and open profit
 * on the other. Throws when they differ by more than rounding explains: then the simulation has a defect.
 */
export function checkLedger(capital: number, realised: number, unrealised: number, equity: number): void {
  const expected = capital + realised + unrealised
  if (Math.abs(expected - equity) <= 1e-6 * Math.max(1, capital, Math.abs(equity))) return
  const terms = [capital, realised, unrealised].map((value) => decimal(value, 6)).join(' + ')
  throw new Error(`the ledger does not add up: ${terms} = ${decimal(expected, 6)}, but equity is ${decimal(equity, 6)}`)
}
