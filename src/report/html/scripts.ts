import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { drawingScripts } from '../../charts/assets.js'
import { packageFile } from '../../package-file.js'

const require = createRequire(import.meta.url)
const folder = packageFile('page')

/** Returns the libraries that the page draws with, as scripts that leave `vega`, `vegaTooltip` and `vegaLite` behind. */
export function libraries(): string[] {
  const vegaLite = readFileSync(join(require.resolve('vega-lite'), '../vega-lite.min.js'), 'utf8')
  return [...drawingScripts(), vegaLite.replace(/^\/\/# sourceMappingURL=.*$/m, '')]
}

/** Returns the style sheet of the page. */
export function styleSheet(): string {
  return readFileSync(join(folder, 'style.css'), 'utf8')
}

/** Returns `entry` and the files that it imports as one module: each after those that it imports. Their names at the top level differ. */
export function pageScript(entry = 'main.js'): string {
  const files = new Map<string, string>()
  visit(entry, files)
  return [...files.values()].join('\n')
}

function visit(name: string, files: Map<string, string>): void {
  if (files.has(name)) return
  const text = readFileSync(join(folder, name), 'utf8')
  for (const [, file] of text.matchAll(/^import .* from '\.\/([\w-]+\.js)'$/gm)) visit(file, files)
  files.set(name, text.replaceAll(/^import .*\n/gm, '').replaceAll(/^export /gm, ''))
}
