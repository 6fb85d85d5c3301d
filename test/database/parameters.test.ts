import { describe, expect, it } from 'vitest'
import { bindParameters, parameterNames, placeBeforeBinding } from '../../src/database/parameters.js'
import { sqlValue } from '../../src/database/quote.js'

describe('parameters of SQL', () => {
  it('are replaced by literals, but not in quotes and comments', () => {
    const sql = `select $a, '$a', "$a" -- $a\n, $b /* $b */`
    expect(bindParameters(sql, { a: 1, b: "it's" }, 'x')).toBe(`select 1, '$a', "$a" -- $a\n, 'it''s' /* $b */`)
    expect(parameterNames(sql)).toEqual(['a', 'b'])
  })

  it('names the nearest when one has no value', () => {
    expect(() => bindParameters('select\n  $tmeframe', { timeframe: '1d' }, 'mine.sql')).toThrow(
      'mine.sql: no value for the parameter $tmeframe; expected one of $timeframe (did you mean timeframe?)\nline 2:   $tmeframe\n          ^',
    )
  })

  it('that are negative begin no comment', () => {
    expect(bindParameters('select -$n, -$x, $n', { n: -1, x: -0.5 }, 'x')).toBe('select -(-1), -(-0.5::double), (-1)')
  })

  it('leave everything else findable where it was written', () => {
    const sql = `select $long, a, '$a', $a, b, $a, c`
    const values = { a: 0.25, long: 'a text\nof two lines' }
    const bound = bindParameters(sql, values, 'x')
    const places = [', a,', `'$a'`, 'b,', 'c'].map((part) => [placeBeforeBinding(sql, values, bound.lastIndexOf(part)), sql.lastIndexOf(part)])
    expect(places.map(([found]) => found)).toEqual(places.map(([, written]) => written))
    expect(placeBeforeBinding(sql, values, bound.indexOf('of two'))).toBe(sql.indexOf('$long'))
    expect(placeBeforeBinding(sql, values, bound.indexOf('0.25'))).toBe(sql.indexOf('$a, b'))
    expect(placeBeforeBinding(sql, values, bound.length)).toBe(sql.length)
  })

  it('keep every bit of a number', () => {
    expect(sqlValue(0.1)).toBe('0.1::double')
    expect(sqlValue(-3)).toBe('-3')
    expect(sqlValue(1e300)).toBe('1e+300::double')
    expect(sqlValue(null)).toBe('null')
    expect(sqlValue(['a', "b'"])).toBe(`['a', 'b''']`)
  })
})
