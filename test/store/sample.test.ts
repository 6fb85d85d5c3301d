import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openDatabase, type Database } from '../../src/database/database.js'
import { barFiles, dataFingerprint, storeAt, storedBarsSql, storedSymbols, storedTimeframes } from '../../src/store/layout.js'
import { instrumentsSql } from '../../src/store/instruments.js'
import { ensureSample, isSample, writeSample } from '../../src/store/sample.js'
import { openStore } from '../../src/store/store.js'
import { emptyFolder } from './room.js'

const spec = { symbols: 12, from: '2026-02-27', to: '2026-03-10' }

let one: Database
let four: Database
beforeAll(async () => {
  one = await openDatabase({ threads: 1 })
  four = await openDatabase({ threads: 4 })
})
afterAll(() => {
  one.close()
  four.close()
})

describe('a sample store', () => {
  it('has the same bars each time, whatever the number of threads', async () => {
    const fingerprints: string[] = []
    for (const database of [one, four, one]) {
      const folder = emptyFolder()
      await writeSample(database, folder, spec)
      fingerprints.push(dataFingerprint(storeAt(folder), ['30m']))
    }
    expect(new Set(fingerprints).size).toBe(1)
    // the same on every machine; changes only with the generator (raise its version) or with the hash of DuckDB
    expect(fingerprints[0]).toBe('0bae3f574d7226e009862885c8c647cb078afce14652752d51b29675cc24fd86')
  })

  it('has 13 bars a symbol and session that no check of an import would reject', async () => {
    const folder = emptyFolder()
    await writeSample(four, folder, spec)
    const store = storeAt(folder)
    const [facts] = await four.rows(`
      select count(*) as bars, count(distinct session_date) as sessions, count(distinct symbol) as symbols,
        count(distinct (symbol, bar_at)) as keys,
        bool_and(low > 0 and low <= least(open, close) and high >= greatest(open, close) and volume >= 0) as is_sound,
        min(bar_at)::varchar as first, max(closed_at)::varchar as last
      from (${storedBarsSql(store, '30m')})`)
    expect(facts).toEqual({
      bars: 12 * 8 * 13,
      keys: 12 * 8 * 13,
      sessions: 8,
      symbols: 12,
      is_sound: true,
      first: '2026-02-27 14:30:00',
      last: '2026-03-10 20:00:00',
    })
    expect(await four.value(`select count(*) from (${instrumentsSql(store)}) where sector is not null`)).toBe(12)
    expect(storedSymbols(store, '30m')).toHaveLength(12)
  })

  it('is made where the default store has no bars, once', async () => {
    const folder = emptyFolder()
    await ensureSample(four, join(folder, 'sample'))
    const store = storeAt(join(folder, 'sample'))
    expect([isSample(store.folder), storedTimeframes(store), storedSymbols(store, '30m').length]).toEqual([true, ['30m'], 517])
    const made = barFiles(store, '30m').map((file) => statSync(file).mtimeMs)
    await ensureSample(one, store.folder)
    expect(barFiles(store, '30m').map((file) => statSync(file).mtimeMs)).toEqual(made)
  })

  it('of an older version is made anew', async () => {
    const folder = join(emptyFolder(), 'sample')
    await writeSample(four, folder, spec)
    writeFileSync(join(folder, 'sample.json'), '{"version": 0}')
    await ensureSample(four, folder)
    expect(JSON.parse(readFileSync(join(folder, 'sample.json'), 'utf8'))).toMatchObject({ version: 1, symbols: 517 })
  })
})

describe('a store that was asked for by name', () => {
  it('is never replaced by the sample', async () => {
    await expect(openStore(four, { folder: emptyFolder() })).rejects.toThrow('this store holds no bars')
  })
})
