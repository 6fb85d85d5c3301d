import { describe, expect, it } from 'vitest'
import { bindParameters, parameterNames } from '../../src/database/parameters.js'
import { sqlValue } from '../../src/database/quote.js'

describe('parameters of SQL', () => {
  it('are replaced by literals, but not in quotes and comments', () => {
    const sql = `select $a, '$a', "$a" -- $a\n, $b /* $b */`
    expect(bindParameters(sql, { a: 1, b: "it's" }, 'x')).toBe(`select 1, '$a', "$a" -- $a\n, 'it''s' /* $b */`)
    expect(parameterNames(sql)).toEqual(['a', 'b'])
  })

  it('names the nearest when one has no value', () => {
    expect(() => bindParameters('select $tmeframe', { timeframe: '1d' }, 'mine.sql')).toThrow(
      'mine.sql: no value for the parameter $tmeframe; expected one of $timeframe (did you mean timeframe?)',
    )
  })

  it('keep every bit of a number', () => {
    expect(sqlValue(0.1)).toBe('0.1::double')
    expect(sqlValue(-3)).toBe('-3')
    expect(sqlValue(1e300)).toBe('1e+300::double')
    expect(sqlValue(null)).toBe('null')
    expect(sqlValue(['a', "b'"])).toBe(`['a', 'b''']`)
  })
})
