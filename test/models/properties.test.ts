import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { barsOf, geometryRows, materialise, openGeometry, type TestBar } from './bars.js'
import { addCopies, absolute, cut, differencesOf, turned, type Copies } from './copies.js'
import { randomSymbols } from './random-bars.js'
import { hasRealBars, openRealGeometry, readRealBars, realFiles, someSymbols } from './real-bars.js'

const real = hasRealBars ? await readRealBars('sp500_30m_2026', ['AAPL', 'AZN', 'BRK-B', 'DE', 'F']) : []

const scaled = (factor: number): Copies => ({ name: `times ${factor}`, factor, shift: '0' })
const shifted = (shift: number): Copies => ({ name: `plus ${shift}`, factor: 1, shift: String(shift) })

/** Returns the bars up to each of `cuts`, as symbols of their own, named by the cut. */
function cutBars(bars: readonly TestBar[], cuts: readonly number[]): TestBar[] {
  return cuts.flatMap((cut) => bars.slice(0, cut).map((bar) => ({ ...bar, symbol: `${bar.symbol} ${cut}` })))
}

/** Expects that the geometry of the bars of each symbol up to each cut is that of all its bars up to there, to the last bit. */
async function expectNoLookAhead(symbols: readonly (readonly TestBar[])[], cutsOf: (bars: readonly TestBar[]) => number[]): Promise<void> {
  const rows = await geometryRows(symbols.flat())
  const whole = new Map(symbols.map(([{ symbol }]) => [symbol, rows.filter((row) => row.symbol === symbol)]))
  const cut = await geometryRows(symbols.flatMap((bars) => cutBars(bars, cutsOf(bars))))
  const seen = new Map<unknown, number>()
  for (const row of cut) {
    const index = seen.get(row.symbol) ?? 0
    seen.set(row.symbol, index + 1)
    const [symbol] = (row.symbol as string).split(' ')
    expect({ ...row, symbol }).toEqual(whole.get(symbol)![index])
  }
  expect(seen.size).toBe(symbols.flatMap(cutsOf).length)
}

/** Expects that the geometry of copies of random bars is what becomes of the geometry of the bars. */
async function expectOnRandomBars(copies: readonly Copies[], parameters = {}): Promise<void> {
  await fc.assert(fc.asyncProperty(randomSymbols(10), async (symbols) => {
    const database = await openGeometry(symbols.flat(), parameters)
    await addCopies(database, copies)
    await materialise(database)
    for (const some of copies) expect(await differencesOf(database, some)).toEqual([])
    database.close()
  }), { numRuns: 1 })
}

describe('on random bars', () => {
  it('turning prices upside down swaps up and down everywhere', async () => {
    await expectOnRandomBars([turned], absolute)
  })

  it('scaling prices carries through every level', async () => {
    await expectOnRandomBars([0.5, 3, 10].map(scaled))
  })

  it('shifting prices carries through every level', async () => {
    await expectOnRandomBars([-37, 25, 1000].map(shifted), absolute)
  })

  it('no column of a bar depends on the bars after it', async () => {
    await fc.assert(fc.asyncProperty(randomSymbols(10), async (symbols) => {
      await expectNoLookAhead(symbols, (bars) => bars.map((_, index) => index + 1))
    }), { numRuns: 1 })
  })

  it('no column of a symbol depends on another symbol', async () => {
    await fc.assert(fc.asyncProperty(randomSymbols(10), async (symbols) => {
      const together = await geometryRows(symbols.toReversed().flat())
      for (const bars of symbols) {
        expect(together.filter(({ symbol }) => symbol === bars[0].symbol)).toEqual(await geometryRows(bars))
      }
    }), { numRuns: 1 })
  })
})
describe('what becomes of changed prices', () => {
  it.each([
    { copies: turned, passedOver: ['previous_state_confidence'] },
    { copies: shifted(25), passedOver: ['previous_state_confidence'] },
    { copies: scaled(3), passedOver: [] },
    { copies: cut, passedOver: [] },
  ])('is compared in every column: $copies.name', async ({ copies, passedOver }) => {
    // rising closes: the tenth bar is one of an up run, and lies on no level
    const database = await openGeometry(barsOf(Array.from({ length: 12 }, (_, bar) => [10.6 + bar, 9.5 + bar, 10.1 + bar] as const)), absolute)
    await addCopies(database, [{ ...copies, until: copies.until && 'max(closed_at)' }])
    await materialise(database)
    expect(await differencesOf(database, copies)).toEqual([])
    const columns = await database.rows<{ column_name: string; column_type: string }>('describe geometry')
    const others = columns.filter(({ column_name }) => !['symbol', 'timeframe', 'bar_at', ...passedOver].includes(column_name))
    const changes = others.map(({ column_name: name, column_type: type }) => `${name} = ${otherSql(name, type)}`)
    await database.run(`update geometry set ${changes.join(', ')} where symbol = 'A ${copies.name}' and session_date = date '2020-01-10'`)
    const place = ` of A 1d 2020-01-10 00:00:00`
    expect((await differencesOf(database, copies)).sort()).toEqual(others.map(({ column_name }) => column_name + place).sort())
    database.close()
  })
})

/** SQL of a value that a column does not have. */
function otherSql(name: string, type: string): string {
  if (type === 'VARCHAR') return `coalesce(${name}, '') || '?'`
  if (type === 'BOOLEAN') return `not coalesce(${name}, false)`
  return /^(DATE|TIMESTAMP)$/.test(type) ? `${name} + interval 1 day` : `coalesce(${name}, 0) + 1`
}

/** The real files with every `step`th of their symbols. */
function parts(step: number) {
  return hasRealBars ? realFiles.flatMap((spec) => someSymbols(spec.file, step).map((part) => ({ ...spec, ...part }))) : []
}

describe.runIf(hasRealBars)('on real bars', () => {
  it.each(parts(10))('prices that are turned upside down or shifted, and cuts, carry through every level of $file, part $part', async (spec) => {
    const database = await openRealGeometry({ ...spec, parameters: absolute })
    const copies = [turned, shifted(100), cut]
    await addCopies(database, copies)
    await materialise(database)
    for (const some of copies) expect(await differencesOf(database, some), some.name).toEqual([])
    database.close()
  }, 120_000)

  it.each(parts(30))('scaling prices carries through every level of $file, part $part', async (spec) => {
    const database = await openRealGeometry(spec)
    await addCopies(database, [scaled(3)])
    await materialise(database)
    expect(await differencesOf(database, scaled(3))).toEqual([])
    database.close()
  }, 120_000)

  it('no column of a bar depends on the bars after it', async () => {
    const symbols = ['AAPL', 'DE'].map((symbol) => real.filter((bar) => bar.symbol === symbol).slice(0, 300))
    await expectNoLookAhead(symbols, (bars) => bars.map((_, index) => index + 1).filter((cut) => cut < 20 || cut % 17 === 0))
  })

  it('no column of a symbol depends on another symbol', async () => {
    const alone = real.filter(({ symbol }) => symbol === 'DE')
    const together = await geometryRows(real)
    expect(together.filter(({ symbol }) => symbol === 'DE')).toEqual(await geometryRows(alone))
  })
})
