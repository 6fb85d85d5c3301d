import { describe, expect, it } from 'vitest'
import { openDatabase } from '../../src/database/database.js'
import { pointedPlace, pointer } from '../../src/database/pointer.js'

describe('a line with a caret', () => {
  it('has the number of the line and a caret below the place', () => {
    expect(pointer('select\n  clos\nfrom bars', 9)).toBe('line 2:   clos\n          ^')
    expect(pointer('create view s as\nselect clos', 24)).toBe('line 2: select clos\n               ^')
  })

  it('keeps tabs, and counts wide characters twice', () => {
    expect(pointer('select\n\tclos', 8)).toBe('line 2: \tclos\n        \t^')
    expect(pointer(`select '値', clos`, 12)).toBe(`line 1: select '値', clos\n                     ^`)
  })

  it('is cut when the line is long', () => {
    const text = `select ${'1, '.repeat(100)}clos${', 1'.repeat(100)}`
    const [line, caret] = pointer(text, text.indexOf('clos')).split('\n')
    expect(line).toMatch(/^line 1: \.\.\..{120}\.\.\.$/)
    expect(line.slice(caret.indexOf('^'))).toMatch(/^clos/)
  })
})

describe('the place at which DuckDB points', () => {
  it.each([
    'select clos',
    'select\n\n  clos,\n  1',
    'select\n\t\tclos',
    `select '値', clos`,
    `select ${'1, '.repeat(100)}clos`,
    `select clos${', 1'.repeat(100)}`,
    `select ${'1, '.repeat(100)}clos${', 1'.repeat(100)}`,
  ])('is found in the statement: %j', async (sql) => {
    const database = await openDatabase()
    const error = await database.statements(sql).catch((e: unknown) => e)
    const said = ((error as Error).cause as Error).message
    expect(pointedPlace(said.slice(said.indexOf('LINE')), sql)).toBe(sql.indexOf('clos'))
    database.close()
  })

  it('is none when the statement has not such a line', () => {
    expect(pointedPlace('LINE 3: clos\n        ^', 'select clos')).toBe(null)
  })
})
