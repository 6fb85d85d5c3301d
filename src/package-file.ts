import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Returns the path of a file of this package, such as `sql/dots.sql`, wherever the code that asks was bundled to. */
export function packageFile(path: string): string {
  return join(root, path)
}

function rootAbove(folder: string): string {
  if (existsSync(join(folder, 'package.json'))) return folder
  const above = dirname(folder)
  if (above === folder) throw new Error('there is no package.json above the program')
  return rootAbove(above)
}

const root = rootAbove(dirname(fileURLToPath(import.meta.url)))
