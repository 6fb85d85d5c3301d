import { describe, expect, it } from 'vitest'
import { healthLine, healthRows as rowsOf, type HealthRecord } from '../../src/report/health.js'
import type { BatchHealth } from '../../src/report/record.js'

const record: HealthRecord = {
  ...{ symbols: 500, failed: [], skipped: [], seconds: 60, peak_memory_bytes: 6e8 },
  machine: { cores: 2, memory_bytes: 24e9 },
}
const healthRows = (of: HealthRecord, batches: readonly BatchHealth[]) => rowsOf({ record: of, batches })
const batch: BatchHealth = { memory_bytes: 4e8, attempts: 1, failures: 0, is_degraded: false }
const batches = (...megabytes: number[]) => megabytes.map((size) => ({ ...batch, memory_bytes: size * 1e6 }))
const steady = batches(...Array<number>(8).fill(400))
const failed = (reason: string) => ({ symbol: 'A', reason, stack: null })

/** The row of one target. */
function row(name: string, changes: Partial<HealthRecord>, of: readonly BatchHealth[] = steady) {
  return healthRows({ ...record, ...changes }, of).find((target) => target.name === name)
}

it('a run that meets every target says so', () => {
  const rows = healthRows(record, steady)
  expect(rows.map(({ is_met }) => is_met)).toEqual(Array(6).fill(true))
  expect(healthLine(rows)).toBe('run health: 6 of 6 targets met\n')
})

describe('a target is missed by', () => {
  it.each<[string, Partial<HealthRecord>, string]>([
    ['symbols completed', { symbols: 94, skipped: Array<{ symbol: string; reason: string }>(6).fill(failed('no bars')) }, '94 of 100 (94.0 %)'],
    ['symbols a minute', { symbols: 3, seconds: 120 }, '1.5'],
    ['peak memory', { peak_memory_bytes: 1.2e9 }, '1.20 GB (5.0 % of 24.00 GB)'],
    ['failed batches', { failed: [failed('')] }, '0 with failures, 1 symbol failed, 1 without a reason'],
  ])('%s', (name, changes, measured) => {
    expect(row(name, changes)).toMatchObject({ measured, is_met: false })
  })

  it('memory that grows', () => {
    expect(row('memory of the last batches', {}, batches(400, 410, 420, 430, 440, 450, 500, 500))).toMatchObject({
      ...{ measured: '1.23 × (405 MB to 500 MB)', is_met: false },
    })
  })

  it('a slow batch', () => {
    expect(row('slow batches', {}, [{ ...batch, is_degraded: true }])).toMatchObject({ measured: '1', is_met: false })
  })
})

describe('a target is met by', () => {
  it('95 of 100 symbols', () => {
    expect(row('symbols completed', { symbols: 95, failed: Array(5).fill(failed('no room')) as HealthRecord['failed'] })?.is_met).toBe(true)
  })

  it('a failure with a reason', () => {
    expect(row('failed batches', { failed: [failed('the file is damaged')] }, [{ ...batch, failures: 3 }])).toMatchObject({
      ...{ measured: '1 with failures, 1 symbol failed, 0 without a reason', is_met: true },
    })
  })
})

it('what cannot be known is neither met nor missed', () => {
  const rows = healthRows({ ...record, machine: undefined }, batches(400, 900))
  expect(rows.filter(({ is_met }) => is_met === null).map(({ name, measured }) => [name, measured])).toEqual([
    ['peak memory', '600 MB'],
    ['memory of the last batches', 'only 2 batches'],
  ])
  expect(healthLine(rows)).toBe('run health: 4 of 4 targets met\n')
})

it('the line says what was missed', () => {
  expect(healthLine(healthRows({ ...record, symbols: 1, seconds: 60 }, steady))).toBe(
    'run health: 5 of 6 targets met; symbols a minute: 1.0, target at least 2\n',
  )
})
