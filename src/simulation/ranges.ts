import type { BarColumns } from '../rows.js'

/** The true ranges of the last bars of each symbol. */
export interface Ranges {
  /** Takes in a bar; each bar of a symbol once, in the order of time. */
  add: (bars: BarColumns, row: number) => void
  /** Gives what is remembered of a symbol in the prices after a split. */
  split: (symbol: number, ratio: number) => void
  /** Mean of the last ranges of a symbol; NaN while it has had too few bars. */
  mean: (symbol: number) => number
}

/** Returns no ranges yet of `count` symbols, of which the last `length` will be kept. */
export function trueRanges(count: number, length: number): Ranges {
  const ranges = new Float64Array(count * length)
  const seen = new Int32Array(count)
  const previous_close = new Float64Array(count).fill(NaN)
  return {
    add(bars, row) {
      const symbol = bars.symbol[row]
      const before = previous_close[symbol]
      const isFirst = Number.isNaN(before)
      const high = isFirst ? bars.high[row] : Math.max(bars.high[row], before)
      const low = isFirst ? bars.low[row] : Math.min(bars.low[row], before)
      ranges[symbol * length + (seen[symbol] % length)] = high - low
      previous_close[symbol] = bars.close[row]
      seen[symbol]++
    },
    split(symbol, ratio) {
      for (let i = symbol * length; i < (symbol + 1) * length; i++) ranges[i] /= ratio
      previous_close[symbol] /= ratio
    },
    mean(symbol) {
      if (seen[symbol] < length) return NaN
      let sum = 0
      for (let i = symbol * length; i < (symbol + 1) * length; i++) sum += ranges[i]
      return sum / length
    },
  }
}
