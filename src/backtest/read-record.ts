import { readFileSync } from 'node:fs'
import { DgasError } from '../errors.js'
import type { RunRecord } from '../report/record.js'

/** Reads the record of a run, in whatever state it is. Throws a `DgasError` for a damaged one. */
export function readRecord({ file }: { file: string }): RunRecord {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as RunRecord
  } catch (error) {
    throw new DgasError({ what: `this record of a run cannot be read: ${(error as Error).message}`, where: file, cause: error })
  }
}
