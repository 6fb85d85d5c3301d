import { usageError } from '../errors.js'
import { checkBounds, type Bounds } from '../bounds.js'

export const sizings = ['risk', 'fraction', 'notional', 'equal', 'volatility'] as const
export type Sizing = (typeof sizings)[number]

export const intrabars = ['pessimistic', 'optimistic', 'finer'] as const
export type Intrabar = (typeof intrabars)[number]

export const actionRules = ['ignore', 'apply'] as const
export type ActionRule = (typeof actionRules)[number]

/** How accounts are kept, sized, limited and charged. */
export interface Rules {
  /** One account for each symbol, or one for all; default `separate`. */
  accounts: 'separate' | 'shared'
  /** Start capital of each account; default 100,000. */
  capital: number
  /**
   * `risk`: by the distance to the stop where the signal has one, else as `fraction`; `notional`: the same amount each time;
   * `equal`: equity divided by the positions that the account can hold; `volatility`: by the mean range; default `risk`.
   */
  sizing: Sizing
  /** Share of equity lost when the stop is hit (`risk`), or by one mean range (`volatility`); default 0.01. */
  risk_fraction: number
  /** Share of equity that is put into a position by `fraction`; default 1. */
  fraction: number
  /** Amount that is put into a position by `notional`; null: none. */
  notional: number | null
  /** Whether quantities need not be whole; default false. */
  fractional_shares: boolean
  /** Most value of positions, long and short together, as a multiple of equity; default 1. */
  leverage: number
  /** Least equity as a share of the value of all positions; below it they are closed at the next open; default 0.25. */
  maintenance_margin: number
  /** Whether short entries are taken; default false. */
  allow_short: boolean
  /** Open positions of an account at a time; null: no limit. */
  max_positions: number | null
  /** Positions of an account that may be entered in one bar; null: no limit. */
  max_new_positions: number | null
  /** Open positions of a shared account in one sector; null: no limit. */
  max_sector_positions: number | null
  /** Most value of positions, long and short together, as a multiple of equity; null: no limit but `leverage`. */
  max_gross_exposure: number | null
  /** Most difference between the values of long and of short positions, as a multiple of equity; null: no limit. */
  max_net_exposure: number | null
  /** Most loss if every position goes to its stop, as a share of equity; null: no limit. */
  max_open_risk: number | null
  /** Closes from that of the bar of a stop on at which no entry of its symbol is taken; default 0. */
  cooldown_bars: number
  /** Share of a position that is left at `first_target_price`; default 0.5. */
  first_target_share: number
  /** Bars after which a position is left at the next open; null: never. */
  time_stop_bars: number | null
  /** Whether positions are left at the close of a session's last bar; default false. */
  exit_session_end: boolean
  /** Distance of a trailing stop from the close, in per cent of it; null: none. */
  trail_pct: number | null
  /** Distance of a trailing stop from the close, as a multiple of the mean range; null: none. */
  trail_ranges: number | null
  /** Bars of which the mean range is taken; default 14. */
  range_bars: number
  /** Which side a bar counts for that reaches both stop and target; default `pessimistic`. */
  intrabar: Intrabar
  /** Whether splits and dividends change positions and orders, as bars need that are not adjusted for them; default `ignore`. */
  actions: ActionRule
  /** Whether a bar without volume has no fills; default false. */
  require_volume: boolean
  /** Most of a bar's volume that is filled; null: no limit. */
  participation: number | null
  /** Commission as a share of the traded value; default 0. */
  commission_rate: number
  /** Commission for each share; default 0. */
  commission_per_share: number
  /** Commission for each fill; default 0. */
  commission_per_trade: number
  /** Least commission of a fill; default 0. */
  commission_minimum: number
  /** Slippage against the trader in basis points of the price; default 0. */
  slippage_bps: number
  /** Slippage against the trader as a share of the bar's range; default 0. */
  slippage_range: number
  /** Whether slippage may carry a fill beyond the range of its bar; default false. */
  slippage_beyond_bar: boolean
  /** Yearly fee on the value of shares sold short, for each night; default 0. */
  borrow_rate: number
  /** Yearly interest on cash without the proceeds of short sales, paid if it is negative; default 0. */
  cash_rate: number
}

