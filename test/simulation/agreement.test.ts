import { describe, expect, it } from 'vitest'
import { declineReasons, exitReasons, tradeColumns } from '../../src/rows.js'
import { rules } from '../../src/simulation/rules.js'
import { simulate, type TestOutcomes } from './market.js'
import { naive, type NaiveOutcome } from './naive.js'
import { chanceOf, randomCase, type RandomCase } from './random-case.js'

type Row = Record<string, number>

describe('the simulation and its naive second', () => {
  it('agree on 10,000 random cases, trade by trade', () => {
    for (let seed = 0; seed < 10_000; seed++) {
      expect(disagreement(randomCase(chanceOf(seed))), `seed ${seed}`).toBeNull()
    }
  }, 180_000)

  it('meet every reason to leave and to decline in these cases', () => {
    const exits = new Set<number>()
    const declines = new Set<number>()
    for (let seed = 0; seed < 2000; seed++) {
      const { trades, declined } = simulated(randomCase(chanceOf(seed)))
      trades.exit_reason.forEach((reason) => exits.add(reason))
      declined.reason.forEach((reason) => declines.add(reason))
    }
    expect(exitReasons.filter((_, code) => !exits.has(code))).toEqual([])
    expect(declineReasons.filter((_, code) => !declines.has(code))).toEqual([])
  })
})

function simulated({ bars, signals, spec }: RandomCase): TestOutcomes {
  return simulate(bars, signals, spec)
}

/** Says in what the two differ, or null. */
function disagreement(random: RandomCase): string | null {
  const outcomes = simulated(random)
  const expected = naive(random.bars, random.signals, rules(random.spec))
  return (
    different('trade', sorted(rowsOf(outcomes.trades)), sorted(expected.trades)) ??
    different('declined', sorted(rowsOf(outcomes.declined)), sorted(expected.declined)) ??
    different('equity', sorted(rowsOf(outcomes.equity)), sorted(recorded(outcomes, expected)))
  )
}

/** The naive equity at the closes at which the simulation recorded it. */
function recorded({ equity }: TestOutcomes, expected: NaiveOutcome): Row[] {
  const keys = new Set(Array.from(equity.account, (account, row) => `${account} ${equity.bar_at[row]}`))
  return expected.equity.filter(({ account, bar_at }) => keys.has(`${account} ${bar_at}`)) as unknown as Row[]
}

function rowsOf({ length, ...columns }: { length: number } & Record<string, Float64Array | number>): Row[] {
  const names = Object.keys(columns)
  return Array.from({ length }, (_, row) => {
    return Object.fromEntries(names.map((name) => [name, (columns[name] as Float64Array)[row]]))
  })
}

const order = ['account', 'symbol', 'exit_at', 'bar_at', 'entry_at', 'reason', 'exit_reason', 'quantity']

function sorted(rows: readonly Row[]): Row[] {
  const key = (row: Row) => order.map((name) => row[name] ?? 0)
  return [...rows].sort((a, b) => {
    const [first, second] = [key(a), key(b)]
    return first.map((value, index) => value - second[index]).find((difference) => difference !== 0) ?? 0
  })
}

function different(what: string, actual: readonly Row[], expected: readonly Row[]): string | null {
  for (let i = 0; i < Math.max(actual.length, expected.length); i++) {
    if (i >= actual.length || i >= expected.length) {
      return `${actual.length} and ${expected.length} of ${what}: ${JSON.stringify(actual[i])} and ${JSON.stringify(expected[i])}`
    }
    for (const name of Object.keys(expected[i])) {
      if (!isClose(actual[i][name], expected[i][name])) {
        return `${name} of ${what} ${i} is ${actual[i][name]}, naively ${expected[i][name]}: ${JSON.stringify(expected[i])}`
      }
    }
  }
  return null
}

function isClose(actual: number, expected: number): boolean {
  if (Object.is(actual, expected) || (actual === 0 && expected === 0)) return true
  return Math.abs(actual - expected) <= 1e-8 * Math.max(1, Math.abs(expected))
}

it('is compared in all columns of a trade', () => {
  const [trade] = naive(...caseWithTrade()).trades
  expect(Object.keys(trade).sort()).toEqual([...tradeColumns].sort())
})

function caseWithTrade(): Parameters<typeof naive> {
  const flat = { open: 10, high: 10, low: 10, close: 10 }
  return [[{ symbol: 0, time: 0, ...flat }, { symbol: 0, time: 1, ...flat }], [{ symbol: 0, time: 0, entry: 1 }], rules({})]
}
