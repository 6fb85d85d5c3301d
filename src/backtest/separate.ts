import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { allDone } from './all-done.js'
import { partName, readBatchRecord, removeStale, writeBatchRecord, type BatchRecord } from './batch-record.js'
import { blamed } from './blame.js'
import { readOutcomes } from './done-batch.js'
import { plainFault } from './faults.js'
import type { Follower } from './follow.js'
import { pace, type Pace } from './pace.js'
import { pieceLoader, pieceRelations, simulatePiece, writePiece, type LoadedPiece, type Loader, type SimulatedPiece } from './piece.js'
import type { PlannedSymbol } from './plan.js'
import { isWantOfMemory, learn, portions, type Portion } from './portion.js'
import { recordOf } from './record-of.js'
import { clocks, stopwatch, type Stopwatch } from './stopwatch.js'
import { growingPause, persist, retryOf, survive, type Retry, type Survivors } from './survive.js'
import { addRecord, noTotals, type Totals } from './totals.js'
import type { RunWork } from './work.js'

/** How a batch is done; all fields optional. */
export interface BatchOptions {
  /** What of the batch is being loaded already: its first symbols, or all. */
  ahead?: LoadedAhead
  load?: Loader
  /** Called when the end of the batch is computed, so that the next one can be. */
  onComputed?: () => void
  /** How much is computed at once; the batches of a run share what they learn of it. */
  portion?: Portion
  /** Told of each failure after which something of the batch is tried again. */
  onRetry?: (batch: number, retry: Retry) => void
  /** Told each file of trades as soon as it is written. */
  onTrades?: (file: string) => void
  /** Whether some symbol of the run has been computed. */
  hasWorked?: boolean
  pace?: Pace
  watch?: Stopwatch
  /** Name of the process that does it; default: host and process id. */
  worker?: string
}

/** Symbols at the beginning of a batch that are being loaded. */
export interface LoadedAhead {
  symbols: readonly PlannedSymbol[]
  loading: Promise<LoadedPiece>
  /** Fulfilled when the statements of the loading have succeeded, and never when they fail. */
  computed: Promise<void>
}

function startLoading(load: Loader, symbols: readonly PlannedSymbol[]): LoadedAhead {
  let loading: Promise<LoadedPiece>
  const computed = new Promise<void>((fulfil) => {
    loading = load(symbols, fulfil)
  })
  return { symbols, loading: loading!, computed }
}

/**
 * Does a batch of a run with separate accounts: computes its signals, simulates its accounts, and puts its rows and then its
 * record into the folder of the run. A batch that is finished already is left as it is. It may be done by any process, and
 * again: the rows are the same.
 */
export async function doBatch(work: RunWork, batch: number, options: BatchOptions = {}): Promise<BatchRecord> {
  const finished = readBatchRecord(work.run.folder, batch)
  if (finished !== null) return finished
  const simulated = await simulatedBatch(work, batch, options)
  return await finishedElsewhere(work, batch, simulated) ?? writtenBatch(work, batch, simulated, options)
}

/**
 * Does all batches in their order: each is loaded while the one before it is simulated, and written while the next one is.
 * Those that are finished are read back.
 */
export async function simulateSeparate(work: RunWork, watch: Stopwatch, follower: Follower): Promise<Totals> {
  const { plan: { batches }, run: { folder }, output } = work
  const load = pieceLoader(work)
  const records = batches.map((_, batch) => readBatchRecord(folder, batch))
  const loadAhead = (from: number) => {
    const next = records.findIndex((record, batch) => batch >= from && record === null)
    if (next === -1 || loading.has(next)) return
    const [symbols] = portions(batches[next], portion)
    const ahead = startLoading(load, symbols)
    // a failure is dealt with when its turn comes
    ahead.loading.catch(() => undefined)
    loading.set(next, ahead)
  }
  const loading = new Map<number, LoadedAhead>()
  const portion: Portion = { mostBars: Infinity }
  const speed = pace(records.filter((record) => record !== null))
  const totals = noTotals(work)
  const onTrades = (file: string) => totals.grouping.add([file])
  const common: BatchOptions = { load, watch, portion, pace: speed, onTrades, onRetry: follower.retried }
  const finish = async (batch: number, record: BatchRecord | null, simulated: SimulatedBatch | null, options: BatchOptions) => {
    const found = simulated === null ? record : await finishedElsewhere(work, batch, simulated)
    // the database writes while the figures are added up
    const done = found ?? (await allDone([
      writtenBatch(work, batch, simulated!, options),
      measurePieces(totals, simulated!.survivors.pieces),
    ]))[0]
    if (found !== null) totals.figures.add(await watch.time('read', () => withRoom(load, () => readOutcomes(output, found))))
    addRecord(totals, done)
    totals.grouping.add(Object.keys(done.files).filter((file) => file.startsWith('trades/')).map((file) => join(folder, file)))
    follower.batch(done)
    if (batch + 1 < batches.length) follower.stopIfAsked()
  }
  let [hasWorked, isDone] = [false, false]
  let before: Promise<void> = Promise.resolve()
  loadAhead(0)
  try {
    for (const [batch, record] of records.entries()) {
      const options: BatchOptions = { ...common, ahead: loading.get(batch), onComputed: () => loadAhead(batch + 1), hasWorked }
      loading.delete(batch)
      const simulated = record === null ? await simulatedBatch(work, batch, options) : null
      hasWorked ||= simulated === null ? record!.symbols > 0 : simulated.survivors.pieces.length > 0
      await before
      before = finish(batch, record, simulated, options)
      // a failure is dealt with when its turn comes
      before.catch(() => undefined)
    }
    await before
    isDone = true
  } finally {
    // nothing may end while rows are still being written or read
    if (loading.size > 0) work.source.database.interrupt()
    await Promise.allSettled([before, ...[...loading.values()].map((ahead) => ahead.loading)])
    if (!isDone) await totals.grouping.settled()
  }
  return totals
}

