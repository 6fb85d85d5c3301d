import { count, counted, decimal, megabytes } from '../format.js'
import type { TextTable } from './metric-tables.js'
import type { BatchHealth, RunRecord, RunReport } from './record.js'

/** A target, what was measured, and whether it is met; null: it cannot be known. */
export interface HealthRow {
  /** Such as `symbols completed`. */
  name: string
  measured: string
  target: string
  is_met: boolean | null
}

/** What the health of a run needs of its record. */
export type HealthRecord = Pick<RunRecord, 'symbols' | 'failed' | 'skipped' | 'seconds' | 'peak_memory_bytes' | 'machine'>

const [leastCompletedPct, leastSymbolsPerMinute, mostMemoryPct] = [95, 2, 5]
/** Memory is stable when the last batches took at most this multiple of the first ones. */
const mostGrowth = 1.2
/** With fewer batches, the first ones are those in which the process still warms up. */
const enoughBatches = 8

/** Returns how a run stands against the targets: completeness, speed, memory, failures; one row for each. */
export function healthRows({ record, batches }: { record: HealthRecord } & Pick<RunReport, 'batches'>): HealthRow[] {
  return [completed(record), speed(record), memory(record), stability(batches), failures(record, batches), pace(batches)]
}

function completed({ symbols, failed, skipped }: HealthRecord): HealthRow {
  const all = symbols + failed.length + skipped.length
  const share = (symbols / all) * 100
  const measured = `${count(symbols)} of ${count(all)} (${decimal(share, 1)} %)`
  return { name: 'symbols completed', measured, target: `at least ${leastCompletedPct} %`, is_met: share >= leastCompletedPct }
}

function speed({ symbols, seconds }: HealthRecord): HealthRow {
  const perMinute = symbols / (seconds / 60)
  const target = `at least ${leastSymbolsPerMinute}`
  return { name: 'symbols a minute', measured: decimal(perMinute, perMinute < 10 ? 1 : 0), target, is_met: perMinute >= leastSymbolsPerMinute }
}

function memory({ peak_memory_bytes, machine }: HealthRecord): HealthRow {
  const [name, target] = ['peak memory', `under ${mostMemoryPct} % of the machine's`]
  if (machine === undefined) return { name, measured: megabytes(peak_memory_bytes), target, is_met: null }
  const share = (peak_memory_bytes / machine.memory_bytes) * 100
  const measured = `${megabytes(peak_memory_bytes)} (${decimal(share, 1)} % of ${megabytes(machine.memory_bytes)})`
  return { name, measured, target, is_met: share < mostMemoryPct }
}

/** The median of the last quarter of the batches beside that of the first quarter. */
function stability(batches: readonly BatchHealth[]): HealthRow {
  const [name, target] = ['memory of the last batches', `at most ${mostGrowth} × that of the first`]
  if (batches.length < enoughBatches) return { name, measured: batches.length === 1 ? 'only one batch' : `only ${count(batches.length)} batches`, target, is_met: null }
  const quarter = Math.floor(batches.length / 4)
  const middle = (some: readonly BatchHealth[]) => median(some.map(({ memory_bytes }) => memory_bytes))
  const [first, last] = [middle(batches.slice(0, quarter)), middle(batches.slice(-quarter))]
  const measured = `${decimal(last / first)} × (${megabytes(first)} to ${megabytes(last)})`
  return { name, measured, target, is_met: last / first <= mostGrowth }
}

/** A failure is explained when the symbols on account of which it happened are named with a reason, or a further try worked. */
function failures({ failed }: HealthRecord, batches: readonly BatchHealth[]): HealthRow {
  const failing = batches.filter((batch) => batch.failures > 0).length
  const unexplained = failed.filter(({ reason }) => reason.trim() === '').length
  const measured = failing + failed.length === 0
    ? 'none failed'
    : `${count(failing)} with failures, ${counted(failed.length, 'symbol')} failed, ${count(unexplained)} without a reason`
  return { name: 'failed batches', measured, target: 'each explained', is_met: unexplained === 0 }
}

function pace(batches: readonly BatchHealth[]): HealthRow {
  const slow = batches.filter(({ is_degraded }) => is_degraded).length
  return { name: 'slow batches', measured: count(slow), target: 'none twice slower for each bar than before', is_met: slow === 0 }
}

/** Returns how a run stands against the targets, as a table. */
export function healthTable(report: RunReport): TextTable {
  const rows = healthRows(report).map(({ name, measured, target, is_met }) => {
    return [name, measured, target, is_met === null ? 'not known' : is_met ? 'met' : 'not met']
  })
  return { columns: ['target', 'measured', 'wanted', ''].map((name) => ({ name, isNumber: false })), rows }
}

/** Returns the health of a run in one line: how many targets are met, and those that are not. */
export function healthLine(rows: readonly HealthRow[]): string {
  const known = rows.filter(({ is_met }) => is_met !== null)
  const unmet = known.filter(({ is_met }) => !is_met)
  const missed = unmet.map(({ name, measured, target }) => `; ${name}: ${measured}, target ${target}`)
  return `run health: ${known.length - unmet.length} of ${known.length} targets met${missed.join('')}\n`
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return (sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1]) / 2
}
