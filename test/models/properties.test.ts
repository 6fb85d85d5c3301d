import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { geometryRows, type TestBar } from './bars.js'
import { changedRow, differingColumns, type PriceChange } from './column-kinds.js'
import { randomBars } from './random-bars.js'
import { hasRealBars, readRealBars } from './real-bars.js'

const real = hasRealBars ? await readRealBars('sp500_30m_2026', ['AAPL', 'AZN', 'BRK-B', 'DE', 'F']) : []

/** Distances in shares of the price would depend on where the price's zero is. */
const absolute = { touch_tolerance: 0, approach_tolerance: 0 }

/** Returns where the geometry of changed prices is not the changed geometry. */
async function differencesOf(bars: readonly TestBar[], change: PriceChange): Promise<string[]> {
  const parameters = change.shift === 0 ? {} : absolute
  const changed = bars.map((bar) => changedBar(bar, change))
  const [before, after] = [await geometryRows(bars, parameters), await geometryRows(changed, parameters)]
  return before.flatMap((row, index) => {
    const names = differingColumns(changedRow(row, change), after[index], change)
    return names.map((name) => `${name} of ${String(row.symbol)} ${String(row.bar_at)}`)
  })
}

function changedBar({ symbol, high, low, close }: TestBar, { factor, shift }: PriceChange): TestBar {
  const [some, other] = [high * factor + shift, low * factor + shift]
  return { symbol, high: Math.max(some, other), low: Math.min(some, other), close: close * factor + shift }
}

/** Returns the bars up to each of `cuts`, as symbols of their own, named by the cut. */
function cutBars(bars: readonly TestBar[], cuts: readonly number[]): TestBar[] {
  return cuts.flatMap((cut) => bars.slice(0, cut).map((bar) => ({ ...bar, symbol: `${bar.symbol} ${cut}` })))
}

/** Expects that the geometry of the bars up to each cut is that of all bars up to there, to the last bit. */
async function expectNoLookAhead(bars: readonly TestBar[], cuts: readonly number[]): Promise<void> {
  const whole = await geometryRows(bars)
  const cut = await geometryRows(cutBars(bars, cuts))
  const seen = new Map<unknown, number>()
  for (const row of cut) {
    const index = seen.get(row.symbol) ?? 0
    seen.set(row.symbol, index + 1)
    expect({ ...row, symbol: whole[index].symbol }).toEqual(whole[index])
  }
  expect(seen.size).toBe(cuts.length)
}

const runs = { numRuns: 10 }

describe('on random bars', () => {
  it('turning prices upside down swaps up and down everywhere', async () => {
    await fc.assert(fc.asyncProperty(randomBars(), async (bars) => {
      expect(await differencesOf(bars, { factor: -1, shift: 200 })).toEqual([])
    }), runs)
  })

  it('scaling prices carries through every level', async () => {
    await fc.assert(fc.asyncProperty(randomBars(), fc.constantFrom(0.5, 3, 10), async (bars, factor) => {
      expect(await differencesOf(bars, { factor, shift: 0 })).toEqual([])
    }), runs)
  })

  it('shifting prices carries through every level', async () => {
    await fc.assert(fc.asyncProperty(randomBars(), fc.constantFrom(-37, 25, 1000), async (bars, shift) => {
      expect(await differencesOf(bars, { factor: 1, shift })).toEqual([])
    }), runs)
  })

  it('no column of a bar depends on the bars after it', async () => {
    await fc.assert(fc.asyncProperty(randomBars(), async (bars) => {
      await expectNoLookAhead(bars, bars.map((_, index) => index + 1))
    }), runs)
  })

  it('no column of a symbol depends on another symbol', async () => {
    await fc.assert(fc.asyncProperty(randomBars('A'), randomBars('B'), async (some, others) => {
      const together = await geometryRows([...others, ...some])
      expect(together).toEqual([...(await geometryRows(some)), ...(await geometryRows(others))])
    }), runs)
  })
})

describe.runIf(hasRealBars)('on real bars', () => {
  it('turning prices upside down swaps up and down everywhere', async () => {
    expect(await differencesOf(real, { factor: -1, shift: 2000 })).toEqual([])
  })

  it('scaling and shifting prices carries through every level', async () => {
    expect(await differencesOf(real, { factor: 4, shift: 0 })).toEqual([])
    expect(await differencesOf(real, { factor: 1, shift: 100 })).toEqual([])
  })

  it('no column of a bar depends on the bars after it', async () => {
    for (const symbol of ['AAPL', 'DE']) {
      const bars = real.filter((bar) => bar.symbol === symbol).slice(0, 300)
      await expectNoLookAhead(bars, bars.map((_, index) => index + 1).filter((cut) => cut < 20 || cut % 17 === 0))
    }
  })

  it('no column of a symbol depends on another symbol', async () => {
    const alone = real.filter(({ symbol }) => symbol === 'DE')
    const together = await geometryRows(real)
    expect(together.filter(({ symbol }) => symbol === 'DE')).toEqual(await geometryRows(alone))
  })
})
