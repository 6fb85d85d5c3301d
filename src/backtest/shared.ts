import { rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Columns } from '../database/columns.js'
import { literal } from '../database/quote.js'
import { startSimulation } from '../simulation/simulate.js'
import { allDone } from './all-done.js'
import { applyActions, computeBatch, readBatch, reasonsOf, selectSymbols, type BatchSource } from './batch.js'
import { blamed, unreadableSymbols } from './blame.js'
import { partName, readBatchRecord, removeStale, writeBatchRecord, type BatchRecord } from './batch-record.js'
import { faultOf, plainFault } from './faults.js'
import type { Follower } from './follow.js'
import { countDeclined } from './measures.js'
import { pace } from './pace.js'
import { besides, writeEntries, writeEquity, writePart, writeTrades } from './parts.js'
import { pieceRelations, tradedBars } from './piece.js'
import type { PlannedSymbol } from './plan.js'
import { isWantOfMemory, learn, portions } from './portion.js'
import { recordOfSignals } from './record-of.js'
import type { BatchOptions } from './separate.js'
import { clocks, type Stopwatch } from './stopwatch.js'
import { growingPause, survive, type Retry } from './survive.js'
import { addChecks, addRecord, noTotals, type Totals } from './totals.js'
import type { RunWork } from './work.js'

const table = 'signals_all'

/**
 * Simulates all symbols with one account: first the signals of all batches, which are few and kept in files, then the bars in
 * the order of time, as many at a time as a batch has. When bars cannot be read that no signal needed, their symbols are
 * left out, and the simulation begins again.
 */
export async function simulateShared(work: RunWork, watch: Stopwatch, follower: Follower): Promise<Totals> {
  for (;;) {
    const totals = noTotals(work)
    const records = await doSignals(work, totals, watch, follower)
    try {
      await simulateSignals(work, totals, records, watch, follower)
      return totals
    } catch (error) {
      if (faultOf(error) === 'final' || !await leaveOutUnreadable(work, records)) throw error
      follower.restart()
    }
  }
}

async function simulateSignals(
  work: RunWork,
  totals: Totals,
  records: readonly BatchRecord[],
  watch: Stopwatch,
  follower: Follower,
): Promise<void> {
  const { source, run: { folder } } = work
  if (totals.failed.length === source.symbols.length) return
  // what an earlier attempt wrote would be written again
  for (const relation of pieceRelations) rmSync(join(folder, relation), { recursive: true, force: true })
  const lost = totals.failed.map(({ symbol }) => source.symbols.indexOf(symbol))
  const tables = records.filter(({ symbols }) => symbols > 0).map(({ batch, files }) => {
    return { batch, sql: signalsSql(folder, Object.keys(files).sort(), lost) }
  })
  await source.database.run(`create or replace view ${table} as ${tables.map(({ sql }) => sql).join(' union all ')}`)
  if (lost.length > 0) await source.database.run(`delete from run_symbols where code in (${lost.join(', ')})`)
  await selectSymbols(source, source.symbols)
  await applyActions(source)
  await simulateStream(work, totals, watch, follower)
  await watch.time('write', async () => {
    for (const { batch, sql } of tables) await writeEntries(work.output, partName(batch), `(${sql})`, source.columns)
    await work.output.database.run('drop table part_declined')
  })
}

/** Records the symbols of which some bars cannot be read as failed; false when there are none but those that are known. */
async function leaveOutUnreadable(work: RunWork, records: readonly BatchRecord[]): Promise<boolean> {
  const { plan, run: { folder }, source: { files }, output } = work
  let isAnyNew = false
  for (const record of records) {
    const known = new Set(record.failed.map(({ symbol }) => symbol))
    const symbols = plan.batches[record.batch].filter(({ symbol }) => !known.has(symbol))
    const failed = (await unreadableSymbols(output.database, files, symbols)).filter(({ symbol }) => !known.has(symbol))
    if (failed.length === 0) continue
    isAnyNew = true
    const bars = record.bars - tradedBars(symbols.filter(({ symbol }) => failed.some((one) => one.symbol === symbol)))
    writeBatchRecord(folder, { ...record, symbols: record.symbols - failed.length, bars, failed: [...record.failed, ...failed] })
  }
  return isAnyNew
}

/**
 * Does a batch of a run with a shared account: computes its signals and puts them and their record into the folder of the run.
 * A batch that is finished already is left as it is.
 */
