import { createHash } from 'node:crypto'
import { readFileSync, readdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import { packageFile } from '../package-file.js'

/** The folder of the SQL that ships with the package. */
export const sqlFolder = packageFile('sql')

/** A relation defined by one file of `sql/`. */
export interface Model {
  name: string
  /** What one row stands for, from the file's first line. */
  grain: string
  text: string
}

/** Reads a file of `sql/`; `path` is relative to that folder. */
export function readSql(path: string): string {
  return readFileSync(join(sqlFolder, path), 'utf8')
}

/** Returns the paths, relative to `sql/`, of the SQL files in a folder of it, sorted. */
export function sqlFiles(folder: string): string[] {
  const names = readdirSync(join(sqlFolder, folder)).filter((name) => name.endsWith('.sql'))
  return names.sort().map((name) => join(folder, name))
}

/** Returns every model by name. */
export function readModels(): Map<string, Model> {
  const models = sqlFiles('.').map((path) => {
    const text = readSql(path)
    return { name: basename(path, '.sql'), grain: /^-- grain: (.*)/.exec(text)?.[1] ?? '', text }
  })
  return new Map(models.map((model) => [model.name, model]))
}

/** Returns a hash of the text of all models and macros, which are files that anybody can change. */
export function modelsHash(): string {
  const hash = createHash('sha256')
  for (const path of [...sqlFiles('.'), ...sqlFiles('macros')]) hash.update(`${basename(path)}\n${readSql(path)}\n`)
  return hash.digest('hex')
}

const tableName = /\b(?:from|join)\s+([a-z_][a-z0-9_]*)\b(?!\s*[.(])/gi

/** Returns the names after `from` and `join` in `sql`; names of its own CTEs are among them. */
export function namesRead(sql: string): string[] {
  const withoutComments = sql.replaceAll(/--[^\n]*/g, '')
  return [...new Set([...withoutComments.matchAll(tableName)].map((match) => match[1].toLowerCase()))]
}

/** Returns the models that `names` are or read, directly or not, each after those it reads. */
export function modelsNeeded(names: readonly string[], models: ReadonlyMap<string, Model>): Model[] {
  const ordered = new Map<string, Model>()
  const visit = (name: string, below: readonly string[]) => {
    const model = models.get(name)
    if (model === undefined || ordered.has(name)) return
    if (below.includes(name)) throw new Error(`models read each other in a circle: ${[...below, name].join(' → ')}`)
    for (const read of namesRead(model.text)) if (read !== name) visit(read, [...below, name])
    ordered.set(name, model)
  }
  for (const name of names) visit(name, [])
  return [...ordered.values()]
}
