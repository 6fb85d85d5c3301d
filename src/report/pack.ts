/** A column of numbers as whole multiples of `unit`, less the value before or that of another column of the row; null: missing. */
export interface PackedNumbers {
  unit: number
  /** What the steps are counted from: the last value present before the row, or the column of this name; left out: 0. */
  from?: string
  steps: (number | null)[]
}

/** A column of texts as places in `names`, -1 for none. */
export interface PackedTexts {
  names: readonly string[]
  codes: number[]
}

/** Columns that take little room once they are compressed; the page unpacks them again. */
export interface PackedTable {
  length: number
  columns: Record<string, PackedNumbers | PackedTexts>
}

/** How a column of numbers is packed. */
export interface Packing {
  /** The column; NaN: missing. */
  values: ArrayLike<number>
  /** What values are rounded to multiples of. */
  unit: number
  /** `before`: steps from the last value present before; a packed column: steps from its value in the same row. Default: from 0. */
  from?: 'before' | { name: string; values: ArrayLike<number>; unit: number }
}

/** Packs a column of numbers. */
export function packNumbers({ values, unit, from }: Packing): PackedNumbers {
  const steps = new Array<number | null>(values.length)
  let before = 0
  for (let i = 0; i < values.length; i++) {
    const value = Math.round(values[i] / unit)
    if (typeof from === 'object') before = baseOf(from, i, unit)
    steps[i] = Number.isNaN(value) ? null : value - (from === undefined ? 0 : before)
    if (from === 'before' && !Number.isNaN(value)) before = value
  }
  return { unit, ...(from === undefined ? {} : { from: typeof from === 'string' ? from : from.name }), steps }
}

/** What the page has for the other column, in whole units of this one; a missing value counts as 0. */
function baseOf(from: { values: ArrayLike<number>; unit: number }, row: number, unit: number): number {
  const rounded = Math.round(from.values[row] / from.unit) * from.unit
  return Number.isNaN(rounded) ? 0 : Math.round(rounded / unit)
}

/** Packs a column of texts given as places in `names`. */
export function packTexts(codes: ArrayLike<number>, names: readonly string[]): PackedTexts {
  return { names, codes: Array.from(codes) }
}

/** Returns the largest unit of which all values are multiples, such as the length of a bar of times of bars; 1 when there are none. */
export function commonUnit(columns: readonly ArrayLike<number>[]): number {
  let unit = 0
  for (const values of columns) for (let i = 0; i < values.length && unit !== 1; i++) unit = divisor(unit, values[i])
  return unit || 1
}

function divisor(a: number, b: number): number {
  if (Number.isNaN(b)) return a
  let [x, y] = [Math.abs(a), Math.abs(b)]
  while (y !== 0) [x, y] = [y, x % y]
  return x
}

/** Returns the unit to which prices are rounded: two decimals, or as many as leave four digits of the lowest one. */
export function priceUnit(prices: ArrayLike<number>): number {
  let lowest = Infinity
  for (let i = 0; i < prices.length; i++) if (prices[i] > 0 && prices[i] < lowest) lowest = prices[i]
  const decimals = lowest === Infinity ? 2 : Math.min(6, Math.max(2, 3 - Math.floor(Math.log10(lowest))))
  return 1 / 10 ** decimals
}
