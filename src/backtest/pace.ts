/** The time that batches take for each bar. */
export interface Pace {
  /** Takes the time of a further batch, and says whether it is more than twice what the batches before it took for each bar. */
  isDegraded: (bars: number, elapsedMs: number) => boolean
}

/** With fewer batches nothing is known of what is usual. */
const enoughBatches = 3

/** Returns the pace of a run after the given batches. */
export function pace(before: readonly { bars: number; elapsed_ms: number }[]): Pace {
  const done = before.map(({ bars, elapsed_ms }) => ({ bars, elapsed_ms }))
  return {
    isDegraded(bars, elapsed_ms) {
      // a batch of few bars takes as long as any to begin
      const counted = Math.max(bars, median(done.map((batch) => batch.bars)))
      const usual = median(done.map((batch) => batch.elapsed_ms / batch.bars))
      const isKnown = done.length >= enoughBatches
      if (bars > 0) done.push({ bars, elapsed_ms })
      return isKnown && elapsed_ms / counted > 2 * usual
    },
  }
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted.length === 0 ? NaN : (sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1]) / 2
}