/** A batch whose accounts are simulated and not yet written. */
interface SimulatedBatch {
  survivors: Survivors<SimulatedPiece>
  startedAt: Date
}

async function simulatedBatch(work: RunWork, batch: number, options: BatchOptions): Promise<SimulatedBatch> {
  const { plan, config } = work
  const { load = pieceLoader(work), watch = stopwatch(), hasWorked = false, onComputed, portion = { mostBars: Infinity } } = options
  const startedAt = new Date()
  const all = plan.batches[batch]
  const patience = { retries: config.retries, pause: growingPause, hasWorked, onRetry: (retry: Retry) => options.onRetry?.(batch, retry) }
  let { ahead } = options
  const first = ahead === undefined ? [] : [ahead.symbols]
  const rest = all.slice(ahead?.symbols.length ?? 0)
  const parts = rest.length === 0 ? first : [...first, ...portions(rest, portion)]
  const survivors = await survive(parts, async (symbols) => {
    const { loading, computed } = ahead ?? startLoading(load, symbols)
    ahead = undefined
    if (symbols.at(-1) === all.at(-1)) void computed.then(onComputed)
    const piece = await watch.time('wait', () => loading).catch(async (error: unknown) => {
      throw await blamed(work.output.database, work.source.files, error, symbols.length === 1 ? symbols[0].symbol : null)
    })
    return watch.time('simulate', () => simulatePiece(work, piece))
  }, patience, (halves, error) => {
    if (isWantOfMemory(error)) learn(portion, halves)
  })
  return { survivors, startedAt }
}

/** Returns the record of a batch that another process has finished, while this one was frozen or both had it; else null. */
async function finishedElsewhere(work: RunWork, batch: number, { survivors }: SimulatedBatch): Promise<BatchRecord | null> {
  const other = readBatchRecord(work.run.folder, batch)
  if (other !== null) await dropTables(work, survivors.pieces)
  return other
}

async function writtenBatch(
  work: RunWork,
  batch: number,
  { survivors, startedAt }: SimulatedBatch,
  options: BatchOptions,
): Promise<BatchRecord> {
  const { plan, config, run: { folder } } = work
  const { watch = stopwatch() } = options
  const { pieces } = survivors
  const clock = clocks()
  const write = () => persist(async () => {
    for (const [part, piece] of pieces.entries()) await writePiece(work, partName(batch, part), piece, options.onTrades)
  }, { retries: config.retries, pause: growingPause }, (attempt, error) => {
    options.onRetry?.(batch, retryOf(plan.batches[batch], attempt, error, false))
  })
  await watch.time('write', () => withRoom(options.load, write)).catch((error: unknown) => {
    throw plainFault(error, folder)
  })
  await dropTables(work, pieces)
  const record = recordOf(work, batch, survivors, { startedAt, writing: clock() }, options)
  removeStale(folder, batch, pieceRelations, record.files)
  writeBatchRecord(folder, record)
  return record
}

/** Adds the figures of pieces in the order of their symbols. */
async function measurePieces({ figures }: Totals, pieces: readonly SimulatedPiece[]): Promise<void> {
  for (const { outcomes } of pieces) for (const _ of figures.steps(outcomes)) await setImmediate()
}

/** Does work; when what is being loaded has taken the memory, again while nothing is. */
async function withRoom<T>(load: Loader | undefined, work: () => Promise<T>): Promise<T> {
  return work().catch((error: unknown) => {
    if (isWantOfMemory(error) && load?.meanwhile !== undefined) return load.meanwhile(work)
    throw error
  })
}

async function dropTables({ output }: RunWork, pieces: readonly LoadedPiece[]): Promise<void> {
  for (const { table } of pieces) await output.database.run(`drop table if exists ${table}`)
}
