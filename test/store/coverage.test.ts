import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { sourceTimeframes } from '../../src/store/coverage.js'
import { timeframeFolder, type Store } from '../../src/store/layout.js'
import { emptyManifest, writeManifest } from '../../src/store/manifest.js'
import { parseTimeframe } from '../../src/store/timeframe.js'

let store: Store
beforeEach(() => {
  store = { folder: mkdtempSync(join(tmpdir(), 'dgas-coverage-')), isSample: false }
})
afterEach(() => rmSync(store.folder, { recursive: true }))

function put(timeframe: string, symbols: string[], ...keys: string[]): void {
  const partitions = Object.fromEntries(keys.map((key) => [key, { file: `${key}/1.parquet`, rows: 1, data_hash: '1' }]))
  mkdirSync(timeframeFolder(store, timeframe), { recursive: true })
  writeManifest(timeframeFolder(store, timeframe), { ...emptyManifest, symbols, partitions })
}

const sources = (timeframe: string) => sourceTimeframes(store, parseTimeframe(timeframe)).map(({ name }) => name)

describe('the bars of a timeframe are made', () => {
  it('of finer ones when it is not stored', () => {
    put('5m', ['A'], 'month=2026-01')
    put('30m', ['A'], 'month=2026-01')
    expect(sources('1d')).toEqual(['5m', '30m'])
  })

  it('of itself alone when finer ones add nothing', () => {
    put('5m', ['A'], 'month=2026-01', 'month=2026-02')
    put('30m', ['A', 'B'], 'month=2026-01', 'month=2026-02')
    expect(sources('30m')).toEqual(['30m'])
  })

  it.each<[what: string, symbols: string[], keys: string[]]>([
    ['a symbol', ['A', 'C'], ['month=2026-01']],
    ['a month', ['A'], ['month=2026-01', 'month=2026-02']],
  ])('of finer ones too when these have %s more', (_, symbols, keys) => {
    put('5m', symbols, ...keys)
    put('30m', ['A'], 'month=2026-01')
    expect(sources('30m')).toEqual(['5m', '30m'])
  })

  it('of finer ones too when these have a year more than daily bars', () => {
    put('30m', ['A'], 'month=2018-01', 'month=2026-01')
    put('1d', ['A'], 'year=2018')
    expect(sources('1d')).toEqual(['30m', '1d'])
    put('1d', ['A'], 'year=2018', 'year=2026')
    expect(sources('1d')).toEqual(['1d'])
  })
})
