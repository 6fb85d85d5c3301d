import { readdirSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { expect, it } from 'vitest'
import { commandNames, main } from '../../src/cli.js'
import { commandPage } from '../../src/commands/command-page.js'

const folder = resolve(import.meta.dirname, '../../docs/commands')

it('has a page for each command', () => {
  expect(readdirSync(folder).sort()).toEqual(commandNames.map((name) => `${name}.md`).sort())
})

it.each(commandNames)('the page of %s is what the program says (npm run docs writes it)', async (name) => {
  expect(readFileSync(resolve(folder, `${name}.md`), 'utf8')).toBe(await commandPage(name, main))
})
