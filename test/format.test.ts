import fc from 'fast-check'
import { expect, it } from 'vitest'
import { count, decimal } from '../src/format.js'

const byIntl = (value: number, decimals: number) => {
  return new Intl.NumberFormat('en-US', { minimumFractionDigits: decimals, maximumFractionDigits: decimals }).format(value)
}
const decimals = fc.integer({ min: 0, max: 8 })

it.each([
  [1234.5, 2, '1,234.50'],
  [1.005, 2, '1.01'],
  [-1.005, 2, '-1.01'],
  [0.5, 0, '1'],
  [0.049, 1, '0.0'],
  [0.05, 1, '0.1'],
  [-0.001, 2, '-0.00'],
  [-0, 0, '-0'],
  [999.995, 2, '1,000.00'],
  [1_234_567, 0, '1,234,567'],
  [1e21, 1, '1,000,000,000,000,000,000,000.0'],
  [5e-324, 2, '0.00'],
])('%d with %d decimals is written as %s', (value, places, text) => {
  expect(decimal(value, places)).toBe(text)
})

it('a missing number is a dash', () => {
  expect([null, NaN, Infinity].map((value) => decimal(value))).toEqual(['–', '–', '–'])
})

it('numbers are written as Intl.NumberFormat writes them', () => {
  fc.assert(fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), decimals, (value, places) => {
    expect(decimal(value, places)).toBe(byIntl(value, places))
  }), { numRuns: 2000 })
})

it.each([NaN, Infinity, -Infinity])('so is a count that is %d', (value) => {
  expect(count(value)).toBe(byIntl(value, 0))
})

it('and so are numbers that lie half-way between two', () => {
  fc.assert(fc.property(fc.integer({ min: -1e9, max: 1e9 }), fc.integer({ min: 0, max: 12 }), decimals, (units, power, places) => {
    const value = Number(`${units}5e-${power}`)
    expect(decimal(value, places)).toBe(byIntl(value, places))
    expect(count(value)).toBe(byIntl(value, 0))
  }), { numRuns: 2000 })
})
