import type { Spec } from '../../src/simulation/rules.js'
import type { FinerTestBar, TestBar, TestSignal } from './market.js'

/** A market, the signals of some strategy in it and the rules by which they are simulated. */
export interface RandomCase {
  bars: TestBar[]
  signals: TestSignal[]
  spec: Spec
}

/** A source of chance; equal seeds give equal sequences. */
export interface Chance {
  /** A number from 0 to below 1. */
  next: () => number
  /** A whole number from `low` to `high`. */
  whole: (low: number, high: number) => number
  /** Whether something of this probability happens. */
  happens: (probability: number) => boolean
  pick: <Value>(values: readonly Value[]) => Value
}

/** Returns the chance of a seed, by the generator mulberry32. */
export function chanceOf(seed: number): Chance {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
  const whole = (low: number, high: number) => low + Math.floor(next() * (high - low + 1))
  return { next, whole, happens: (probability) => next() < probability, pick: (values) => values[whole(0, values.length - 1)] }
}

/**
 * Returns a case made by chance. Prices are multiples of a half and lie close together, so that opens, stops, targets and
 * limits often meet exactly; symbols lack bars, end early, jump and stand still.
 */
export function randomCase(chance: Chance): RandomCase {
  const symbols = chance.whole(1, 4)
  const times = chance.whole(2, 12)
  const barsPerSession = chance.whole(1, 4)
  const bars = Array.from({ length: symbols }, (_, symbol) => symbolBars(chance, symbol, times, barsPerSession)).flat()
  const density = chance.pick([0.2, 0.5, 0.9])
  const signals = bars.filter(() => chance.happens(density)).map((bar) => randomSignal(chance, bar))
  return { bars, signals, spec: randomSpec(chance) }
}

function symbolBars(chance: Chance, symbol: number, times: number, barsPerSession: number): TestBar[] {
  const bars: TestBar[] = []
  let price = chance.whole(40, 60) / 2
  const length = chance.happens(0.8) ? times : chance.whole(1, times)
  for (let time = 0; time < length; time++) {
    if (time > 0 && chance.happens(0.05)) continue
    const gap = chance.happens(0.1) ? chance.whole(-16, 16) : chance.whole(-2, 2)
    const actions = randomActions(chance)
    const finer = [finerBar(chance, Math.min(60, Math.ceil((2 * price) / (actions.split ?? 1)) / 2) + gap / 2)]
    while (chance.happens(0.5)) finer.push(finerBar(chance, finer.at(-1)!.close + chance.pick([0, 0, 0, -1, 1])))
    const session = Math.floor(time / barsPerSession)
    const bar = { symbol, time, session, ...actions, ...whole(finer) }
    bars.push(chance.happens(0.1) ? bar : { ...bar, finer: chance.happens(0.1) ? finer.slice(1) : finer })
    price = bar.close
  }
  return bars
}

function randomActions(chance: Chance): Pick<TestBar, 'split' | 'dividend'> {
  if (chance.happens(0.9)) return {}
  return { split: chance.pick([1, 2, 3, 1.5, 0.5, 0.25]), dividend: chance.pick([0, 0, 0.5, 1]) }
}

function finerBar(chance: Chance, from: number): FinerTestBar {
  const open = Math.max(1, from)
  const close = Math.max(1, open + chance.whole(-3, 3) / 2)
  const high = Math.max(open, close) + chance.whole(0, 3) / 2
  const low = Math.max(0.5, Math.min(open, close) - chance.whole(0, 3) / 2)
  return { open, high, low, close, volume: chance.happens(0.1) ? 0 : chance.whole(1, 40) * 10 }
}

/** The bar in which these bars lie. */
function whole(finer: readonly FinerTestBar[]): FinerTestBar {
  return {
    open: finer[0].open,
    high: Math.max(...finer.map(({ high }) => high)),
    low: Math.min(...finer.map(({ low }) => low)),
    close: finer.at(-1)!.close,
    volume: finer.reduce((sum, { volume }) => sum + volume, 0),
  }
}

