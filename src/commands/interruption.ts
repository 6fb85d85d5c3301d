import type { Io } from '../io.js'

/** How a user, or the system, asks a backtest to end. */
export interface Interruption {
  /** Whether the run is to end after the batch at hand. */
  isAsked: () => boolean
  /** Tells the id of the run, once it has one. */
  begun: (id: string) => void
  /** Leaves the signals to others again. */
  stop: () => void
}

/**
 * Waits for signals: the first SIGINT asks to end after the batch at hand, or before a run begins; a second one and SIGTERM end the process
 * at once, after `clearUp`, as they do by default. Whatever ends a run, it can be resumed. `ending` is what the first SIGINT says of a run.
 */
export function onInterruption(
  { err }: Pick<Io, 'err'>,
  clearUp: () => void,
  ending = 'interrupted: the batch at hand is being finished; once more ends at once',
): Interruption {
  let isAsked = false
  let id: string | null = null
  const resumed = () => (id === null ? '' : `; what is done is kept: dgas backtest --resume ${id}`)
  const endAt = (signal: NodeJS.Signals) => () => {
    if (signal === 'SIGINT' && !isAsked) {
      isAsked = true
      if (id !== null) err(`${ending}\n`)
      return
    }
    clearUp()
    err(`ended by ${signal}${resumed()}\n`)
    stop()
    process.kill(process.pid, signal)
  }
  const handlers = (['SIGINT', 'SIGTERM'] as const).map((signal) => ({ signal, handler: endAt(signal) }))
  const stop = () => handlers.forEach(({ signal, handler }) => process.off(signal, handler))
  handlers.forEach(({ signal, handler }) => process.on(signal, handler))
  return { isAsked: () => isAsked, begun: (name) => (id = name), stop }
}
