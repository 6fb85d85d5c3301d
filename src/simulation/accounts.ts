import { decimal } from '../format.js'

/** The money of each account, by its index. */
export class Accounts {
  declare readonly cash: Float64Array
  /** Cash and positions at the last close at which they were marked. */
  declare readonly equity: Float64Array
  /** Net profit of all closed trades. */
  declare readonly realised: Float64Array
  /** Interest on cash so far; what was paid is negative. */
  declare readonly interest: Float64Array
  /** Session up to which interest was reckoned, as days since 1970; -1: not yet. */
  declare readonly interest_date: Int32Array
  /** Value of the shares held, at the last close or since then at their entry. */
  declare readonly long_value: Float64Array
  /** Value of the shares sold short, at least 0: collateral, not cash to buy with. */
  declare readonly short_value: Float64Array
  /** Open positions, and those entered in this bar. */
  declare readonly positions: Int32Array
  declare readonly entered: Int32Array
  /** 1 from a close with too little equity to one with enough. */
  declare readonly is_called: Uint8Array

  /** Opens `count` accounts that hold their start capital. */
  constructor(count: number, capital: number) {
    this.cash = new Float64Array(count).fill(capital)
    this.equity = new Float64Array(count).fill(capital)
    this.realised = new Float64Array(count)
    this.interest = new Float64Array(count)
    this.interest_date = new Int32Array(count).fill(-1)
    this.long_value = new Float64Array(count)
    this.short_value = new Float64Array(count)
    this.positions = new Int32Array(count)
    this.entered = new Int32Array(count)
    this.is_called = new Uint8Array(count)
  }
}

/** What an account is worth now, between two closes. */
export function worth({ cash, long_value, short_value }: Accounts, account: number): number {
  return cash[account] + long_value[account] - short_value[account]
}

/** By how much an account can still enlarge its positions, long or short, until they are `leverage` times its worth. */
export function buyingPower(accounts: Accounts, account: number, leverage: number): number {
  // leverage * worth - long - short, so put that it is the cash without rounding for a long-only account without credit
  const { cash, short_value } = accounts
  const own = cash[account] - 2 * short_value[account]
  return leverage === 1 ? own : own + (leverage - 1) * worth(accounts, account)
}

/**
 * Compares the two ways to the same figure: cash and positions on one side; start capital, closed trades, interest and open
 * profit on the other. Throws when they differ by more than rounding explains: then the simulation has a defect.
 */
export function checkLedger(capital: number, realised: number, unrealised: number, equity: number): void {
  const expected = capital + realised + unrealised
  if (Math.abs(expected - equity) <= 1e-6 * Math.max(1, capital, Math.abs(equity))) return
  const terms = [capital, realised, unrealised].map((value) => decimal(value, 6)).join(' + ')
  throw new Error(`the ledger does not add up: ${terms} = ${decimal(expected, 6)}, but equity is ${decimal(equity, 6)}`)
}
