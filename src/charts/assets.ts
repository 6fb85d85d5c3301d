import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

const require = createRequire(import.meta.url)

/** Returns the font files that pictures are drawn with, so that they look the same on every machine. */
export function fontFiles(): string[] {
  const folder = join(dirname(require.resolve('dejavu-fonts-ttf/package.json')), 'ttf')
  return ['DejaVuSans.ttf', 'DejaVuSans-Bold.ttf'].map((name) => join(folder, name))
}

/** Returns the sources of Vega and Vega-Lite for a page that has no network, in the order in which they must be loaded. */
export async function vegaSources(): Promise<string[]> {
  return Promise.all(['vega', 'vega-lite'].map((name) => readFile(minified(name), 'utf8')))
}

function minified(name: string): string {
  const main = require.resolve(name)
  return join(dirname(main), `${name}.min.js`)
}
