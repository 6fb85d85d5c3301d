import { DgasError } from '../errors.js'
import { instant } from '../format.js'
import { isoDate, milliseconds, type Time } from './times.js'

type Missing = number | null | undefined

/** A bar with what is plotted on it. Columns that are left out or null are not drawn. */
export interface PriceBar {
  bar_at: Time
  session_date?: Time | null
  open: number
  high: number
  low: number
  close: number
  volume?: Missing
  pldot?: Missing
  envelope_top?: Missing
  envelope_bottom?: Missing
  market_state?: string | null
  market_direction?: Missing
  higher_pldot?: Missing
  higher_envelope_top?: Missing
  higher_envelope_bottom?: Missing
}

/** A candle: one bar, or several consecutive ones merged, at place `i` of the axis. */
export interface Candle {
  i: number
  /** The opening instant of its first bar, in milliseconds UTC. */
  at: number
  /** The session of its first bar, as `2026-01-26`. */
  session: string
  bars: number
  open: number
  high: number
  low: number
  close: number
  volume: number | null
  pldot: number | null
  envelope_top: number | null
  envelope_bottom: number | null
  market_state: string | null
  market_direction: number | null
  higher_pldot: number | null
  higher_envelope_top: number | null
  higher_envelope_bottom: number | null
}

/**
 * Returns at most `maximum` candles: each merges the same number of consecutive bars, so that no extreme is lost (open of
 * the first, highest high, lowest low, close of the last, sum of volume, widest envelope, last dot and state).
 * Throws a `DgasError` when there is no bar.
 */
export function candles(bars: readonly PriceBar[], maximum: number): Candle[] {
  if (bars.length === 0) throw new DgasError({ what: 'there is no bar to draw', expected: 'at least one bar in the range' })
  const size = Math.ceil(bars.length / Math.max(1, Math.floor(maximum)))
  return Array.from({ length: Math.ceil(bars.length / size) }, (_, i) => merged(bars.slice(i * size, (i + 1) * size), i))
}

function merged(bars: readonly PriceBar[], i: number): Candle {
  const first = bars[0]
  const last = bars[bars.length - 1]
  const at = milliseconds(first.bar_at)
  return {
    i,
    at,
    session: isoDate(milliseconds(first.session_date ?? first.bar_at)),
    bars: bars.length,
    open: first.open,
    high: Math.max(...bars.map((bar) => bar.high)),
    low: Math.min(...bars.map((bar) => bar.low)),
    close: last.close,
    volume: overPresent(bars, 'volume', (values) => values.reduce((sum, value) => sum + value, 0)),
    pldot: last.pldot ?? null,
    envelope_top: overPresent(bars, 'envelope_top', (values) => Math.max(...values)),
    envelope_bottom: overPresent(bars, 'envelope_bottom', (values) => Math.min(...values)),
    market_state: last.market_state ?? null,
    market_direction: last.market_direction ?? null,
    higher_pldot: last.higher_pldot ?? null,
    higher_envelope_top: overPresent(bars, 'higher_envelope_top', (values) => Math.max(...values)),
    higher_envelope_bottom: overPresent(bars, 'higher_envelope_bottom', (values) => Math.min(...values)),
  }
}

type NumberColumn = 'volume' | 'envelope_top' | 'envelope_bottom' | 'higher_envelope_top' | 'higher_envelope_bottom'

function overPresent(bars: readonly PriceBar[], column: NumberColumn, combine: (values: number[]) => number): number | null {
  const values = bars.map((bar) => bar[column]).filter((value) => typeof value === 'number' && !Number.isNaN(value)) as number[]
  return values.length === 0 ? null : combine(values)
}

/** Returns candles with what their marks need besides: a label of the first bar's time and the direction of the candle. */
export function labelledCandles(rows: readonly Candle[]): (Candle & { label: string; direction: string })[] {
  return rows.map((row) => ({
    ...row,
    label: instant(row.at),
    direction: row.close < row.open ? 'falling bar' : 'rising bar',
  }))
}
