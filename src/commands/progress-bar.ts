import { barsPerSecond, timeLeft, type Observer, type Progress } from '../backtest/progress.js'
import { count, duration, megabytes } from '../format.js'
import type { Io } from '../io.js'

/** The progress of a run on standard error. */
export interface ProgressBar {
  update: Observer
  /** Prints a line of text beside the bar; nothing when quiet is asked for. */
  print: (text: string) => void
  /** Leaves the terminal as it was; may be called more than once. */
  stop: () => void
}

/** How often a line is printed where no bar can be drawn. */
const lineMs = 10_000

/** How often a bar that does not move yet shows that time passes. */
const tickMs = 500

/** Returns a bar with symbols, bars per second, time left, memory and failures; without a terminal, a plain line now and then. */
export async function progressBar(io: Io, isQuiet: boolean): Promise<ProgressBar> {
  if (isQuiet) return { update: () => undefined, print: () => undefined, stop: () => undefined }
  if (!io.isErrorTerminal) return progressLines(io)
  const { SingleBar } = await import('cli-progress')
  const format = ' {bar} {percentage} % | {value}/{total} symbols | {rest}'
  const bar = new SingleBar({ format, hideCursor: true, barsize: 24, barCompleteChar: '█', barIncompleteChar: '░' })
  let latest: Progress | null = null
  let toldAt = 0
  const draw = (progress: Progress) => {
    const text = { rest: rest(progress) }
    if (latest === null) bar.start(progress.symbols, progress.symbolsDone, text)
    else bar.update(progress.symbolsDone, text)
  }
  // the speed is that of finished batches
  const atPresent = (progress: Progress): Progress => {
    return progress.barsDone > 0 ? progress : { ...progress, elapsedMs: progress.elapsedMs + performance.now() - toldAt }
  }
  const tick = () => {
    if (latest?.barsDone === 0) draw(atPresent(latest))
  }
  let timer: NodeJS.Timeout | undefined
  const update = (progress: Progress) => {
    draw(progress)
    latest = progress
    toldAt = performance.now()
    timer ??= setInterval(tick, tickMs).unref()
  }
  const stop = () => {
    clearInterval(timer)
    timer = undefined
    if (latest !== null) bar.stop()
    latest = null
  }
  return {
    update,
    print(text) {
      const shown = latest
      stop()
      io.err(text)
      if (shown !== null) update(atPresent(shown))
    },
    stop,
  }
}

function progressLines({ err }: Io): ProgressBar {
  let next = lineMs
  return {
    update(progress) {
      if (progress.elapsedMs < next) return
      next = progress.elapsedMs + lineMs
      err(`${count(progress.symbolsDone)} of ${count(progress.symbols)} symbols, ${rest(progress).replaceAll(' | ', ', ')}\n`)
    },
    print: err,
    stop: () => undefined,
  }
}

function rest(progress: Progress): string {
  const [speed, left] = [barsPerSecond(progress), timeLeft(progress)]
  return [
    ...(speed === null || left === null ? [`computing for ${duration(progress.elapsedMs)}`] : [`${count(Math.round(speed))} bars/s`, `${duration(left)} left`]),
    megabytes(progress.memoryBytes),
    ...(progress.failures === 0 ? [] : [`${count(progress.failures)} failed`]),
  ].join(' | ')
}
