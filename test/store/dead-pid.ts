import { spawnSync } from 'node:child_process'

/** Returns the id of a process that has just ended. */
export function deadPid(): number {
  return spawnSync(process.execPath, ['--eval', '']).pid
}
