import { readFileSync } from 'node:fs'
import type { Database } from '../database/database.js'
import { DgasError } from '../errors.js'
import type { RunRecord, RunReport, SymbolRow } from '../report/record.js'
import { createRunRelations } from '../store/run-relations.js'
import type { RunFolder } from '../store/runs.js'

/** Reads what the reports show of a finished run. Throws a `DgasError` for a damaged `run.json`. */
export async function readRunReport(database: Database, run: RunFolder): Promise<RunReport> {
  const record = readRecord(run)
  if (record.status !== 'completed') {
    const what = `the run ${run.id} is not complete: it is ${record.status === 'failed' ? 'one that failed' : 'still running, or was killed'}`
    throw new DgasError({ what, where: run.folder, expected: 'a run that was completed' })
  }
  await createRunRelations(database, [run], ['symbols'])
  const symbols = await database.rows<SymbolRow>('select * exclude (run_id) from symbols order by symbol')
  return { record, symbols }
}

function readRecord({ file }: RunFolder): RunRecord {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as RunRecord
  } catch (error) {
    throw new DgasError({ what: `this record of a run cannot be read: ${(error as Error).message}`, where: file })
  }
}
