import { Command } from 'commander'
import { openDatabase } from '../database/database.js'
import { usageError } from '../errors.js'
import { count, duration } from '../format.js'
import type { Io } from '../io.js'
import { queueAddress, type QueueAddress } from '../queue/address.js'
import type { RunningWorker, WorkerObserver } from '../queue/worker.js'
import type { Store } from '../store/layout.js'
import { openStore } from '../store/store.js'
import { commandLog, globalOptions, number, saySample } from './globals.js'

const description = `Takes batches of the backtests that are in the queue of a store, one at a time, until it is interrupted; the
store must be the same folder for all. What a worker that dies or falls silent leaves, another one takes over.`

const examples = `
Examples:
  $ dgas worker --queue redis://localhost:6379                   # on each machine that sees the store
  $ dgas worker --queue redis://localhost:6379 --idle-exit 600   # end when nothing was to do for ten minutes
  $ dgas backtest --universe all --queue redis://localhost:6379  # what gives the workers something to do`

interface Options {
  queue: string
  lease?: string
  once?: boolean
  idleExit?: string
}

/** The command `dgas worker`. */
export function workerCommand(io: Io): Command {
  return new Command('worker')
    .summary('do batches of the backtests of a queue')
    .description(description)
    .requiredOption('--queue <url>', 'Redis server of the queue, such as redis://host:6379')
    .option('--lease <seconds>', 'silence after which a worker counts as dead; a longer one for very large batches (default: 30)')
    .option('--once', 'end after one batch')
    .option('--idle-exit <seconds>', 'end after so long without a batch, when no other worker has one')
    .addHelpText('after', examples)
    .action(async (options: Options, command: Command) => {
      await work(queueAddress(options.queue), options, command, io)
    })
}

async function work(address: QueueAddress, options: Options, command: Command, io: Io): Promise<void> {
  const [lease, idleExit] = [seconds('--lease', options.lease) ?? 30, seconds('--idle-exit', options.idleExit) ?? null]
  const { store: folder, threads, memory } = globalOptions(command, io)
  const store = await opened(command, io)
  const observer = shown(command, io)
  const [{ connect }, { startWorker }] = await Promise.all([import('../queue/connection.js'), import('../queue/worker.js')])
  const connection = await connect(address, observer.warn, true)
  try {
    const spec = { database: { threads, memory }, lease, isOnce: options.once === true, idleExit }
    const worker = startWorker(connection, store, spec, observer)
    observer.say(`taking batches of ${folder ?? store.folder} from ${address.shown}`)
    await untilEnded(worker, observer.say)
  } finally {
    connection.close()
  }
}

async function opened(command: Command, io: Io): Promise<Store> {
  const options = globalOptions(command, io)
  const database = await openDatabase()
  try {
    const store = await openStore(database, { folder: options.store })
    saySample(io, store, options)
    return store
  } finally {
    database.close()
  }
}

/** The first signal lets the worker finish its batch, the second one ends the process: another worker takes the batch over. */
async function untilEnded(worker: RunningWorker, say: (text: string) => void): Promise<void> {
  const signals = ['SIGINT', 'SIGTERM'] as const
  let isAsked = false
  const onSignal = (signal: NodeJS.Signals) => {
    if (isAsked) {
      leave()
      process.kill(process.pid, signal)
      return
    }
    isAsked = true
    say('ending after the batch at hand; once more ends at once')
    worker.stop()
  }
  const leave = () => signals.forEach((signal) => process.off(signal, onSignal))
  signals.forEach((signal) => process.on(signal, onSignal))
  await worker.ended.finally(leave)
}

/** Shows what a worker does, a line for each batch, and logs it. */
function shown(command: Command, io: Io): WorkerObserver & { say: (text: string) => void } {
  const log = commandLog(command, io)
  const isQuiet = globalOptions(command, io).quiet
  const say = (text: string) => {
    if (!isQuiet) io.err(`${text}\n`)
  }
  return {
    say,
    warn(text) {
      log('warning', 'warning', { message: text })
      io.err(`warning: ${text}\n`)
    },
    begun: (job) => log('info', 'job begun', { ...job }),
    done(job, record) {
      const name = job.batch === null ? `the end of ${job.run}` : `batch ${job.batch} of ${job.run}`
      if (record === null) {
        log('info', 'job', { ...job })
        if (job.batch === null) say(name)
        return
      }
      const { declined: _declined, held: _held, files: _files, ...shownRecord } = record
      log('info', 'batch', shownRecord)
      say(`${name}: ${count(record.bars)} bars in ${duration(record.elapsed_ms)}`)
    },
  }
}

function seconds(option: string, text: string | undefined): number | undefined {
  const value = number(option, text)
  if (value === undefined || value > 0) return value
  throw usageError({ what: `"${text ?? ''}" is no time`, where: option, expected: 'seconds, more than 0' })
}
