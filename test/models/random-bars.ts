import fc from 'fast-check'
import { barsOf, type TestBar } from './bars.js'

/** Steps of a random market in ticks: to the close, and from there how far the bar reaches up and down. */
const steps = fc.tuple(fc.integer({ min: -12, max: 12 }), fc.nat(9), fc.nat(9))

/**
 * Arbitrary bars of a symbol on ticks of 0.01, a few ticks tall, so that exact ties with levels and between bars are
 * common; trends, congestions, gaps and flat bars all occur.
 */
export function randomBars(symbol = 'A', { minLength = 1, maxLength = 60 } = {}): fc.Arbitrary<TestBar[]> {
  const drift = fc.integer({ min: -4, max: 4 })
  return fc.tuple(drift, fc.array(steps, { minLength, maxLength })).map(([trend, moves]) => {
    let ticks = 10_000
    return barsOf(moves.map(([move, up, down]) => {
      ticks += move + trend
      return [(ticks + up) / 100, (ticks - down) / 100, ticks / 100] as const
    }), symbol)
  })
}

/** Arbitrary bars of each of `count` symbols, `A` and so on: a query over all of them takes hardly longer than one over a single one. */
export function randomSymbols(count: number, lengths: { minLength?: number; maxLength?: number } = {}): fc.Arbitrary<TestBar[][]> {
  return fc.tuple(...Array.from({ length: count }, (_, at) => randomBars(String.fromCharCode(65 + at), lengths)))
}