/** Rules of which any may be left to their defaults. */
export type Spec = { [Name in keyof Rules]?: Rules[Name] | undefined }

const defaults: Rules = {
  ...{ accounts: 'separate', capital: 100_000, allow_short: false, fractional_shares: false },
  ...{ sizing: 'risk', risk_fraction: 0.01, fraction: 1, notional: null, leverage: 1, maintenance_margin: 0.25 },
  ...{ max_positions: null, max_new_positions: null, max_sector_positions: null, cooldown_bars: 0 },
  ...{ max_gross_exposure: null, max_net_exposure: null, max_open_risk: null },
  ...{ first_target_share: 0.5, time_stop_bars: null, exit_session_end: false },
  ...{ trail_pct: null, trail_ranges: null, range_bars: 14, intrabar: 'pessimistic' },
  ...{ actions: 'ignore', require_volume: false, participation: null },
  ...{ commission_rate: 0, commission_per_share: 0, commission_per_trade: 0, commission_minimum: 0 },
  ...{ slippage_bps: 0, slippage_range: 0, slippage_beyond_bar: false, borrow_rate: 0, cash_rate: 0 },
}

/** Names of the rules that are numbers, or null for none. */
export type NumberRule = { [Name in keyof Rules]: Rules[Name] extends number | null ? Name : never }[keyof Rules]

const bounds: Readonly<Record<NumberRule, Bounds>> = {
  ...{ capital: { above: 0, most: 1e15 }, risk_fraction: { above: 0, most: 1 }, fraction: { above: 0 }, notional: { above: 0 } },
  ...{ leverage: { above: 0, most: 1000 }, maintenance_margin: { least: 0, most: 1 } },
  max_positions: { least: 1, isWhole: true },
  max_new_positions: { least: 1, isWhole: true },
  max_sector_positions: { least: 1, isWhole: true },
  ...{ max_gross_exposure: { above: 0 }, max_net_exposure: { above: 0 }, max_open_risk: { above: 0 } },
  cooldown_bars: { least: 0, isWhole: true },
  first_target_share: { above: 0, most: 1 },
  time_stop_bars: { least: 1, isWhole: true },
  ...{ trail_pct: { above: 0, most: 99 }, trail_ranges: { above: 0 }, range_bars: { least: 1, most: 10_000, isWhole: true } },
  participation: { above: 0, most: 1 },
  ...{ commission_rate: { least: 0, most: 1 }, commission_per_share: { least: 0 } },
  ...{ commission_per_trade: { least: 0 }, commission_minimum: { least: 0 } },
  ...{ slippage_bps: { least: 0, most: 10_000 }, slippage_range: { least: 0, most: 1 } },
  ...{ borrow_rate: { least: 0, most: 10 }, cash_rate: { least: 0, most: 10 } },
}

/** Makes `Rules` of a `Spec`. Throws a usage error that names the option at fault. */
export function rules(spec: Spec): Rules {
  const given = Object.fromEntries(Object.entries<unknown>(spec).filter(([, value]) => value !== undefined))
  const made: Rules = { ...defaults, ...given }
  for (const [name, bound] of Object.entries(bounds)) {
    const value = made[name as NumberRule]
    if (value !== null) checkBounds(name, value, bound)
  }
  checkTogether(made)
  return made
}

function checkTogether({ sizing, notional, fraction, leverage }: Rules): void {
  if (sizing === 'notional' && notional === null) {
    throw usageError({ what: 'no amount is given', where: '--notional', expected: 'an amount above 0 with --sizing notional' })
  }
  const most = Math.max(1, leverage)
  if (fraction <= most) return
  throw usageError({ what: `"${fraction}" is not possible`, where: '--fraction', expected: `a number above 0, at most ${most}` })
}
