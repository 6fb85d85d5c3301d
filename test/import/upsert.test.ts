import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { barFiles, dataFingerprint, lockFile, storedSymbols, type Store } from '../../src/store/layout.js'
import { withLock } from '../../src/store/lock.js'
import { clock, room } from './room.js'

const header = 'symbol,ts,open,high,low,close,volume'

describe('a second import', () => {
  it('replaces bars of the same symbol and time and keeps the others', async () => {
    const { csv, bars } = room()
    await csv([header, 'A,2026-01-26,10,12,9,11,5', 'B,2026-01-26,20,22,19,21,5', 'A,2025-12-31,1,1,1,1,1'], '--timeframe', '1d')
    const report = await csv([header, 'A,2026-01-26,10,12,9,11.5,6', 'A,2026-01-27,1,2,1,2,1'], '--timeframe', '1d')
    expect(report).toMatchObject({ rows_written: 2, rows_replaced: 1 })
    expect(await bars('1d', 'symbol, session_date, close, volume')).toEqual([
      'A 2025-12-31 1.0 1.0',
      'A 2026-01-26 11.5 6.0',
      'A 2026-01-27 2.0 1.0',
      'B 2026-01-26 21.0 5.0',
    ])
  })

  it('rewrites only the partitions that it touches', async () => {
    const { csv, store } = room()
    await csv([header, 'A,2025-12-31,1,1,1,1,1', 'A,2026-01-26,10,12,9,11,5'], '--timeframe', '1d')
    const [older, newer] = barFiles(store, '1d')
    await csv([header, 'A,2026-01-27,10,12,9,11,5'], '--timeframe', '1d')
    expect(barFiles(store, '1d')[0]).toBe(older)
    expect(barFiles(store, '1d')[1]).not.toBe(newer)
  })

  it('of the same file changes nothing', async () => {
    const { csv, store } = room()
    const lines = [header, 'A,2026-01-26,10,12,9,11,5', 'A,2026-01-27,10,12,9,11,']
    await csv(lines, '--timeframe', '1d')
    const before = bytesOf(store)
    expect(await csv(lines, '--timeframe', '1d')).toMatchObject({ rows_written: 2, rows_replaced: 2 })
    expect(bytesOf(store)).toEqual(before)
  })

  it('gets a folder of its own within the same second', async () => {
    const { csv } = room()
    const first = await csv([header, 'A,2026-01-26,10,12,9,11,5'], '--timeframe', '1d')
    const second = await csv([header, 'A,2026-01-27,10,12,9,11,5'], '--timeframe', '1d')
    expect(first.report_file).toMatch(/imports\/2026-07-01T12-00-00-bars\/report.json$/)
    expect(second.report_file).toMatch(/imports\/2026-07-01T12-00-00-bars-2\/report.json$/)
    expect(JSON.parse(readFileSync(first.report_file, 'utf8'))).toEqual(first)
  })
})

describe('bars in any number of imports and in any order', () => {
  const bar = fc.record({
    symbol: fc.constantFrom('A', 'B', 'ZZ'),
    day: fc.integer({ min: 1, max: 28 }),
    month: fc.integer({ min: 1, max: 3 }),
    slot: fc.integer({ min: 26, max: 45 }),
    close: fc.double({ min: 1, max: 1000, noNaN: true }),
    chunk: fc.integer({ min: 0, max: 2 }),
  })
  const bars = fc.uniqueArray(bar, {
    minLength: 1,
    maxLength: 40,
    selector: ({ symbol, month, day, slot }) => [symbol, month, day, slot].join(),
  })

  it('are the same data', async () => {
    await fc.assert(
      fc.asyncProperty(bars, fc.shuffledSubarray([0, 1, 2], { minLength: 3 }), async (rows, order) => {
        const whole = await imported([rows])
        const parts = await imported(order.map((number) => rows.filter(({ chunk }) => chunk === number)))
        expect(parts).toEqual(whole)
      }),
      { numRuns: 8 },
    )
  })

  /** Imports each list of rows, leaving out those of which no row is usable. */
  async function imported(chunks: { symbol: string; month: number; day: number; slot: number; close: number }[][]) {
    const { run, file, store, bars: stored } = room()
    for (const chunk of chunks) {
      const lines = chunk.map(({ symbol, month, day, slot, close }) => {
        const time = `${String(Math.floor(slot / 2)).padStart(2, '0')}:${slot % 2 === 0 ? '00' : '30'}`
        const date = `2026-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`
        return `${symbol},${date} ${time},1,1000,1,${close},1`
      })
      const { err } = await run(file('chunk.csv', [header, ...lines].join('\n')), '--timeframe', '30m')
      expect(err).toMatch(/^$|there are no rows|can be used/)
    }
    const fingerprint = dataFingerprint(store, ['30m'])
    return { fingerprint, symbols: storedSymbols(store, '30m'), bars: await stored('30m') }
  }
})

describe('an import that fails', () => {
  const both = [header, 'A,2025-12-30,2,2,2,2,2', 'A,2026-01-27,2,2,2,2,2', 'B,2026-01-28,2,2,2,2,2']

  it('in its second partition leaves the first as it was', async () => {
    const { csv, run, file, store } = room()
    await csv([header, 'A,2025-12-31,1,1,1,1,1', 'A,2026-01-26,1,1,1,1,1'], '--timeframe', '1d')
    writeFileSync(barFiles(store, '1d')[1], 'damaged')
    const before = bytesOf(store)
    const { code, err } = await run(file('both.csv', both.join('\n')), '--timeframe', '1d')
    expect(code).toBe(1)
    expect(err).toContain('the stored bars cannot be read')
    expect(bytesOf(store)).toEqual(before)
  })

  it('while another process writes, does so at once', async () => {
    const { csv, run, file, store } = room()
    await csv([header, 'A,2026-01-26,1,1,1,1,1'], '--timeframe', '1d')
    const before = bytesOf(store)
    const bad = file('both.csv', both.join('\n'))
    const { code, err } = await withLock(lockFile(store), clock, () => run(bad, '--timeframe', '1d'))
    expect(code).toBe(1)
    expect(err).toContain(`the store is being written by process ${process.pid}`)
    expect(bytesOf(store)).toEqual(before)
  })

  it('for want of a usable row leaves a report and nothing else', async () => {
    const { csv, run, file, store } = room()
    await csv([header, 'A,2026-01-26,1,1,1,1,1'], '--timeframe', '1d')
    const before = bytesOf(store)
    expect(await run(file('bad.csv', `${header}\nA,2026-01-26,1,1,1,,1\n`), '--timeframe', '1d')).toMatchObject({ code: 1 })
    expect(bytesOf(store)).toEqual(before)
    expect(readdirSync(join(store.folder, 'imports'))).toEqual(['2026-07-01T12-00-00-bad', '2026-07-01T12-00-00-bars'])
  })
})

/** The names and contents of the files of all bars. */
function bytesOf({ folder }: Store): Record<string, string> {
  const bars = join(folder, 'bars')
  const names = readdirSync(bars, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  const files = names.map((entry) => join(entry.parentPath, entry.name)).sort()
  return Object.fromEntries(files.map((file) => [file, readFileSync(file, 'base64')]))
}
