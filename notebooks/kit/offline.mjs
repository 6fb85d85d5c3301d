import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'

const content = 'https://cdn.jsdelivr.net/npm/'
const missing = '\0not-installed:'
const root = resolve(import.meta.dirname, '../..')

/**
 * A Vite plugin that takes from the installed packages what the kit would load from a content network: `npm:` imports of cells, and
 * the libraries that cells know by name. A package that is not installed becomes a module that says so when it is used.
 */
export function offline() {
  return {
    name: 'offline',
    enforce: 'pre',
    resolveId(source, importer) {
      if (source === './recommendedLibraries.js') return join(import.meta.dirname, 'libraries.js')
      if (source === './sampleDatasets.js' || source === './highlight.js') return `${missing}${source}`
      if (!source.startsWith(content)) return null
      const name = /^(?:@[^/]+\/)?[^/@]+/.exec(source.slice(content.length))[0]
      const isCell = !importer?.includes('notebook-kit')
      return isCell && existsSync(join(root, 'node_modules', name)) ? this.resolve(name, importer) : `${missing}${source}`
    },
    load(id) {
      if (!id.startsWith(missing)) return null
      if (id.endsWith('highlight.js')) return 'export const highlight = () => {}'
      if (id.endsWith('sampleDatasets.js')) return 'export {}'
      const what = `${id.slice(missing.length)} is not installed, and a notebook loads nothing from the network`
      return `export default undefined; throw new Error(${JSON.stringify(what)})`
    },
  }
}
