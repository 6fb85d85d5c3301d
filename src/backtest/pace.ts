/** What a batch took: the time that went by, and the processor time of its process meanwhile, in milliseconds. */
export interface Taken {
  bars: number
  elapsed_ms: number
  cpu_ms: number
}

/** The time that batches take for each bar. */
export interface Pace {
  /** Takes what a further batch took, and says whether that is for each bar more than twice what is usual, by both measures of time. */
  isDegraded: (batch: Taken) => boolean
}

/** With fewer batches nothing is known of what is usual. */
const enoughBatches = 3

/**
 * Returns the pace of a run after the given batches. A batch that only waited, since others had the processors, took more time
 * but no more processor time, and is not degraded.
 */
export function pace(before: readonly Taken[]): Pace {
  const done = before.map(({ bars, elapsed_ms, cpu_ms }) => ({ bars, elapsed_ms, cpu_ms }))
  return {
    isDegraded({ bars, elapsed_ms, cpu_ms }) {
      // a batch of few bars takes as long as any to begin
      const counted = Math.max(bars, median(done.map((batch) => batch.bars)))
      const isSlow = (ms: number, of: 'elapsed_ms' | 'cpu_ms') => ms / counted > 2 * median(done.map((batch) => batch[of] / batch.bars))
      const isKnown = done.length >= enoughBatches
      const isDegraded = isKnown && isSlow(elapsed_ms, 'elapsed_ms') && isSlow(cpu_ms, 'cpu_ms')
      if (bars > 0) done.push({ bars, elapsed_ms, cpu_ms })
      return isDegraded
    },
  }
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted.length === 0 ? NaN : (sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1]) / 2
}
