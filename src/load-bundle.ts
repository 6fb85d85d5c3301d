import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import Module, { createRequire } from 'node:module'
import { dirname, resolve } from 'node:path'
import { Script } from 'node:vm'
import { crc32 } from 'node:zlib'

/** What the wrapper of a CommonJS file takes. */
type Wrapped = (exports: unknown, require: (id: string) => unknown, module: { exports: unknown }, file: string, folder: string) => void

/** A file that was loaded. */
interface Loaded {
  exports: unknown
  script: Script
  sum: number
}

const modules = new Map<string, Loaded>()

/**
 * Loads a CommonJS file of the bundle, and what it requires of the bundle, as `require` would, but with the compiled code that
 * lies beside each file: to compile a backtest takes longer than to load all of DuckDB. Code of another text is not taken, nor is
 * code that another V8 has compiled, or this one with other flags.
 */
export function loadBundled(file: string): unknown {
  const present = modules.get(file)
  if (present !== undefined) return present.exports
  const text = readFileSync(file)
  const sum = crc32(text)
  const script = new Script(Module.wrap(text.toString()), { filename: file, cachedData: compiledOf(file, sum) })
  const loaded: Loaded = { exports: {}, script, sum }
  modules.set(file, loaded)
  const folder = dirname(file)
  const outside = createRequire(file)
  const require = Object.assign(
    (id: string): unknown => id.startsWith('.') ? loadBundled(resolve(folder, id)) : outside(id),
    // the build lets the bundle call this one: of an `import` in a script Node warns that it is an experiment
    { resolve: outside.resolve, import: (id: string): Promise<unknown> => import(id) },
  )
  const run = script.runInThisContext() as Wrapped
  run(loaded.exports, require, loaded, file, folder)
  return loaded.exports
}

/** Writes beside each file that was loaded what of it has been compiled up to now. */
export function writeCodeCache(): void {
  for (const [file, { script, sum }] of modules) {
    const code = script.createCachedData()
    writeFileSync(codeFile(file), Buffer.concat([headOf(sum, code), code]))
  }
}

/** The compiled code of a text with this checksum, if it is as it was written; V8 itself compares no more than the lengths of texts. */
function compiledOf(file: string, sum: number): Buffer | undefined {
  if (!existsSync(codeFile(file))) return undefined
  const content = readFileSync(codeFile(file))
  const code = content.subarray(headLength)
  return content.subarray(0, headLength).equals(headOf(sum, code)) ? code : undefined
}

const headLength = 8

/** What stands before compiled code: the checksums of its text and of itself. */
function headOf(sum: number, code: Buffer): Buffer {
  const head = Buffer.alloc(headLength)
  head.writeUInt32LE(sum)
  head.writeUInt32LE(crc32(code), 4)
  return head
}

function codeFile(file: string): string {
  return `${file}.code`
}
