import { existsSync, statfsSync } from 'node:fs'
import { availableParallelism, totalmem } from 'node:os'
import { dirname } from 'node:path'
import { duckdbVersion } from '../database/database.js'
import { counted, megabytes } from '../format.js'
import { packageVersion } from '../version.js'
import { ok, problem, warning, type Finding } from './finding.js'

/** Below these sizes of free disk, in bytes, a run of the whole universe may not find the room for its results. */
const [scarce, exhausted] = [5e9, 2e8]

/** Returns the versions of the programs and what the machine has: cores, memory, free disk of the store. */
export function machineFindings(folder: string): Finding[] {
  return [
    ok('versions', `dgas ${packageVersion()}, DuckDB ${duckdbVersion()}, Node ${process.version}`),
    ok('cores', counted(availableParallelism(), 'core')),
    memory(totalmem(), process.constrainedMemory()),
    disk('disk of the store', folder),
  ]
}

/** Returns what the process may use; `limit` is that of its control group, 0 or more than `total` for none. */
export function memory(total: number, limit: number): Finding {
  const usable = limit > 0 && limit < total ? limit : total
  const found = usable === total ? megabytes(total) : `${megabytes(total)}, of which the control group allows ${megabytes(limit)}`
  if (usable >= 1e9) return ok('memory', found)
  return warning('memory', found, 'give --memory, such as --memory 300MB, and smaller batches (--batch-bars)')
}

/** Returns how much of the file system is free in which `folder` lies, or would. */
export function disk(check: string, folder: string, free = freeBytes(folder)): Finding {
  const found = `${megabytes(free)} free at ${folder}`
  if (free < exhausted) return problem(check, found, 'make room: nothing can be imported or simulated')
  return free < scarce ? warning(check, found, 'make room before long runs or imports') : ok(check, found)
}

function freeBytes(folder: string): number {
  if (!existsSync(folder)) return freeBytes(dirname(folder))
  const { bavail, bsize } = statfsSync(folder)
  return bavail * bsize
}
