import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { builtCli, type BuiltCli, type RunningCli } from '../cli/built.js'
import { testStore, type TestStore } from '../backtest/store.js'
import { testRedis, type TestRedis } from './redis.js'

/** A store, a Redis server, and the command line as a program. */
export interface QueueRoom {
  store: TestStore
  redis: TestRedis
  cli: BuiltCli
  /** Starts a worker, which ends some seconds after its last batch. */
  worker: (...argv: string[]) => TestWorker
  /** Starts a backtest by the queue. */
  submit: (...argv: string[]) => RunningCli
  /** What all of them have printed to standard error. */
  printed: () => string
  remove: () => Promise<void>
}

/** A worker and what it has logged. */
export interface TestWorker extends RunningCli {
  log: () => Record<string, unknown>[]
}

let count = 0

/** Makes a room to work in; the workers count as dead after one second of silence. */
export async function queueRoom(symbols: number, ...settings: string[]): Promise<QueueRoom> {
  const [store, redis, cli] = [await testStore(symbols), await testRedis(...settings), await builtCli()]
  const started: RunningCli[] = []
  const start = (...argv: string[]) => {
    const running = cli.start('--store', store.folder, '--threads', '1', ...argv)
    started.push(running)
    return running
  }
  return {
    ...{ store, redis, cli },
    worker(...argv) {
      const file = join(store.folder, `worker-${++count}.jsonl`)
      const running = start('--log-file', file, 'worker', '--queue', redis.url, '--lease', '1', '--idle-exit', '2', ...argv)
      const lines = () => (existsSync(file) ? readFileSync(file, 'utf8').split('\n').slice(0, -1) : [])
      return { ...running, log: () => lines().map((line) => JSON.parse(line) as Record<string, unknown>) }
    },
    submit: (...argv) => start('backtest', '--queue', redis.url, ...argv),
    printed: () => started.map(({ errors }) => errors()).join(''),
    async remove() {
      for (const { child } of started) child.kill('SIGKILL')
      await redis.remove()
      store.remove()
      cli.remove()
    },
  }
}

/** Waits until something is so. */
export async function until(isSo: () => boolean, what: string): Promise<void> {
  const deadline = performance.now() + 40_000
  while (!isSo()) {
    if (performance.now() > deadline) throw new Error(`it did not come to pass that ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}
