/** How far a run has come. */
export interface Progress {
  symbolsDone: number
  symbols: number
  barsDone: number
  bars: number
  elapsedMs: number
  /** Memory of the process, in bytes. */
  memoryBytes: number
  failures: number
}

/** Told of the progress of a run after each batch. */
export type Observer = (progress: Progress) => void

/** Returns bars per second, or null before anything is done. */
export function barsPerSecond({ barsDone, elapsedMs }: Progress): number | null {
  return barsDone === 0 || elapsedMs === 0 ? null : (barsDone / elapsedMs) * 1000
}

/** Returns the milliseconds that are left at the present speed, or null before anything is done. */
export function timeLeft(progress: Progress): number | null {
  const speed = barsPerSecond(progress)
  return speed === null ? null : ((progress.bars - progress.barsDone) / speed) * 1000
}

/** Returns the most memory that this process has held, in bytes. */
export function peakMemory(): number {
  return process.resourceUsage().maxRSS * 1024
}
