import type { Command } from 'commander'
import { usageError } from '../errors.js'
import type { Io } from '../io.js'
import { openLog, type Log } from '../log.js'
import { shownPath } from '../path.js'
import type { Store } from '../store/layout.js'

/** The options that every command has. */
export interface GlobalOptions {
  /** Folder of the store; undefined: the default one. */
  store?: string
  threads?: number
  memory?: string
  json: boolean
  quiet: boolean
  debug: boolean
}

/**
 * Returns the global options of a command; the store may also come from the environment. Throws a usage error for a number
 * of threads that is none.
 */
export function globalOptions(command: Command, { env }: Pick<Io, 'env'>): GlobalOptions {
  const given = command.optsWithGlobals<Record<string, string | boolean | undefined>>()
  return {
    store: (given.store as string | undefined) ?? environmentStore(env),
    threads: given.threads === undefined ? undefined : wholeNumber('--threads', given.threads as string, 1),
    memory: given.memory === undefined ? undefined : memorySize(given.memory as string),
    json: given.json === true,
    quiet: given.quiet === true,
    debug: given.debug === true,
  }
}

/** Returns the folder of `$DGAS_STORE`; undefined when it is not set or empty. */
export function environmentStore({ DGAS_STORE }: Io['env']): string | undefined {
  return DGAS_STORE === '' ? undefined : DGAS_STORE
}

function memorySize(text: string): string {
  if (/^\d+(?:\.\d+)?\s*(?:[KMGT]i?B|%)$/i.test(text)) return text
  throw usageError({ what: `"${text}" is no size`, where: '--memory', expected: 'a size such as 500MB or 2GB' })
}

/** Returns what writes to the log of `--log-file`. */
export function commandLog(command: Command, io: Pick<Io, 'now' | 'err'>): Log {
  return openLog(command.optsWithGlobals<{ logFile?: string }>().logFile, io)
}

/** Says that the built-in sample store is used because nothing was imported, unless the user chose it or wants quiet. */
export function saySample({ err }: Pick<Io, 'err'>, { isSample, folder }: Store, { store, quiet }: GlobalOptions): void {
  if (isSample && store === undefined && !quiet) {
    err(`No bars imported yet: using the built-in sample store ${shownPath(folder)}\n`)
  }
}

/** Parses a whole number from `least` to `most`. Throws a usage error that names the option. */
export function wholeNumber(option: string, text: string, least: number, most = Infinity): number {
  const value = Number(text)
  if (text.trim() !== '' && Number.isInteger(value) && value >= least && value <= most) return value
  const range = most === Infinity ? `of at least ${least}` : `from ${least} to ${most}`
  throw usageError({ what: `"${text}" is no value`, where: option, expected: `a whole number ${range}` })
}

/** Parses a number. Throws a usage error that names the option. */
export function number(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const value = Number(text)
  if (text.trim() !== '' && Number.isFinite(value)) return value
  throw usageError({ what: `"${text}" is no number`, where: option, expected: 'a number such as 0.01 or 100000' })
}

/** Adds a strategy's parameter, given as `name=value`, to those before it. Throws a usage error for text that is none. */
export function parameter(text: string, before: Record<string, string> | undefined): Record<string, string> {
  const at = text.indexOf('=')
  if (at < 1) throw usageError({ what: `"${text}" is no parameter`, where: '--param', expected: 'name=value' })
  return { ...before, [text.slice(0, at)]: text.slice(at + 1) }
}
