import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { progressBar } from '../../src/commands/progress-bar.js'
import type { Io } from '../../src/io.js'

const drawn: string[] = []
vi.mock('cli-progress', () => ({
  SingleBar: class {
    start = (_total: number, done: number, { rest }: { rest: string }) => void drawn.push(`start ${done} | ${rest}`)
    update = (done: number, { rest }: { rest: string }) => void drawn.push(`${done} | ${rest}`)
    stop = () => void drawn.push('stop')
  },
}))

beforeEach(() => {
  drawn.length = 0
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] })
})
afterEach(() => void vi.useRealTimers())

const begun = { symbolsDone: 0, symbols: 500, barsDone: 0, bars: 660_000, elapsedMs: 250, memoryBytes: 300e6, failures: 0 }
const terminal = { err: (text: string) => void drawn.push(text), isErrorTerminal: true } as Pick<Io, 'err' | 'isErrorTerminal'> as Io

it('shows that time passes before the first batch is done, and not after it', async () => {
  const bar = await progressBar(terminal, false)
  bar.update(begun)
  vi.advanceTimersByTime(1000)
  bar.update({ ...begun, symbolsDone: 250, barsDone: 330_000, elapsedMs: 1500 })
  vi.advanceTimersByTime(5000)
  bar.stop()
  vi.advanceTimersByTime(5000)
  expect(drawn).toEqual([
    'start 0 | computing for 0.3 s | 300 MB',
    '0 | computing for 0.8 s | 300 MB',
    '0 | computing for 1.3 s | 300 MB',
    '250 | 220,000 bars/s | 1.5 s left | 300 MB',
    'stop',
  ])
})

it('goes on below a line of text', async () => {
  const bar = await progressBar(terminal, false)
  bar.update(begun)
  vi.advanceTimersByTime(400)
  bar.print('warning\n')
  vi.advanceTimersByTime(500)
  bar.stop()
  expect(drawn).toEqual([
    'start 0 | computing for 0.3 s | 300 MB',
    'stop',
    'warning\n',
    'start 0 | computing for 0.7 s | 300 MB',
    '0 | computing for 1.2 s | 300 MB',
    'stop',
  ])
})
