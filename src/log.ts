import { appendFileSync } from 'node:fs'
import { usageError } from './errors.js'
import type { Io } from './io.js'
import { fileFault } from './store/files.js'

export type LogLevel = 'info' | 'warning' | 'error'

/** Writes an event with its fields to the log. */
export type Log = (level: LogLevel, event: string, fields?: Readonly<Record<string, unknown>>) => void

/**
 * Returns what appends events to `file`, each as one line of JSON with time, level, event and its fields; to nowhere when no
 * file is given. Users and passwords in addresses are left out. Throws a usage error when the first line cannot be written;
 * when a later one cannot, that is said once and the work goes on.
 */
export function openLog(file: string | undefined, { now, err }: Pick<Io, 'now' | 'err'>): Log {
  if (file === undefined) return () => undefined
  let hasFailed = false
  return (level, event, fields = {}) => {
    if (hasFailed) return
    try {
      // appended in one piece: lines of several processes do not mix
      appendFileSync(file, `${JSON.stringify({ time: now().toISOString(), level, event, pid: process.pid, ...fields }, withoutSecrets)}\n`)
    } catch (error) {
      hasFailed = true
      if (event === 'begun') throw usageError({ what: `cannot write "${file}": ${fileFault(error)}`, where: '--log-file', cause: error })
      err(`warning: the log ${file} is cut off: ${fileFault(error)}\n`)
    }
  }
}

/** Takes user and password out of addresses such as `redis://user:password@host`. */
function withoutSecrets(_name: string, value: unknown): unknown {
  return typeof value === 'string' ? value.replaceAll(/(\b[a-z][a-z\d+.-]*:\/\/)[^\s/]*@/gi, '$1') : value
}
