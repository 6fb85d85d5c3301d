import { describe, expect, it } from 'vitest'
import { scanLine, splitLine } from '../../src/import/csv-line.js'
import { recordAt } from '../../src/import/csv-record.js'

describe('a line', () => {
  it.each([
    ['', [''], 0],
    ['a,b', ['a', 'b'], 1],
    ['a,', ['a', ''], 1],
    ['"a, b",c', ['a, b', 'c'], 1],
    ['"",""', ['', ''], 1],
    ['"say ""a"",",b', ['say "a",', 'b'], 1],
    [' "a" ,b', ['a', 'b'], 1],
    ['5" pipe,a"', ['5" pipe', 'a"'], 1],
  ])('%s has values', (line, values, delimiters) => {
    expect(splitLine(line, ',')).toEqual(values)
    expect(scanLine(line, ',')).toEqual({ delimiters, fault: null })
  })

  it.each([
    ['a,"b', 'open'],
    ['a,"b""', 'open'],
    ['"a" b,c', 'trailing'],
    [String.raw`"a\"b",c`, 'trailing'],
  ] as const)('%s has none: %s', (line, fault) => {
    expect(splitLine(line, ',')).toBeNull()
    expect(scanLine(line, ',').fault).toBe(fault)
  })

  it('may begin within quotes', () => {
    expect(scanLine('b, c",d', ',', true)).toEqual({ delimiters: 1, fault: null })
    expect(scanLine('b, c', ',', true)).toEqual({ delimiters: 0, fault: 'open' })
  })
})

describe('a record', () => {
  const form = { delimiter: ',', columns: 3 }
  const stray = { lines: 1, fault: 'quote is not closed' }

  it.each([
    ['on one line', ['a,"b",c', 'd,e,f'], { lines: 1, fault: null }],
    ['on three lines, one of them empty', ['a,"b', '', 'b",c'], { lines: 3, fault: null }],
    ['that ends with its value', ['a,b,"c', 'c"'], { lines: 2, fault: null }],
    ['with CR LF', ['a,"b\r', 'b",c\r'], { lines: 2, fault: null }],
    ['of too many values', ['a,"b', 'b",c,d'], stray],
    ['over a whole row', ['a,"b', 'd,e,f', 'b",c'], { lines: 3, fault: null }],
    ['over two whole rows', ['a,"b', 'd,e,f', 'g,h,i', 'b",c'], stray],
    ['between two rows with a stray quote each', ['a,b,"c', 'd,e,f"'], stray],
    ['before a row with quotes', ['a,"b,c', '"d",e,f'], stray],
    ['at the end', ['a,b,"c'], stray],
    ['with a value that goes on behind its quotes', ['a,"b" b,c'], { lines: 1, fault: 'unquoted value' }],
    ['that is too long', [`a,b,"${'c'.repeat(2_000_000)}"`], { lines: 1, fault: 'line size over maximum' }],
    ['of a thousand lines and more', ['a,b,"c', ...Array<string>(1000).fill('c'), 'c"'], stray],
  ])('%s', (_, lines, found) => {
    expect(recordAt(lines, 0, form, true)).toEqual(found)
  })

  it('waits for its last line', () => {
    expect(recordAt(['a,"b'], 0, form, false)).toBeNull()
  })
})
