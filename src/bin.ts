#!/usr/bin/env node
import { realpathSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { loadBundled } from './load-bundle.js'

export { writeCodeCache } from './load-bundle.js'

export const { main, commandNames } = loadBundled(
  fileURLToPath(new URL('bundle/cli.cjs', import.meta.url)),
) as typeof import('./cli.js')

const script = process.argv.at(1)
const isMain = script !== undefined && realpathSync(script) === fileURLToPath(import.meta.url)
// whoever reads the output may stop, as head does: then nobody is left to tell
if (isMain) process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 141 : 1))
if (isMain) process.exitCode = await main(process.argv.slice(2))
