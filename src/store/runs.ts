import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { nearest, usageError } from '../errors.js'

/** Where a run lies. */
export interface RunFolder {
  id: string
  folder: string
  /** Its `run.json`. */
  file: string
}

/** Returns the runs of a folder of runs that have a `run.json`, by name. */
export function listRuns(runsFolder: string): RunFolder[] {
  if (!existsSync(runsFolder)) return []
  const folders = readdirSync(runsFolder).sort().map((id) => runFolder(runsFolder, id))
  return folders.filter(({ file }) => existsSync(file))
}

/** Returns where the run `id` lies, whether it exists or not. */
export function runFolder(runsFolder: string, id: string): RunFolder {
  const folder = join(runsFolder, id)
  return { id, folder, file: join(folder, 'run.json') }
}

/** Returns the run `id`, or the newest for `latest`, of all runs or those given. Throws a usage error when there is none. */
export function findRun(runsFolder: string, id: string, runs = listRuns(runsFolder)): RunFolder {
  const found = id === 'latest' ? newest(runs) : runs.find((run) => run.id === id)
  if (found !== undefined) return found
  const ids = runs.map((run) => run.id)
  const expected = ids.length === 0 ? 'a run, but there is none yet' : 'the id of a run: dgas runs lists them'
  throw usageError({ what: `there is no run "${id}"`, where: runsFolder, expected, nearest: nearest(id, ids) })
}

/** The run that began last; a run may have any name. */
function newest(runs: readonly RunFolder[]): RunFolder | undefined {
  const began = runs.map((run) => ({ run, at: /"started_at": "([^"]*)"/.exec(readFileSync(run.file, 'utf8'))?.[1] ?? '' }))
  return began.sort((a, b) => (a.at < b.at ? -1 : 1)).at(-1)?.run
}

/** Returns the Parquet files of one relation of a run, in the order in which they were written. */
export function runParts({ folder }: RunFolder, relation: string): string[] {
  const parts = join(folder, relation)
  if (!existsSync(parts)) return []
  return readdirSync(parts).filter((name) => name.endsWith('.parquet')).sort().map((name) => join(parts, name))
}
