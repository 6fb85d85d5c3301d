import { describe, expect, it } from 'vitest'
import { faultOf } from '../../src/backtest/faults.js'
import { pace } from '../../src/backtest/pace.js'
import { learn, portions, type Portion } from '../../src/backtest/portion.js'
import { persist, survive, type Retry } from '../../src/backtest/survive.js'
import { bytesOf, usualBatchBars } from '../../src/backtest/batch-size.js'
import { DgasError } from '../../src/errors.js'

const symbols = Array.from('ABCDEFGH', (symbol) => ({ symbol }))
const names = (some: readonly { symbol: string }[]) => some.map(({ symbol }) => symbol).join('')
const passing = new Error('IO Error: the disk did not answer')
const lasting = new Error('Conversion Error: no number')

/** Tries to make pieces of the symbols; `failure` says what is thrown at the given attempt. */
async function tried(failure: (some: string, attempt: number) => Error | null, more: { retries?: number; hasWorked?: boolean } = {}) {
  const pauses: number[] = []
  const retries: Retry[] = []
  const halves: string[][] = []
  let attempt = 0
  const pause = (tried: number) => Promise.resolve(void pauses.push(tried))
  const onRetry = (retry: Retry) => void retries.push(retry)
  const result = await survive([symbols], (some) => {
    const error = failure(names(some), attempt++)
    return error === null ? Promise.resolve(names(some)) : Promise.reject(error)
  }, { retries: 2, pause, hasWorked: false, onRetry, ...more }, (some) => void halves.push(some.map(names)))
  return { ...result, failed: result.failed.map(({ symbol }) => symbol), pauses, retries, halves }
}

describe('symbols that are tried', () => {
  it('come in one piece when all is well', async () => {
    expect(await tried(() => null)).toEqual({ pieces: ['ABCDEFGH'], failed: [], attempts: 1, failures: 0, pauses: [], retries: [], halves: [] })
  })

  it('are tried again after a failure that may pass, with growing pauses', async () => {
    const result = await tried((_, attempt) => (attempt < 2 ? passing : null))
    expect(result).toMatchObject({ pieces: ['ABCDEFGH'], failed: [], attempts: 3, failures: 2, pauses: [0, 1] })
  })

  it('are halved until the one that fails is alone; the others are kept in their order', async () => {
    const result = await tried((some) => (some.includes('F') ? lasting : null))
    expect(result).toMatchObject({ pieces: ['ABCD', 'E', 'GH'], failed: ['F'], attempts: 7, failures: 4, pauses: [] })
  })

  it('are halved when together they are too much', async () => {
    const result = await tried((some) => (some.length > 4 ? new Error('Out of Memory Error: too much') : null))
    expect(result).toMatchObject({ pieces: ['ABCD', 'EFGH'], failed: [], halves: [['ABCD', 'EFGH']] })
  })

  it('tell which halves worked that did not together, but not when one of them did not either', async () => {
    const result = await tried((some) => (some.length > 2 || some.includes('F') ? lasting : null))
    expect(result.halves).toEqual([['AB', 'CD']])
  })

  it('tell of each failure after which they are tried again', async () => {
    const { retries } = await tried((some, attempt) => (attempt === 0 ? passing : some.length > 4 ? lasting : null))
    const told = { first_symbol: 'A', last_symbol: 'H' }
    expect(retries).toEqual([
      { ...told, attempt: 1, reason: passing.message, is_halved: false },
      { ...told, attempt: 2, reason: lasting.message, is_halved: true },
    ])
  })

  it('are halved after the last retry, which is not repeated for the halves', async () => {
    const result = await tried((some) => (some.includes('A') ? passing : null))
    expect(result).toMatchObject({ pieces: ['B', 'CD', 'EFGH'], failed: ['A'], pauses: [0, 1] })
  })

  it('are given up after a few when none works, but not when others of the run have worked', async () => {
    await expect(tried(() => lasting)).rejects.toBe(lasting)
    expect((await tried(() => lasting, { hasWorked: true })).failed.join('')).toBe('ABCDEFGH')
  })

  it.each([
    new Error('Binder Error: no such column'),
    new DgasError({ what: 'the strategy does not return entry' }),
    new Error('IO Error: Could not write file: No space left on device'),
  ])('are not tried again after %s', async (error) => {
    let attempts = 0
    await expect(tried(() => (attempts++, error))).rejects.toBe(error)
    expect(attempts).toBe(1)
  })
})

