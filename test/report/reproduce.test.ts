import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { RunRecord } from '../../src/report/record.js'
import { reproducingCommand, reproducingWords } from '../../src/report/reproduce.js'
import { testStore, type TestStore } from '../backtest/store.js'

let store: TestStore
beforeAll(async () => void (store = await testStore(4, '2026-01-02', '2026-01-30')))
afterAll(() => store.remove())

const record = (id: string) => JSON.parse(readFileSync(join(store.folder, 'runs', id, 'run.json'), 'utf8')) as RunRecord

it.each([
  ['usual', []],
  ['rules', ['--portfolio', '--allow-short', '--sizing', 'fraction', '--fraction', '0.1', '--slippage-bps', '2', '--intrabar', 'optimistic']],
  ['choices', ['--where', "sector <> 'it''s'", '--from', '2026-01-09', '--to', '2026-01-26', '--envelope-method', 'percent', '--envelope-percent', '2', '--touch-tolerance', '0.001', '--by-state', '--batch-bars', '400', '--retries', '1']],
  ['symbols', ['--benchmark', 'first', '--trials', '7', '--higher', '1d', '--min-success', '0.5', '--strategy', 'pldot_refresh', '--param', 'stop_widths=0.3']],
])('gives the words that make a run again: %s', async (id, options) => {
  const argv = options.map((word) => (word === 'first' ? store.symbols[0] : word))
  const symbols = id === 'symbols' ? store.symbols.slice(0, 2) : []
  await store.backtest(...symbols, ...(argv.includes('--strategy') ? [] : ['--strategy', 'pldot_cross']), ...argv, '--run-id', id)
  await store.backtest(...reproducingWords(record(id), null).slice(1), '--run-id', `${id}-again`)
  const { batchBars: _batch, retries: _retries, ...choices } = record(id).configuration
  expect(record(`${id}-again`).configuration).toMatchObject(choices)
  expect((await store.dgas('runs', 'diff', id, `${id}-again`)).code).toBe(0)
})

it('quotes what a shell would read otherwise', () => {
  const command = reproducingCommand(record('choices'), '/my store')
  expect(command).toContain(`--store '/my store'`)
  expect(command).toContain(`--where 'sector <> '\\''it'\\'''\\''s'\\'''`)
})
