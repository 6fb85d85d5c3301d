import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'

/** Statements that are remembered. */
export const historySize = 1000

/** Returns the file of the shell's history, in the folder that the system has for the state of programs. */
export function historyFile(env: Readonly<Record<string, string | undefined>>): string {
  const given = env.XDG_STATE_HOME
  const folder = given === undefined || given === '' ? join(homedir(), '.local', 'state') : given
  return join(folder, 'dgas', 'history')
}

/** Returns the remembered lines, the latest first; none when they cannot be read. */
export function readHistory(file: string): string[] {
  try {
    return readFileSync(file, 'utf8').split('\n').filter((line) => line !== '').reverse()
  } catch {
    return []
  }
}

/** Remembers lines, the latest first. That they cannot be written is no error: the shell works without. */
export function writeHistory(file: string, lines: readonly string[]): void {
  try {
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, lines.slice(0, historySize).toReversed().map((line) => `${line}\n`).join(''), { mode: 0o600 })
  } catch {
    // a folder that cannot be written
  }
}
