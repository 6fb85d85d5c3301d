import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'

const root = resolve(import.meta.dirname, '../..')

/** The command line as a program of its own, built from the source as it is now. */
export interface BuiltCli {
  /** The script. */
  path: string
  /** Starts `dgas …`. */
  start: (...argv: string[]) => RunningCli
  /** Lets it take itself for another version from now on. */
  callItself: (version: string) => void
  remove: () => void
}

/** A running `dgas`. */
export interface RunningCli {
  child: ChildProcess
  /** What it has printed to standard error so far. */
  errors: () => string
  /** Exit code, or the signal that ended it. */
  ended: Promise<number | NodeJS.Signals>
}

/**
 * Builds the command line into a folder of its own, in which the package is laid out as it is installed; `compiled` with what V8 has
 * compiled of it, which takes some seconds more.
 */
export async function builtCli({ compiled = false } = {}): Promise<BuiltCli> {
  const folder = mkdtempSync(join(tmpdir(), 'dgas-built-'))
  mkdirSync(join(folder, 'dist'))
  for (const name of ['sql', 'package.json', 'node_modules']) symlinkSync(join(root, name), join(folder, name))
  const { stdout } = await promisify(execFile)(process.execPath, [join(root, 'bundle.mjs'), join(folder, 'dist'), ...(compiled ? [] : ['--uncompiled'])])
  if (stdout !== '') throw new Error(`a build that succeeds says nothing, not:\n${stdout}`)
  const path = join(folder, 'dist/cli.js')
  return {
    path,
    start(...argv) {
      const child = spawn(process.execPath, [path, ...argv], { stdio: ['ignore', 'ignore', 'pipe'] })
      let text = ''
      child.stderr.on('data', (data: Buffer) => (text += data.toString()))
      const ended = new Promise<number | NodeJS.Signals>((done) => child.on('close', (code, signal) => done(code ?? signal!)))
      return { child, errors: () => text, ended }
    },
    callItself(version) {
      const text = readFileSync(join(root, 'package.json'), 'utf8')
      rmSync(join(folder, 'package.json'), { force: true })
      writeFileSync(join(folder, 'package.json'), JSON.stringify({ ...JSON.parse(text) as object, version }))
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}
