import type { Simulation } from '../simulation/simulate.js'
import { applyActions, computeBatch, readBatch, selectSymbols, type BatchSource } from './batch.js'
import type { PlannedSymbol } from './plan.js'
import type { AfterPart } from './separate.js'
import type { Stopwatch } from './stopwatch.js'

const table = 'signals_all'

/**
 * Simulates all symbols with one account: first the signals of all batches, which are few, then the bars in the order of
 * time, as many at a time as a batch has.
 */
export async function simulateShared(
  source: BatchSource,
  batches: readonly (readonly PlannedSymbol[])[],
  simulation: Simulation,
  watch: Stopwatch,
  after: AfterPart,
): Promise<void> {
  await watch.time('compute', () => computeAll(source, batches))
  const ranges = await timeRanges(source)
  const load = (part: number) => watch.time('compute', () => readBatch(source, table, ranges[part], 'bar_at, code'))
  let next = load(0)
  for (const part of ranges.keys()) {
    const batch = await watch.time('wait', () => next)
    if (part + 1 < ranges.length) next = load(part + 1)
    next.catch(() => undefined)
    watch.now('simulate', () => simulation.advance(batch.bars, batch.signals.columns))
    const isLast = part + 1 === ranges.length
    const { reasons } = batch.signals
    // an order may be declined in a later part than that of its signal
    await after({ part, reasons, bars: batch.bars.length, signals: isLast ? { table, conditions: codeRanges(batches) } : null })
  }
}

/** SQL conditions for the symbols of each batch; their codes follow each other. */
function codeRanges(batches: readonly (readonly PlannedSymbol[])[]): string[] {
  let code = 0
  return batches.map(({ length }) => {
    code += length
    return `code between ${code - length} and ${code - 1}`
  })
}

async function computeAll(source: BatchSource, batches: readonly (readonly PlannedSymbol[])[]): Promise<void> {
  const { database } = source
  for (const [index, symbols] of batches.entries()) {
    await computeBatch(source, symbols, 'signals_part')
    await database.run(`${index === 0 ? `create or replace table ${table} as` : `insert into ${table}`} from signals_part`)
  }
  await database.run('drop table signals_part')
  await selectSymbols(source, source.symbols)
  await applyActions(source)
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
