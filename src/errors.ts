import { distance } from 'fastest-levenshtein'

export type ExitCode = 1 | 2 | 130

/** What went wrong, in the words of the person who has to mend it. */
export interface Problem {
  /** One sentence: what is wrong, with the offending value quoted. */
  what: string
  /** What would have been right. */
  expected?: string
  /** The nearest valid name, offered as "did you mean". */
  nearest?: string | null
  /** File, line, symbol or bar where it went wrong. */
  where?: string
  /** Several lines shown below the sentence as they are, such as a line of SQL with a caret. */
  detail?: string
  /** Exit code: 2 when the command was used wrongly, 1 when data or a run failed, 130 when the user interrupted it. */
  exit?: ExitCode
  /** What was thrown below. */
  cause?: unknown
}

/** An error that the user can mend. It is shown without a stack; everything else that is thrown is a bug. */
export class DgasError extends Error {
  readonly problem: Problem
  readonly exitCode: ExitCode

  constructor(problem: Problem) {
    super(sentence(problem), problem.cause === undefined ? undefined : { cause: problem.cause })
    this.name = 'DgasError'
    this.problem = problem
    this.exitCode = problem.exit ?? 1
  }
}

/** A `DgasError` for a wrong use of the command line (exit code 2). */
export function usageError(problem: Problem): DgasError {
  return new DgasError({ ...problem, exit: 2 })
}

/** Whether an error tells that the user ended the work, and not that it failed. */
export function isInterruption(error: unknown): boolean {
  return error instanceof DgasError && error.exitCode === 130
}

/** The first line of an error's message. */
export function messageOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0]
}

/** Returns the candidate that `name` was most likely meant to be, or null when none is near, as none is to an empty name. */
export function nearest(name: string, candidates: readonly string[]): string | null {
  if (name.trim() === '') return null
  const wanted = name.toLowerCase()
  const scored = candidates.map((candidate) => {
    const folded = candidate.toLowerCase()
    const limit = Math.max(1, Math.floor(Math.max(wanted.length, folded.length) * 0.4))
    // letters in the wrong order are the likeliest mistake, another first letter the least likely
    const isSwapped = letters(wanted) === letters(folded)
    const edits = distance(wanted, folded) - (isSwapped ? 1 : 0)
    return { candidate, isNear: edits <= limit, cost: edits + (wanted[0] === folded[0] ? 0 : 0.5) }
  })
  const near = scored.filter(({ isNear }) => isNear).sort((a, b) => a.cost - b.cost)
  return near.at(0)?.candidate ?? null
}

function letters(word: string): string {
  return Array.from(word).sort().join('')
}

function sentence({ what, expected, nearest: near, where, detail }: Problem): string {
  const parts = [where === undefined ? what : `${where}: ${what}`]
  if (expected !== undefined) parts.push(`expected ${expected}`)
  const text = parts.join('; ') + (near ? ` (did you mean ${near}?)` : '')
  return detail === undefined ? text : `${text}\n${detail}`
}
