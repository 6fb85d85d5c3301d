import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { testStore, type TestStore } from '../backtest/store.js'

let store: TestStore
beforeAll(async () => {
  store = await testStore(4, '2026-01-02', '2026-01-30')
  await store.backtest('--strategy', 'pldot_cross', '--run-id', 'small')
  const never = store.file('never.sql', 'select symbol, bar_at, 1 as entry from geometry where timeframe = $timeframe and close < 0')
  await store.backtest('--strategy', never, '--run-id', 'idle')
})
afterAll(() => store.remove())

it('writes Markdown with pictures beside it', async () => {
  const file = join(store.folder, 'small.md')
  expect((await store.dgas('report', 'small', '--markdown', '--output', file)).code).toBe(0)
  const pictures = [...readFileSync(file, 'utf8').matchAll(/^!\[.*\]\((.*)\)$/gm)].map(([, name]) => name)
  expect(pictures).toEqual(['small-equity.png', 'small-monthly_returns.png', 'small-symbols.png', 'small-trade_returns.png'])
  for (const name of pictures) {
    expect(readFileSync(join(store.folder, name)).subarray(1, 4).toString()).toBe('PNG')
  }
})

it('prints Markdown without pictures', async () => {
  const { out } = await store.dgas('report', 'small', '--markdown')
  expect([out.startsWith('# small\n'), out.includes('![')]).toEqual([true, false])
})

it('writes a page of a run without trades', async () => {
  const { code, out } = await store.dgas('report', 'idle', '--html')
  expect(code).toBe(0)
  const page = readFileSync(out.trim(), 'utf8')
  expect(page).toContain('The run has no trades.')
  expect(page).toContain('Every entry became a position.')
})

it('says why the symbols of a shared account lack figures, and nothing of separate ones', async () => {
  const note = 'A shared account has no equity of single symbols, and so no CAGR, volatility, ratios and drawdown of them.'
  await store.backtest('--strategy', 'pldot_cross', '--portfolio', '--fraction', '0.2', '--run-id', 'shared')
  const reports = async (run: string) => [
    (await store.dgas('report', run)).out,
    (await store.dgas('report', run, '--markdown')).out,
    readFileSync((await store.dgas('report', run, '--html')).out.trim(), 'utf8'),
  ]
  expect((await reports('shared')).map((text) => text.split(note).length - 1)).toEqual([1, 1, 1])
  expect((await reports('small')).map((text) => text.includes(note))).toEqual([false, false, false])
})

it('says in words how many symbols were left out, and leaves the reason in the record as it is', async () => {
  const late = await testStore(0)
  const rows = (symbol: string, hours: readonly number[]) => hours.map((hour) => `${symbol},2026-01-22T${hour}:00:00Z,1,1,1,1,1`)
  const bars = late.file('late.csv', ['symbol,bar_at,open,high,low,close,volume', ...rows('FULL', [15, 16, 17, 18, 19, 20]), ...rows('LATE', [19, 20])].join('\n'))
  expect((await late.dgas('import', bars, '--timeframe', '30m')).err).toBe('')
  const { out } = await late.dgas('backtest', '--strategy', 'pldot_cross', '--run-id', 'late')
  expect(out).toContain('\n1 symbol left out: 2 bars of 30m, pldot_cross needs 5\n')
  expect((await late.dgas('report', 'late', '--markdown')).out).toContain('\n- 1 symbol, 2 bars of 30m, pldot_cross needs 5: LATE\n')
  expect(readFileSync((await late.dgas('report', 'late', '--html')).out.trim(), 'utf8')).toContain('<td>2 bars of 30m, pldot_cross needs 5</td>')
  const { record } = JSON.parse((await late.dgas('--json', 'report', 'late')).out) as { record: { skipped: unknown } }
  expect(record.skipped).toEqual([{ symbol: 'LATE', reason: '2 30m bars; the strategy pldot_cross needs 5' }])
  late.remove()
})

it.each([
  [['small', '--html', '--markdown'], 'more than one form'],
  [['small', '--html', '--output', '/nowhere/x.html'], '/nowhere/x.html'],
  [['smal', '--html'], 'did you mean small?'],
])('refuses %j', async (argv, message) => {
  const { code, err } = await store.dgas('report', ...argv)
  expect(code).toBeGreaterThan(0)
  expect(err).toContain(message)
  expect(existsSync('/nowhere')).toBe(false)
})