export async function doSignalBatch(
  work: RunWork,
  batch: number,
  options: Omit<BatchOptions, 'ahead' | 'load' | 'onComputed'> = {},
): Promise<BatchRecord> {
  const { run: { folder }, plan, config } = work
  const done = readBatchRecord(folder, batch)
  if (done !== null) return done
  const [startedAt, clock] = [new Date(), clocks()]
  let part = 0
  const { hasWorked = false, portion = { mostBars: Infinity }, onRetry } = options
  const patience = { retries: config.retries, pause: growingPause, hasWorked, onRetry: (retry: Retry) => onRetry?.(batch, retry) }
  const survivors = await survive(portions(plan.batches[batch], portion), async (symbols) => {
    await writeComputed(work, symbols, partName(batch, part)).catch(async (error: unknown) => {
      throw await blamed(work.output.database, work.source.files, error, symbols.length === 1 ? symbols[0].symbol : null)
    })
    part++
    return symbols
  }, patience, (halves, error) => {
    if (isWantOfMemory(error)) learn(portion, halves)
  }).catch((error: unknown) => {
    throw plainFault(error, folder)
  })
  const record = recordOfSignals(work, batch, survivors, { startedAt, writing: clock() }, options)
  removeStale(folder, batch, ['computed'], record.files)
  writeBatchRecord(folder, record)
  return record
}

async function doSignals(work: RunWork, totals: Totals, watch: Stopwatch, follower: Follower): Promise<BatchRecord[]> {
  const records: BatchRecord[] = []
  const [speed, portion] = [pace([]), { mostBars: Infinity }]
  for (const batch of work.plan.batches.keys()) {
    const options = { hasWorked: records.some(({ symbols }) => symbols > 0), pace: speed, portion, onRetry: follower.retried }
    const record = await watch.time('compute', () => doSignalBatch(work, batch, options))
    records.push(record)
    addRecord(totals, record)
    follower.batch(record, record.bars / 2)
    follower.stopIfAsked()
  }
  return records
}

/** In the order of time, so that a part of the stream skips most of it. */
async function writeComputed({ source, output }: RunWork, symbols: readonly PlannedSymbol[], part: string): Promise<void> {
  await selectSymbols(source, symbols.map(({ symbol }) => symbol))
  await computeBatch(source, symbols, 'signals_part')
  await writePart(output, 'computed', part, 'select * from signals_part order by bar_at, code')
  await source.database.run('drop table signals_part')
}

async function simulateStream(work: RunWork, totals: Totals, watch: Stopwatch, follower: Follower): Promise<void> {
  const { source, output, config, facts } = work
  const ranges = await timeRanges(source)
  const reasons = await reasonsOf(source, table)
  const simulation = startSimulation(config.rules, facts)
  const load = (part: number) => {
    const loading = watch.time('compute', () => readBatch(source, { table, reasons }, ranges[part], 'bar_at, code'))
    // a failure is dealt with when its turn comes
    loading.catch(() => undefined)
    return loading
  }
  let next = load(0)
  await output.database.run('drop table if exists part_declined')
  for (const part of ranges.keys()) {
    const { bars, signals } = await watch.time('wait', () => next)
    if (part + 1 < ranges.length) next = load(part + 1)
    watch.now('simulate', () => {
      totals.holding.add(bars)
      simulation.advance(bars, signals.columns)
    })
    await watch.time('write', async () => {
      const outcomes = simulation.take()
      totals.figures.add(outcomes)
      await allDone([
        writeTrades(output, partName(part), outcomes, signals.reasons),
        besides(output, (other) => writeEquity(other, partName(part), outcomes)),
      ])
      // an order may be declined in a later part than that of its signal
      const declined = simulation.takeDeclined()
      totals.figures.addDeclined(countDeclined(declined))
      await output.database.append('part_declined', declined as unknown as Columns)
    }).catch((error: unknown) => {
      throw plainFault(error, output.folder)
    })
    follower.bars(bars.length / 2)
    if (part + 1 < ranges.length) follower.stopIfAsked()
  }
  addChecks(totals, simulation.ledgerChecks(), simulation.finerBars())
}

function signalsSql(folder: string, paths: readonly string[], lost: readonly number[]): string {
  const files = paths.map((path) => literal(join(folder, path)))
  const condition = lost.length === 0 ? 'true' : `code not in (${lost.join(', ')})`
  return `select * from read_parquet([${files.join(', ')}]) where ${condition}`
}

/** Cuts the traded time into ranges of about as many bars as a batch may have; returns SQL conditions. */
async function timeRanges({ database, config, traded }: BatchSource): Promise<string[]> {
  const times = await database.rows<{ at: string; bars: number }>(`
    select bar_at::varchar as at, count(*) as bars
    from "${config.timeframe.name}".bars join run_symbols using (symbol)
    where ${traded} group by bar_at order by bar_at`)
  const starts: string[] = []
  let room = 0
  for (const { at, bars } of times) {
    if (bars > room) {
      starts.push(at)
      room = config.batchBars
    }
    room -= bars
  }
  return starts.map((from, index) => {
    const until = index + 1 < starts.length ? ` and bar_at < timestamp '${starts[index + 1]}'` : ''
    return `bar_at >= timestamp '${from}'${until}`
  })
}