describe('a portion', () => {
  const planned = (bars: readonly number[]) => bars.map((bars, code) => ({ symbol: String.fromCharCode(65 + code), bars, tradedBars: bars, firstBarAt: 0, lastBarAt: 0 }))
  const cut = (bars: readonly number[], portion: Portion) => portions(planned(bars), portion).map((some) => some.map(({ bars }) => bars))

  it('is a whole batch until one was too much, then what worked', () => {
    const portion = { mostBars: Infinity }
    expect(cut([3, 3, 3, 3], portion)).toEqual([[3, 3, 3, 3]])
    learn(portion, [planned([3, 3]), planned([3, 2])])
    expect(portion).toEqual({ mostBars: 6 })
    // a little more is no reason to halve once more
    expect(cut([3, 4, 3, 4], portion)).toEqual([[3, 4], [3, 4]])
    expect(cut([6, 6, 6, 6, 6], portion)).toEqual([[6], [6], [6], [6], [6]])
    learn(portion, [planned([9]), planned([9])])
    expect(portion).toEqual({ mostBars: 6 })
  })

  it('is at least a symbol', () => {
    expect(cut([9, 9], { mostBars: 1 })).toEqual([[9], [9]])
  })
})

it('what does not concern single symbols is tried again only when it may pass', async () => {
  let left = 2
  const pause = () => Promise.resolve()
  const told: unknown[] = []
  const onFailure = (attempt: number, error: unknown) => void told.push([attempt, error])
  const work = () => (left-- > 0 ? Promise.reject(passing) : Promise.resolve('done'))
  expect(await persist(work, { retries: 2, pause }, onFailure)).toBe('done')
  expect(told).toEqual([[1, passing], [2, passing]])
  await expect(persist(() => Promise.reject(lasting), { retries: 2, pause }, onFailure)).rejects.toBe(lasting)
  expect(told).toHaveLength(2)
})

it.each([
  ['passing', Object.assign(new Error('EIO: i/o error'), { code: 'EIO' })],
  ['final', Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' })],
  ['final', new DgasError({ what: 'permission denied', cause: Object.assign(new Error(''), { code: 'EACCES' }) })],
  ['lasting', new DgasError({ what: 'a mistake', cause: new Error('Invalid Input Error: a mistake') })],
  ['lasting', new Error('the ledger does not add up')],
])('a failure is %s: %s', (fault, error) => {
  expect(faultOf(error)).toBe(fault)
})

describe('a batch', () => {
  const taken = (bars: number, ms: number) => ({ bars, elapsed_ms: ms, cpu_ms: 1.5 * ms })
  const usual = [100, 110, 90].map((ms) => taken(1000, ms))

  it('is degraded when it takes more than twice the usual time for each bar', () => {
    expect([taken(1000, 199), taken(1000, 201)].map((batch) => pace(usual).isDegraded(batch))).toEqual([false, true])
    expect(pace(usual.slice(1)).isDegraded(taken(1000, 1000))).toBe(false)
  })

  it('that only waited for the processors is not, nor one that used more of them at once', () => {
    expect(pace(usual).isDegraded({ bars: 1000, elapsed_ms: 500, cpu_ms: 150 })).toBe(false)
    expect(pace(usual).isDegraded({ bars: 1000, elapsed_ms: 100, cpu_ms: 500 })).toBe(false)
  })

  it('of few bars is not degraded for the time that every batch takes to begin', () => {
    expect(pace(usual).isDegraded(taken(10, 150))).toBe(false)
  })

  it('has as many bars as memory allows, and twice as many when there is no other', () => {
    expect(usualBatchBars({ memory: 16e9 })).toBe(400_000)
    expect(usualBatchBars({ memory: 16e9 }, 1_000_001)).toBe(400_000)
    expect(usualBatchBars({ memory: 16e9 }, 1_000_000)).toBe(1_000_000)
    expect(usualBatchBars({ memory: 2e9 }, 500_000)).toBe(500_000)
    expect(usualBatchBars({ memory: 2e9 }, 500_001)).toBe(400_000)
    expect(usualBatchBars({ memory: 500e6 })).toBe(125_000)
    expect(usualBatchBars({ memory: 1e6 }, 10)).toBe(20_000)
    expect([bytesOf('476.8 MiB'), bytesOf('512 bytes')]).toEqual([476.8 * 2 ** 20, 512])
  })
})
