import { describe, expect, it } from 'vitest'
import { higherOfAny, higherTimeframes, parseTimeframe, timeframes, usualHigher } from '../../src/store/timeframe.js'

describe('higher timeframes', () => {
  it('may be the usual ones by their names', () => {
    for (const focus of timeframes.filter((frame) => usualHigher(frame).length > 0)) {
      const names = usualHigher(focus).map(({ name }) => name)
      expect(higherTimeframes(focus, names)).toEqual(usualHigher(focus))
    }
  })

  it('may be others, with blanks between them', () => {
    expect(higherTimeframes(parseTimeframe('5m'), ['15m', ' 4h']).map(({ name }) => name)).toEqual(['15m', '4h'])
  })

  it.each([
    ['30m', ['30m']],
    ['1h', ['30m']],
    ['30m', ['1w', '1d']],
    ['30m', ['1d', '1d']],
    ['5m', ['30m', '1d', '1w']],
    ['10m', ['15m']],
    ['30m', ['1d', '1x']],
  ])('above %s are not %j', (focus, names) => {
    expect(() => higherTimeframes(parseTimeframe(focus), names)).toThrow(/^--higher: /)
  })
})

describe('higher timeframes of bars of any timeframe', () => {
  const namesAbove = (names: readonly string[] | undefined, focus: string) => higherOfAny(names)(parseTimeframe(focus)).map(({ name }) => name)

  it('are the named ones above the bars, of whole bars', () => {
    expect(namesAbove(['1d', '1w'], '30m')).toEqual(['1d', '1w'])
    expect(namesAbove([' 1d', '1w'], '1d')).toEqual(['1w'])
    expect(namesAbove(['1d'], '1w')).toEqual([])
    expect(namesAbove(['1mo'], '1w')).toEqual(['1mo'])
    expect(namesAbove(['15m', '1h'], '10m')).toEqual(['1h'])
    expect(namesAbove(undefined, '30m')).toEqual(['1d', '1w'])
  })

  it.each([[['1w', '1d']], [['1d', '1d']], [['1d', '1w', '1mo']]])('are no ladder: %j', (names) => {
    expect(() => higherOfAny(names)).toThrow(/^--higher: .* is no ladder; expected one or two timeframes, the second above the first/)
  })

  it('are known ones', () => {
    expect(() => higherOfAny(['1x'])).toThrow(/^--higher: /)
  })
})
