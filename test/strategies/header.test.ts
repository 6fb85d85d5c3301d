import { describe, expect, it } from 'vitest'
import { parameterValues, parseHeader } from '../../src/strategies/header.js'

const text = `-- Believes in something
-- that takes two lines.
-- @minimum_bars 12
-- @param min_strength double = 0.55 [0, 1] least strength of an entry
-- @param bars integer = 20 [1, ] how far it looks back
-- @param both_sides boolean = true
-- @param kind text = 'push refresh' which pattern
select 1`

describe('the header of a strategy', () => {
  const header = parseHeader(text, 'mine.sql')

  it('has a sentence, the bars that are needed and parameters with type, default and bounds', () => {
    expect(header.sentence).toBe('Believes in something that takes two lines.')
    expect(header.minimumBars).toBe(12)
    expect(header.parameters).toEqual([
      { name: 'min_strength', type: 'double', default: 0.55, low: 0, high: 1, meaning: 'least strength of an entry' },
      { name: 'bars', type: 'integer', default: 20, low: 1, high: null, meaning: 'how far it looks back' },
      { name: 'both_sides', type: 'boolean', default: true, low: null, high: null, meaning: '' },
      { name: 'kind', type: 'text', default: 'push refresh', low: null, high: null, meaning: 'which pattern' },
    ])
  })

  it('gives defaults where nothing is given', () => {
    const values = parameterValues(header, { bars: '3', both_sides: 'false' }, 'mine')
    expect(values).toEqual({ min_strength: 0.55, bars: 3, both_sides: false, kind: 'push refresh' })
  })

  it.each([
    [{ min_strengh: '1' }, /no parameter "min_strengh"; expected min_strength, .* \(did you mean min_strength\?\)/],
    [{ min_strength: '1.01' }, /--param min_strength: "1.01" is no value .* expected a number from 0 to 1/],
    [{ min_strength: 'high' }, /"high" is no value of min_strength/],
    [{ min_strength: '' }, /"" is no value of min_strength/],
    [{ bars: '2.5' }, /expected a whole number of at least 1/],
    [{ both_sides: 'yes' }, /expected true or false/],
  ])('refuses %j', (given, message) => {
    expect(() => parameterValues(header, given, 'mine')).toThrow(message)
  })

  it('names the line of a declaration that it cannot read', () => {
    expect(() => parseHeader('-- Believes.\n-- @param x = 1', 'mine.sql')).toThrow(/mine.sql, line 2: cannot read/)
    expect(() => parseHeader('-- @param x dobule = 1', 'mine.sql')).toThrow(/unknown type "dobule".*did you mean double/)
    expect(() => parseHeader('-- @param x double = 3 [0, 1]', 'mine.sql')).toThrow(/"3" is no value of x/)
  })
})
