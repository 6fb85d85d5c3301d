import type { Datasets, Layer } from './frame.js'
import type { LegendEntries } from './legend.js'
import type { NextLabel } from './next-labels.js'
import type { PlottedValue } from './plotted.js'
import type { PricePen } from './price-layers.js'
import type { Candle, PriceBar } from './price-rows.js'
import type { Palette } from './theme.js'

/** What a part of the geometry adds to a price chart, behind its candles. */
export interface Overlay {
  /** Its names in the legend; none when there is nothing of it to draw. */
  legend: LegendEntries
  datasets: Datasets
  /** Levels for the bar after the last, named at the right edge. */
  labels: readonly NextLabel[]
  /** Whether it draws on the bar after the last; default not. */
  isAhead?: boolean
  layers: (pen: PricePen) => Layer[]
}

/** What the overlays are made of. */
export interface OverlaySource {
  bars: readonly PlacedBar[]
  palette: Palette
  /** Whether each candle is one bar. */
  isWhole: boolean
}

/** A candle with the geometry as of its close: that of the last bar that it holds. */
export interface PlacedBar extends Candle {
  /** The value of a column of the geometry. */
  valueOf: (column: string) => PlottedValue
}

/** Returns the candles with the geometry as of their closes. */
export function placedBars(bars: readonly PriceBar[], rows: readonly Candle[]): PlacedBar[] {
  let end = 0
  return rows.map((row) => {
    end += row.bars
    const { plotted = {} } = bars[end - 1]
    return { ...row, valueOf: (column) => plotted[column] }
  })
}

/** Returns the number in a column of a bar, or null when it is missing. */
export function numberIn({ valueOf }: PlacedBar, column: string): number | null {
  const value = valueOf(column)
  return typeof value === 'number' ? value : null
}

/** Values that stay the same from the left edge of one bar to the right edge of another. */
export type Stretch<Values> = Values & { start: number; end: number }

/** Cuts bars into stretches of equal values; bars for which `valuesOf` returns null belong to none. */
export function stretches<Values extends object>(
  bars: readonly PlacedBar[],
  valuesOf: (bar: PlacedBar) => Values | null,
): Stretch<Values>[] {
  const found: Stretch<Values>[] = []
  for (const bar of bars) {
    const values = valuesOf(bar)
    if (values === null) continue
    const before = found.at(-1)
    if (before?.end === bar.i - 0.5 && isWithin(values, before)) before.end = bar.i + 0.5
    else found.push({ ...values, start: bar.i - 0.5, end: bar.i + 0.5 })
  }
  return found
}

function isWithin(values: object, whole: object): boolean {
  const entries = new Map(Object.entries(whole))
  return Object.entries(values).every(([name, value]) => entries.get(name) === value)
}
