import { describe, expect, it } from 'vitest'
import { higherTimeframes, parseTimeframe, timeframes, usualHigher } from '../../src/store/timeframe.js'

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
