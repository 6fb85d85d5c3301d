import { existsSync, readdirSync, statSync } from 'node:fs'
import { hostname } from 'node:os'
import { basename, join } from 'node:path'
import type { Database } from '../database/database.js'
import { literal } from '../database/quote.js'
import { messageOf } from '../errors.js'
import { counted, megabytes } from '../format.js'
import { runsFolder, type Store } from '../store/layout.js'
import { runRelations } from '../store/run-relations.js'
import { readOwner } from '../store/lock.js'
import { readRunState, runLock } from '../store/run-state.js'
import { halfWritten, needlessWhenComplete, spillFolders } from '../store/run-leftovers.js'
import { runFolder, runParts, type RunFolder } from '../store/runs.js'
import { ok, problem, some, warning, type Finding, type Repair } from './finding.js'
import { isRunning, sizeOf } from './leftovers.js'

/** Checks the runs of a store: their records, whether they still run, and their Parquet files. */
export async function runFindings(database: Database, store: Store, now: Date): Promise<Finding[]> {
  const folder = runsFolder(store)
  const names = existsSync(folder) ? readdirSync(folder).filter((name) => statSync(join(folder, name)).isDirectory()) : []
  const runs = names.sort().map((name) => runFolder(folder, name))
  const findings = runs.map((run) => recordFinding(run, now)).filter((finding) => finding !== null)
  findings.push(...spillFinding(runs))
  const damaged = await damagedParts(database, runs)
  if (findings.length + damaged.length === 0) return [ok('runs', `${counted(runs.length, 'run')} can be read`)]
  return [...findings, ...damaged]
}

/** Returns where processes of this machine that are gone kept what did not fit into memory; they may have worked for a queue. */
function spillFinding(runs: readonly RunFolder[]): Finding[] {
  const paths = runs.flatMap(spillFolders).filter(isOrphanedSpill)
  if (paths.length === 0) return []
  const size = megabytes(paths.reduce((sum, path) => sum + sizeOf(path), 0))
  const found = `${counted(paths.length, 'folder')} of processes that are gone, ${size}: ${some(paths)}`
  return [warning('spill folders', found, 'dgas doctor --repair removes them', paths.map(removal))]
}

function isOrphanedSpill(folder: string): boolean {
  const [, host, pid] = /^spill-(.+)-(\d+)$/.exec(basename(folder)) ?? []
  return host === hostname() && !isRunning(Number(pid))
}

/** Returns what is wrong with the record of a run; null: nothing. */
function recordFinding(run: RunFolder, now: Date): Finding | null {
  const check = `run ${run.id}`
  const half = halfWritten(run)
  const repairs = half.map(removal)
  if (!existsSync(run.file)) {
    return warning(check, 'it has no run.json: it was killed as it began', `delete ${run.folder}`)
  }
  const state = readRunState(run, now)
  if (state === null) return problem(check, `${run.file} is no record of a run`, 'bring it back from a copy, or delete the run')
  const { status, process } = state
  if (status === 'running') return ok(check, `it goes on (${process ?? 'begun just now'})`)
  if (status === 'gone') {
    // of a process on another host it is only known that it has been silent for long
    const isDead = readOwner(runLock(run))?.host === hostname()
    const left: Repair[] = isDead ? [...repairs, removal(runLock(run))] : []
    return warning(check, `it has not ended, and ${process ?? 'its process'} is gone`, `dgas backtest --resume ${run.id}`, left)
  }
  if (status === 'interrupted') return warning(check, 'it was interrupted', `dgas backtest --resume ${run.id}`, repairs)
  const left = status === 'completed' ? [...new Set([...half, ...needlessWhenComplete(run)])] : half
  if (left.length === 0) return null
  const found = `${counted(left.length, 'file')} or folders of a process that was killed: ${some(left)}`
  return warning(check, found, 'dgas doctor --repair removes them', left.map(removal))
}

function removal(path: string): Repair {
  return { kind: 'remove', path }
}

/** Returns the Parquet files that cannot be read; they are read one by one only when all of a relation cannot. */
async function damagedParts(database: Database, runs: readonly RunFolder[]): Promise<Finding[]> {
  const findings: Finding[] = []
  for (const relation of Object.keys(runRelations)) {
    const files = runs.flatMap((run) => runParts(run, relation))
    if (await readFault(database, files) === null) continue
    for (const run of runs) findings.push(...await damagedOf(database, run, relation))
  }
  return findings
}

async function damagedOf(database: Database, run: RunFolder, relation: string): Promise<Finding[]> {
  const findings: Finding[] = []
  for (const file of runParts(run, relation)) {
    const reason = await readFault(database, [file])
    if (reason === null) continue
    const remedy = 'run it again (run.json has its configuration); dgas doctor --repair sets the file aside'
    findings.push(problem(`run ${run.id}: ${relation}`, `${file} cannot be read: ${reason}`, remedy, [{ kind: 'set_aside', file, reason, partition: null }]))
  }
  return findings
}

/** Reads every value of Parquet files. Returns why that fails, or null when it does not. */
async function readFault(database: Database, files: readonly string[]): Promise<string | null> {
  if (files.length === 0) return null
  try {
    const list = files.map(literal).join(', ')
    await database.run(`create or replace temp table run_values as
      select sum(hash(values)) from read_parquet([${list}], union_by_name = true) as values`)
    return null
  } catch (error) {
    return messageOf(error)
  }
}
