import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Database } from '../database/database.js'
import { literal } from '../database/quote.js'
import { messageOf } from '../errors.js'
import { timeframeFolder, type Store } from '../store/layout.js'
import type { Manifest } from '../store/manifest.js'
import { barColumns, storedContents } from '../store/partition-file.js'
import { problem, type Finding, type Repair } from './finding.js'

/** The files of a timeframe's manifest that can be read, and what is wrong with the others. */
export interface ReadableFiles {
  /** Paths below the timeframe's folder. */
  files: string[]
  findings: Finding[]
}

const types = ['VARCHAR', 'VARCHAR', 'TIMESTAMP', 'TIMESTAMP', 'DATE', ...Array<string>(5).fill('DOUBLE')]
const schema = barColumns.split(', ').map((name, index) => `${name} ${types[index]}`).join(', ')

/**
 * Reads every value of the files of a timeframe and leaves the table `stored_contents` (file, rows, data_hash). What cannot be
 * read is found file by file only when reading all of them at once fails.
 */
export async function readBarFiles(database: Database, store: Store, name: string, manifest: Manifest): Promise<ReadableFiles> {
  const folder = timeframeFolder(store, name)
  const findings: Finding[] = []
  const files: string[] = []
  for (const [key, { file }] of Object.entries(manifest.partitions)) {
    const wrong = await footerFault(database, join(folder, file))
    if (wrong === null) files.push(file)
    else findings.push(damaged(name, key, join(folder, file), wrong))
  }
  await createContents(database)
  if (await addContents(database, folder, files) === null) return { files, findings }
  for (const [key, { file }] of Object.entries(manifest.partitions).filter(([, partition]) => files.includes(partition.file))) {
    const wrong = await addContents(database, folder, [file])
    if (wrong === null) continue
    files.splice(files.indexOf(file), 1)
    findings.push(damaged(name, key, join(folder, file), wrong))
  }
  return { files, findings }
}

async function footerFault(database: Database, file: string): Promise<string | null> {
  if (!existsSync(file)) return 'it is missing'
  try {
    const rows = await database.rows<{ column_name: string; column_type: string }>(
      `describe select * from read_parquet(${literal(file)}, hive_partitioning = false)`,
    )
    const found = rows.map(({ column_name, column_type }) => `${column_name} ${column_type}`).join(', ')
    return found === schema ? null : `its columns are ${found}`
  } catch (error) {
    return messageOf(error)
  }
}

async function createContents(database: Database): Promise<void> {
  await database.run('create or replace table stored_contents (file varchar, rows bigint, data_hash varchar)')
}

/** Returns why the files cannot be read, or null when they could. */
async function addContents(database: Database, folder: string, files: readonly string[]): Promise<string | null> {
  if (files.length === 0) return null
  try {
    await database.run(`insert into stored_contents ${storedContents(folder, files)}`)
    return null
  } catch (error) {
    return messageOf(error)
  }
}

function damaged(timeframe: string, key: string, file: string, reason: string): Finding {
  const repair: Repair = { kind: 'set_aside', file, reason, partition: { timeframe, key } }
  const remedy = 'bring the file back from a copy; or dgas doctor --repair sets it aside, and dgas import brings its bars anew'
  return problem(`bars ${timeframe}: ${key}`, `the file cannot be read: ${reason}`, remedy, [repair])
}
