import { usageError } from '../errors.js'

/** How accounts are kept, sized and charged; all fields optional. */
export interface Spec {
  /** One account for each symbol, or one for all; default `separate`. */
  accounts?: 'separate' | 'shared'
  /** Start capital of each account; default 100,000. */
  capital?: number
  /** `risk`: by the distance to the stop where the signal has one, else as `fraction`; default `risk`. */
  sizing?: 'risk' | 'fraction'
  /** Share of equity that is lost when the stop is hit; default 0.01. */
  risk_fraction?: number
  /** Share of equity that is put into a position without a stop; default 1. */
  fraction?: number
  /** Whether quantities need not be whole; default false. */
  fractional_shares?: boolean
  /** Open positions of an account at a time; default: no limit. */
  max_positions?: number
  /** Whether short entries are taken; default false. */
  allow_short?: boolean
  /** Commission as a share of the traded value; default 0. */
  commission_rate?: number
  /** Slippage against the trader in basis points of the price; default 0. */
  slippage_bps?: number
}

/** The rules of a simulation, every choice made. */
export interface Rules {
  accounts: 'separate' | 'shared'
  capital: number
  sizing: 'risk' | 'fraction'
  risk_fraction: number
  fraction: number
  fractional_shares: boolean
  /** null: no limit. */
  max_positions: number | null
  allow_short: boolean
  commission_rate: number
  slippage_bps: number
}

/** Makes `Rules` of a `Spec`. Throws a usage error that names the option at fault. */
export function rules(spec: Spec): Rules {
  const { accounts = 'separate', sizing = 'risk', fractional_shares = false, allow_short = false } = spec
  const { capital = 100_000, risk_fraction = 0.01, fraction = 1, commission_rate = 0, slippage_bps = 0 } = spec
  within('--capital', capital, Number.MIN_VALUE, Infinity)
  within('--risk-fraction', risk_fraction, Number.MIN_VALUE, 1)
  within('--fraction', fraction, Number.MIN_VALUE, 1)
  within('--commission-rate', commission_rate, 0, 1)
  within('--slippage-bps', slippage_bps, 0, 10_000)
  return {
    ...{ accounts, sizing, fractional_shares, allow_short, max_positions: spec.max_positions ?? null },
    ...{ capital, risk_fraction, fraction, commission_rate, slippage_bps },
  }
}

function within(option: string, value: number, low: number, high: number): void {
  if (value >= low && value <= high && Number.isFinite(value)) return
  const least = low === Number.MIN_VALUE ? 'a number above 0' : `a number of at least ${low}`
  const expected = high === Infinity ? least : `${least}, at most ${high}`
  throw usageError({ what: `"${value}" is not possible`, where: option, expected })
}
