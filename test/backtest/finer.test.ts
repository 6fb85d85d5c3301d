import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { run } from '../cli/run.js'

const folder = mkdtempSync(join(tmpdir(), 'dgas-finer-'))
const strategy = join(folder, 'first_bar.sql')

/** Ten-minute bars of a session: those of the third half hour rise to 106 and then fall to 94. */
const closes = [100, 100, 100, 100, 100, 100, 106, 94, 100, 100, 100, 100]

beforeAll(async () => {
  const bars = closes.map((close, index) => {
    const [hour, minute] = [14 + Math.floor((30 + index * 10) / 60), (30 + index * 10) % 60]
    const before = closes[index - 1] ?? 100
    const range = `${Math.max(before, close)},${Math.min(before, close)}`
    return `X,2026-01-05 ${hour}:${String(minute).padStart(2, '0')}:00,${before},${range},${close},1000`
  })
  writeFileSync(join(folder, 'bars.csv'), ['symbol,time,open,high,low,close,volume', ...bars].join('\n'))
  writeFileSync(strategy, `-- Buys after the first bar.
select symbol, min(bar_at) as bar_at, 1 as entry, 95 as stop_price, 105 as target_price
from bars where timeframe = $timeframe group by symbol`)
  await dgas('import', join(folder, 'bars.csv'), '--timeframe', '10m')
})
afterAll(() => rmSync(folder, { recursive: true }))

it.each([
  ['pessimistic', [], 'stop', null],
  ['finer', [], 'target', { ambiguous: 1, resolved: 1 }],
  ['finer', ['--portfolio'], 'target', { ambiguous: 1, resolved: 1 }],
])('--intrabar %s %s leaves at the %s', async (intrabar, more, reason, finer_bars) => {
  const id = await dgas('backtest', '--timeframe', '30m', '--strategy', strategy, '--intrabar', intrabar, ...more)
  const trades = await dgas('query', `select exit_reason from trades where run_id = '${id}'`, '--format', 'csv')
  expect(trades).toBe(`exit_reason\n${reason}`)
  expect(JSON.parse(readFileSync(join(folder, 'store', 'runs', id, 'run.json'), 'utf8'))).toMatchObject({ finer_bars })
})

it.each([[], ['--portfolio']])('--exit-session-end %s leaves at the last close of a session', async (...more) => {
  const id = await dgas('backtest', '--timeframe', '30m', '--strategy', 'buy_and_hold', '--exit-session-end', ...more)
  expect(await dgas('query', `select exit_reason from trades where run_id = '${id}'`, '--format', 'csv')).toBe('exit_reason\nsession_end')
})

it('--intrabar finer needs finer bars', async () => {
  const { code, err } = await run(['--store', join(folder, 'store'), 'backtest', '--timeframe', '10m', '--intrabar', 'finer'])
  expect([code, err]).toEqual([2, expect.stringContaining('nothing is known of the inside of 10m bars')])
})

it('--max-sector-positions needs sectors', async () => {
  const { code, err } = await run(['--store', join(folder, 'store'), 'backtest', '--strategy', strategy, '--max-sector-positions', '1'])
  expect([code, err]).toEqual([2, expect.stringContaining('the sector of no symbol is known')])
})

async function dgas(...argv: string[]): Promise<string> {
  const { code, out, err } = await run(['--store', join(folder, 'store'), '--quiet', ...argv])
  expect(code, err).toBe(0)
  return out.trim()
}
