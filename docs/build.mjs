// Writes docs/relations.md and a page for each command from what the program itself says. Usage: npm run docs
import { mkdirSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { commandNames, main } from '../dist/cli.js'
import { openDatabase } from '../dist/database/database.js'
import { commandPage } from '../dist/commands/command-page.js'
import { relationsPage } from '../dist/query/schema-text.js'
import { readSchema } from '../dist/query/schema.js'

const folder = fileURLToPath(new URL('.', import.meta.url))
const database = await openDatabase({ threads: 1 })
writeFileSync(`${folder}relations.md`, relationsPage(await readSchema(database)))
database.close()
mkdirSync(`${folder}commands`, { recursive: true })
for (const name of commandNames) writeFileSync(`${folder}commands/${name}.md`, await commandPage(name, main))
