import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'

const folder = resolve(import.meta.dirname, '../sql')
const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.sql'))
const models = files.filter((name) => !name.startsWith('macros'))

/** How the files of a folder begin, where they are not relations. */
const firstLines: Partial<Record<string, RegExp>> = { strategies: /^-- Believes /, checks: /^-- check: [a-z]/ }

describe('the style of the SQL', () => {
  it.each(files)('%s is written in lower case', (file) => {
    const code = read(file).replaceAll(/--[^\n]*|'(?:[^']|'')*'/g, '')
    expect(code.match(/\b[A-Z]{3,}\b/g) ?? []).toEqual([])
  })

  it.each(models)('%s says in its first line what it is', (file) => {
    expect(read(file)).toMatch(firstLines[file.split(/[/\\]/)[0]] ?? /^-- grain: one row per /)
  })

  it.each(models)('%s ends by selecting everything of its last step', (file) => {
    expect(read(file).trimEnd().split('\n').at(-1)).toMatch(/^select \* from \w+$/)
  })
})

function read(file: string): string {
  return readFileSync(join(folder, file), 'utf8')
}