function randomSignal(chance: Chance, { symbol, time, close }: TestBar): TestSignal {
  const entry: number = chance.pick([1, 1, 1, -1, -1, 0])
  const side = entry < 0 ? -1 : 1
  const away = (least: number, most: number) => close + (side * chance.whole(least, most)) / 2
  const sometimes = (probability: number, value: () => number) => (chance.happens(probability) ? value() : undefined)
  const signal: TestSignal = {
    ...{ symbol, time, entry, order_type: chance.pick([0, 0, 1, 2]) },
    limit_price: sometimes(0.95, () => away(-4, 2)),
    stop_entry_price: sometimes(0.95, () => away(-2, 4)),
    valid_bars: sometimes(0.5, () => chance.whole(1, 4)),
    stop_price: sometimes(0.6, () => away(-8, -1)),
    target_price: sometimes(0.6, () => away(1, 8)),
    first_target_price: sometimes(0.2, () => away(1, 6)),
    time_stop_bars: sometimes(0.1, () => chance.whole(1, 4)),
    other_entry_price: sometimes(0.3, () => away(-5, 5)),
    other_stop_price: sometimes(0.2, () => away(-4, 6)),
    other_target_price: sometimes(0.2, () => away(-8, 3)),
    trail_price: sometimes(0.2, () => close + chance.pick([-3, -2, -1, 1, 2, 3])),
    exit_long: chance.happens(0.2) ? 1 : 0,
    exit_short: chance.happens(0.2) ? 1 : 0,
    size_factor: sometimes(0.2, () => chance.whole(0, 4) / 4),
    score: sometimes(0.6, () => chance.whole(0, 3)),
    reason: sometimes(0.5, () => chance.whole(0, 2)),
  }
  return Object.fromEntries(Object.entries<number | undefined>(signal).filter(([, value]) => value !== undefined)) as unknown as TestSignal
}

/** Few rules at a time, so that each is met in every way; any may come with any. */
function randomSpec(chance: Chance): Spec {
  const rarely = <Value>(...values: Value[]) => (chance.happens(0.15) ? chance.pick(values) : undefined)
  const leverage = rarely(0.5, 2, 5)
  return {
    accounts: chance.pick(['separate', 'shared'] as const),
    capital: chance.pick([500, 1000, 10_000, 100_000]),
    sizing: chance.pick(['risk', 'fraction', rarely('notional', 'equal', 'volatility') ?? 'risk'] as const),
    risk_fraction: chance.pick([0.01, 0.1]),
    fraction: chance.pick([0.25, 0.5, 1, Math.max(1, leverage ?? 1)]),
    notional: chance.pick([300, 5000]),
    fractional_shares: chance.happens(0.3),
    leverage,
    maintenance_margin: rarely(0, 0.5, 0.9),
    max_positions: rarely(1, 2, 3),
    max_new_positions: rarely(1, 2),
    max_sector_positions: rarely(1),
    max_gross_exposure: rarely(0.3, 0.8),
    max_net_exposure: rarely(0.2, 0.6),
    max_open_risk: rarely(0.01, 0.1),
    cooldown_bars: rarely(1, 2, 4),
    allow_short: chance.happens(0.7),
    first_target_share: rarely(0.3, 1),
    time_stop_bars: rarely(1, 3),
    exit_session_end: rarely(true),
    trail_pct: rarely(2, 10),
    trail_ranges: rarely(0.5, 2),
    range_bars: chance.pick([1, 2, 3]),
    intrabar: rarely('optimistic' as const, 'finer' as const, 'finer' as const),
    require_volume: rarely(true),
    participation: rarely(0.01, 0.1, 0.5),
    commission_rate: rarely(0.001),
    commission_per_share: rarely(0.02),
    commission_per_trade: rarely(1),
    commission_minimum: rarely(2),
    slippage_bps: rarely(20, 400),
    slippage_range: rarely(0.25, 0.5),
    slippage_beyond_bar: rarely(true),
    borrow_rate: rarely(0.05, 1),
    cash_rate: rarely(0.03),
    actions: chance.happens(0.3) ? 'apply' : undefined,
  }
}
