import type { PriceBar } from '../../src/charts/price-rows.js'
import type { PriceTrade } from '../../src/charts/price-trades.js'

/** Returns a generator of numbers in [0, 1) that is the same for the same seed (mulberry32). */
export function randomNumbers(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

const day = 86_400_000
const halfHour = 1_800_000
const round = (value: number) => Math.round(value * 100) / 100
const mean3 = (values: readonly number[], at: number) => (values[at - 1] + values[at - 2] + values[at - 3]) / 3

/** Returns instants of half-hour bars, 13 a session from 14:30 UTC, Monday to Friday from 2026-01-26. */
export function halfHours(count: number): number[] {
  const opens = 14.5 * 2 * halfHour
  return Array.from({ length: count }, (_, at) => sessionDay(Math.floor(at / 13)) + opens + (at % 13) * halfHour)
}

/** Returns the midnight of the `session`-th weekday from 2026-01-26. */
export function sessionDay(session: number): number {
  return Date.UTC(2026, 0, 26) + (Math.floor(session / 5) * 7 + (session % 5)) * day
}

/** Returns bars of a wandering price with the PLdot and the envelope plotted on each; the first three have none. */
export function marketBars(count: number, seed = 1): PriceBar[] {
  const random = randomNumbers(seed)
  let price = 240
  let drift = 0
  const bars = halfHours(count).map((bar_at) => {
    drift = drift * 0.97 + (random() - 0.5) * 0.0012
    const open = price * (1 + (random() - 0.5) * 0.001)
    const close = open * (1 + drift + (random() - 0.5) * 0.008)
    const high = Math.max(open, close) * (1 + random() * 0.003)
    const low = Math.min(open, close) * (1 - random() * 0.003)
    price = close
    const volume = Math.round(40_000 * (0.5 + random()) * (1 + 60 * Math.abs(close / open - 1)))
    const times = { bar_at, closed_at: bar_at + halfHour, session_date: bar_at - (bar_at % day) }
    return { ...times, open: round(open), high: round(high), low: round(low), close: round(close), volume }
  })
  return withGeometry(bars)
}

/** Returns bars with `pldot`, `envelope_top` and `envelope_bottom`: the means of three bars, shown on the next. */
export function withGeometry(bars: readonly PriceBar[]): PriceBar[] {
  const typical = bars.map(({ high, low, close }) => (high + low + close) / 3)
  const top = bars.map(({ low }, at) => 2 * typical[at] - low)
  const bottom = bars.map(({ high }, at) => 2 * typical[at] - high)
  const plotted = (values: readonly number[], at: number) => (at < 3 ? null : Math.round(mean3(values, at) * 1e6) / 1e6)
  return bars.map((bar, at) => ({
    ...bar,
    pldot: plotted(typical, at),
    envelope_top: plotted(top, at),
    envelope_bottom: plotted(bottom, at),
  }))
}

/** Returns trades at the opens of the bars: in on every `every`-th bar, out a few bars later, every third one short. */
export function marketTrades(bars: readonly PriceBar[], every = 17, seed = 2): PriceTrade[] {
  const random = randomNumbers(seed)
  const entries = bars.map((_, at) => at).filter((at) => at % every === every - 1)
  return entries.map((at, number) => {
    const held = 2 + Math.floor(random() * (every - 5))
    const direction = number % 3 === 2 ? -1 : 1
    const [entry, exit] = [bars[at], bars[Math.min(at + held, bars.length - 1)]]
    return {
      side: direction > 0 ? 'long' : 'short',
      entry_at: entry.bar_at, entry_price: entry.open, exit_at: exit.bar_at, exit_price: exit.open,
      stop_price: round(entry.open * (1 - direction * 0.01)),
      target_price: number % 2 === 0 ? round(entry.open * (1 + direction * 0.02)) : null,
      net_profit: round(direction * (exit.open - entry.open) * 100),
      exit_reason: number % 2 === 0 ? 'signal' : 'stop',
    }
  })
}

/** The run that charts of tests belong to. */
export const testRun = { run_id: '20260126-143000-abcdef12', strategy: 'pldot_cross' }

/** Returns the closes of wandering equity that starts at 100,000, one a session. */
export function equityRows(sessions: number, seed = 3): { session_date: number; equity: number }[] {
  const random = randomNumbers(seed)
  let equity = 100_000
  return Array.from({ length: sessions }, (_, session) => {
    equity = round(equity * (1 + (random() - 0.48) * 0.02))
    return { session_date: sessionDay(session), equity }
  })
}
