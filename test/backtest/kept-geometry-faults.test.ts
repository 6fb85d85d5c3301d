import { closeSync, cpSync, mkdirSync, openSync, rmSync, statSync, truncateSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { BacktestSpec } from '../../src/backtest/config.js'
import { noCache } from '../../src/backtest/geometry-use.js'
import { cacheRoom, type CachedRun, type CacheRoom, type Circumstances } from './kept-geometry-room.js'
import { testStore } from './store.js'

const spec = { strategy: 'pldot_cross', batchBars: 900 }

let room: CacheRoom
let computed: CachedRun['results']
beforeAll(async () => {
  room = cacheRoom(await testStore(6))
  computed = await room.computed(spec)
})
afterAll(() => room.store.remove())
beforeEach(() => room.clear())

const read = () => ({ results: computed, cached: ['sides'], warnings: [] })
const isWhole = () => room.manifest().files.every(({ file, bytes }) => statSync(join(room.folder, room.entries()[0], file)).size === bytes)

/** Overwrites a few bytes at a part of a file, counted from 0 to 1. */
function scratch(file: string, part: number): void {
  const descriptor = openSync(file, 'r+')
  writeSync(descriptor, Buffer.alloc(4, 0x5a), 0, 4, Math.floor((statSync(file).size - 4) * part))
  closeSync(descriptor)
}

describe('a cache', () => {
  const manifest = () => join(room.folder, room.entries()[0], 'manifest.json')
  const faults: [fault: string, damage: () => void][] = [
    ['of which a file is missing', () => rmSync(room.file())],
    ['of which a file is cut short', () => truncateSync(room.file(), 1000)],
    ...[0, 0.6].map((part): [string, () => void] => [`of which bytes have changed at ${part}`, () => scratch(room.file(), part)]),
    ['with half a manifest', () => truncateSync(manifest(), 100)],
    ['with a manifest that says nothing', () => writeFileSync(manifest(), '{"format":1}')],
    ['with a manifest of no object', () => writeFileSync(manifest(), 'null')],
    ['with a manifest of a later format', () => writeFileSync(manifest(), JSON.stringify({ ...room.manifest(), format: 9 }))],
    ['that another version has written', () => room.change((entry) => (entry.program = entry.program.replace(/^\S+/, '0.0.1')))],
  ]

  const copy = () => `${room.folder}-copy`
  beforeAll(async () => {
    await room.run(spec)
    cpSync(room.folder, copy(), { recursive: true })
  })

  it('into which somebody has put a folder ends no run', async () => {
    await room.run(spec)
    mkdirSync(join(room.folder, room.entries()[0], '@eaDir'))
    const strategy = room.store.file('own.sql', '-- Mine.\nselect symbol, bar_at, side as entry, pldot as stop_price from sides')
    expect(await room.run({ strategy })).toMatchObject({ cached: [], warnings: [] })
    expect(await room.run({ strategy })).toMatchObject({ cached: ['sides'], warnings: [] })
  })

  it.each(faults)('%s is computed anew', async (_, damage) => {
    cpSync(copy(), room.folder, { recursive: true })
    damage()
    const { results, warnings } = await room.run(spec)
    expect([results, warnings]).toEqual([computed, []])
    await room.run(spec)
    expect(await room.run(spec)).toEqual(read())
    expect(isWhole()).toBe(true)
  })

  it('of another version is not read', async () => {
    await room.run(spec)
    await room.tamper('side', '-side')
    room.change((entry) => (entry.program = '0.0.1'))
    expect(await room.run(spec)).toEqual({ results: computed, cached: [], warnings: [] })
    expect(await room.run(spec)).toEqual(read())
  })

  it('that cannot be written is warned of', async () => {
    writeFileSync(room.folder, 'in the way')
    const { results, warnings } = await room.run(spec)
    expect(results).toEqual(computed)
    expect(warnings).toEqual([expect.stringMatching(/^the geometry was not kept for other runs: [^\n]+$/)])
  })

  it('that goes while a run reads it changes nothing', async () => {
    await room.run(spec)
    const onBatch = () => rmSync(room.folder, { recursive: true, force: true })
    expect(await room.run(spec, { onBatch })).toMatchObject({ results: computed, warnings: [] })
  })

  it('that is replaced while a run reads it changes nothing', async () => {
    await room.run({ ...spec, to: '2026-01-30' })
    const until = { ...spec, to: '2026-01-28' }
    const others: Promise<CachedRun>[] = []
    const onBatch = () => void others.push(room.run(spec))
    expect((await room.run(until, { onBatch })).results).toEqual(await room.computed(until))
    for (const { results } of await Promise.all(others)) expect(results).toEqual(computed)
    expect(await room.run(spec)).toEqual(read())
  })

  it('of two runs at the same time is whole', async () => {
    for (const { results, warnings } of await Promise.all([room.run(spec), room.run(spec)])) expect([results, warnings]).toEqual([computed, []])
    expect(room.entries()).toEqual([expect.stringMatching(/^sides-30m-\w+$/)])
    expect(isWhole()).toBe(true)
    expect(await room.run(spec)).toEqual(read())
  })

  it('of two runs at the same time that trade different symbols is whole', async () => {
    const of = (from: number, to: number) => ({ ...spec, symbols: room.store.symbols.slice(from, to) })
    await room.run(of(0, 1))
    await Promise.all([room.run(of(1, 3)), room.run(of(3, 6))])
    expect(isWhole()).toBe(true)
    await room.run(spec)
    expect(await room.run(spec)).toEqual(read())
  })
})

const accounts: [name: string, rules: BacktestSpec['rules']][] = [
  ['separate accounts', {}],
  ['a shared account', { accounts: 'shared', fraction: 0.3 }],
]

describe.each(accounts)('with %s', (name, rules) => {
  const failing = (condition: string) => room.store.file('failing.sql', `-- Fails.
    select symbol, bar_at, cast(if(${condition}, 'up', '1') as integer) as entry from sides where side <> 0`)

  it.each(['true', `symbol > 'M'`])('a strategy that fails where %s says the same, and leaves nothing behind', async (condition) => {
    const wrong = { ...spec, strategy: failing(condition), rules, minSuccess: 0 }
    const outcome = async (more: Circumstances = {}) => {
      const outcome = await room.attempt(wrong, more)
      return typeof outcome === 'string' ? outcome : outcome.results
    }
    const expected = await outcome({ cache: noCache })
    expect(await outcome()).toEqual(expected)
    expect(room.entries()).toEqual([])
    expect(JSON.stringify(expected)).toContain(`Could not convert string 'up' to INT32`)
    await room.run({ ...spec, rules })
    expect(await outcome()).toEqual(expected)
    expect((await room.run({ ...spec, rules })).cached).toEqual(['sides'])
  })

  it('a run that is interrupted leaves nothing behind, and goes on to the same results', async () => {
    const expected = await room.computed({ ...spec, rules })
    const key = name.replaceAll(' ', '-')
    const stopped = async (runId: string) => {
      // asked for before the run begins and before its first batch
      let asked = 0
      const message = await room.attempt({ ...spec, rules, runId }, { isStopped: () => ++asked > 2 })
      expect(message).toBe(`interrupted; what is done is kept: dgas backtest --resume ${runId}`)
    }
    await stopped(`${key}-1`)
    expect(room.entries()).toEqual([])
    expect(await room.resume(`${key}-1`)).toEqual({ results: expected, cached: [], warnings: [] })
    expect(room.entries()).toEqual([])
    await room.run({ ...spec, rules })
    await stopped(`${key}-2`)
    expect(await room.resume(`${key}-2`)).toEqual({ results: expected, cached: ['sides'], warnings: [] })
    expect(isWhole()).toBe(true)
  })
})
