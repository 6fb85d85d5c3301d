import { barsOf, evenBars, type TestBar } from './bars.js'
import { goldenBars } from './golden.js'

/** Twelve bars with one price. */
export const constantBars: TestBar[] = barsOf(Array.from({ length: 12 }, () => [10, 10, 10] as const))

/** Twelve bars without a range whose prices move: their envelope has no width. */
export const flatBars: TestBar[] = barsOf(
  [10, 10, 10, 11, 12, 11, 13, 13, 12, 14, 9, 9].map((price) => [price, price, price] as const),
)

/** Twelve equal bars that close at their high: a run whose dot stands still. */
export const risenBars: TestBar[] = barsOf(Array.from({ length: 12 }, () => [11, 9, 11] as const))

/** Bars of which every second one leaves a gap to the one before. */
export const gapBars: TestBar[] = evenBars([10, 10, 12, 12, 9, 9, 13, 13, 8, 8, 10, 10, 12, 12])

/** The bars of the longest worked example with all prices multiplied by `factor`. */
export function scaledGolden(factor: number): TestBar[] {
  return goldenBars().filter(({ symbol }) => symbol === 'W').map(({ symbol, high, low, close }) => {
    return { symbol, high: high * factor, low: low * factor, close: close * factor }
  })
}

/** Bars for which something is most easily computed wrongly, by name. */
export const edgeBars: Record<string, TestBar[]> = {
  'one price': constantBars,
  'no range': flatBars,
  'a dot that stands still': risenBars,
  'gaps': gapBars,
  'a price of 0.0001': scaledGolden(1e-6),
  'a price of 1,000,000': scaledGolden(1e4),
  'one bar': evenBars([10]),
  'two bars': evenBars([10, 11]),
  'three bars': evenBars([10, 11, 12]),
  'five bars': evenBars([10, 11, 12, 11, 12]),
}
