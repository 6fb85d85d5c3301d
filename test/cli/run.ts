import { main } from '../../src/cli.js'
import type { Io } from '../../src/io.js'

/** What a command printed, and its exit code. */
export interface Outcome {
  code: number
  out: string
  err: string
}

/** What a test changes of the world that a command sees; by default it is no terminal, without an environment. */
export type World = Partial<Pick<Io, 'env' | 'isTerminal' | 'columns' | 'now'>>

/** Runs a command line in this process; `input` is what it reads from standard input. */
export async function run(argv: readonly string[], input = '', world: World = {}): Promise<Outcome> {
  let out = ''
  let err = ''
  const code = await main(argv, {
    out: (text) => void (out += text),
    err: (text) => void (err += text),
    input: () => Promise.resolve(input),
    env: {},
    now: () => new Date('2026-07-01T12:00:00Z'),
    ...{ isTerminal: false, isErrorTerminal: false, columns: 120 },
    ...world,
  })
  return { code, out, err }
}
