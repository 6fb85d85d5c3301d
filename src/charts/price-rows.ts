import { DgasError } from '../errors.js'
import { instant } from '../format.js'
import type { AxisPlace } from './bar-axis.js'
import type { PlottedValue } from './plotted.js'
import { isoDate, milliseconds, type Time } from './times.js'

type Missing = number | null | undefined

/** A bar with what is plotted on it. Columns that are left out or null are not drawn. */
export interface PriceBar {
  bar_at: Time
  closed_at: Time
  session_date: Time
  open: number
  high: number
  low: number
  close: number
  volume?: Missing
  pldot?: Missing
  envelope_top?: Missing
  envelope_bottom?: Missing
  /** More columns of the geometry, for the parts that are drawn from them. */
  plotted?: Readonly<Record<string, PlottedValue>>
}

/** A candle: one bar, or several consecutive ones merged. */
export interface Candle extends AxisPlace {
  bars: number
  open: number
  high: number
  low: number
  close: number
  volume: number | null
  pldot: number | null
  envelope_top: number | null
  envelope_bottom: number | null
  /** Opening instant of the first bar, for tooltips. */
  label: string
  direction: 'rising bar' | 'falling bar'
}

/**
 * Returns at most `maximum` candles: each merges the same number of consecutive bars, so that no extreme is lost (open
 * of the first, highest high, lowest low, close of the last, sum of volume, widest envelope, last dot).
 * Throws a `DgasError` when there is no bar.
 */
export function candles(bars: readonly PriceBar[], maximum: number): Candle[] {
  if (bars.length === 0) throw new DgasError({ what: 'there is no bar to draw', expected: 'at least one bar' })
  const size = Math.ceil(bars.length / Math.max(1, Math.floor(maximum)))
  const places = Array.from({ length: Math.ceil(bars.length / size) }, (_, i) => i)
  return places.map((i) => merged(bars.slice(i * size, (i + 1) * size), i))
}

function merged(bars: readonly PriceBar[], i: number): Candle {
  const first = bars[0]
  const last = bars[bars.length - 1]
  const at = milliseconds(first.bar_at)
  return {
    i,
    at,
    session: isoDate(milliseconds(first.session_date)),
    bars: bars.length,
    open: first.open,
    high: Math.max(...bars.map((bar) => bar.high)),
    low: Math.min(...bars.map((bar) => bar.low)),
    close: last.close,
    volume: overPresent(bars, 'volume', sum),
    pldot: last.pldot ?? null,
    envelope_top: overPresent(bars, 'envelope_top', (values) => Math.max(...values)),
    envelope_bottom: overPresent(bars, 'envelope_bottom', (values) => Math.min(...values)),
    label: instant(at),
    direction: last.close < first.open ? 'falling bar' : 'rising bar',
  }
}

type OptionalColumn = 'volume' | 'envelope_top' | 'envelope_bottom'

function overPresent(bars: readonly PriceBar[], column: OptionalColumn, combine: (values: number[]) => number) {
  const values = bars.map((bar) => bar[column]).filter((value) => value !== null && value !== undefined)
  return values.length === 0 ? null : combine(values)
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
