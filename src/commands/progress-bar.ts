import { barsPerSecond, timeLeft, type Observer } from '../backtest/progress.js'
import { count, duration, megabytes } from '../format.js'
import type { Io } from '../io.js'

/** A progress bar on a terminal's standard error; nothing elsewhere. */
export interface ProgressBar {
  update: Observer
  stop: () => void
}

/** Returns a bar with symbols, bars per second, time left and memory. */
export async function progressBar(io: Io, isQuiet: boolean): Promise<ProgressBar> {
  if (isQuiet || !io.isErrorTerminal) return { update: () => undefined, stop: () => undefined }
  const { SingleBar } = await import('cli-progress')
  const format = ' {bar} {percentage} % | {value}/{total} symbols | {speed} bars/s | {left} left | {memory}{failed}'
  const bar = new SingleBar({ format, hideCursor: true, barsize: 24, barCompleteChar: '█', barIncompleteChar: '░' })
  let isStarted = false
  return {
    update: (progress) => {
      const { symbols, symbolsDone, memoryBytes, failures } = progress
      const left = timeLeft(progress)
      const payload = {
        speed: count(Math.round(barsPerSecond(progress) ?? 0)),
        left: left === null ? '–' : duration(left),
        memory: megabytes(memoryBytes),
        failed: failures === 0 ? '' : ` | ${failures} failed`,
      }
      if (!isStarted) bar.start(symbols, symbolsDone, payload)
      else bar.update(symbolsDone, payload)
      isStarted = true
    },
    stop: () => bar.stop(),
  }
}
