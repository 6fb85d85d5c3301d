import { DgasError } from '../errors.js'

/**
 * What to do about a failure: `final` ends the run, since everything else would fail in the same way; `passing` may be gone
 * after a while; `lasting` comes again whenever the same symbols are computed.
 */
export type Fault = 'final' | 'passing' | 'lasting'

/** Kinds of errors of DuckDB that are mistakes in the SQL itself, whatever the rows. */
const mistakes = ['Parser', 'Binder', 'Catalog', 'Syntax', 'Not implemented', 'Permission', 'INTERRUPT']

const fullDisk = /no space left|disk is full|disk quota|out of disk|read-only file system/i
const denied = /permission denied|operation not permitted/i

/** Says what to do about a failure to compute, read or simulate symbols. */
export function faultOf(error: unknown): Fault {
  const text = messages(error).join('\n')
  if (fullDisk.test(text) || denied.test(text)) return 'final'
  const kind = databaseKind(error)
  if (kind === null) return isFileError(error) ? 'passing' : error instanceof DgasError ? 'final' : 'lasting'
  if (mistakes.includes(kind)) return 'final'
  return kind === 'IO' ? 'passing' : 'lasting'
}

/** Makes of a failure for want of room or permission one that says it in plain words; any other comes back as it is. */
export function plainFault(error: unknown, where: string): unknown {
  const text = messages(error).join('\n')
  if (fullDisk.test(text)) return new DgasError({ what: 'the disk is full', where, cause: error })
  if (denied.test(text) && databaseKind(error) !== null) return new DgasError({ what: 'permission denied', where, cause: error })
  return error
}

/** Returns the kind of an error of DuckDB, such as `IO` or `Binder`; null for any other error. */
export function databaseKind(error: unknown): string | null {
  for (const message of messages(error)) {
    const found = /^(?:Failed to [a-z ]+: )?([A-Z][\w ]*?) ?Error: /.exec(message)
    if (found !== null) return found[1]
  }
  return null
}

function isFileError(error: unknown): boolean {
  const cause = error instanceof DgasError ? error.cause : error
  return /^E[A-Z]+$/.test(String((cause as NodeJS.ErrnoException | undefined)?.code))
}

/** The messages of an error and of what it was made of. */
function messages(error: unknown): string[] {
  if (!(error instanceof Error)) return [String(error)]
  return error.cause === undefined ? [error.message] : [error.message, ...messages(error.cause)]
}
