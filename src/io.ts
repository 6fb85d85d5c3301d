import { once } from 'node:events'

/** What a command sees of the world; tests pass their own. */
export interface Io {
  /** Writes text to standard output. */
  out: (text: string) => void
  /** Writes bytes to standard output; absent where that takes text only. */
  bytes?: (bytes: Uint8Array) => void
  /** Waits until what was written to standard output has left, where that takes time. */
  drained?: () => Promise<void>
  /** Writes text to standard error. */
  err: (text: string) => void
  /** Reads all of standard input. */
  input: () => Promise<string>
  env: Readonly<Record<string, string | undefined>>
  now: () => Date
  /** Whether standard input is a terminal; absent: it is not. */
  isInputTerminal?: boolean
  /** Whether standard output is a terminal. */
  isTerminal: boolean
  /** Whether standard error is a terminal on which a progress bar may be drawn. */
  isErrorTerminal: boolean
  /** Width of the terminal in characters. */
  columns: number
}

/** Returns the process's own streams, clock and environment. */
export function processIo(): Io {
  return {
    out: (text) => void process.stdout.write(text),
    bytes: (bytes) => void process.stdout.write(bytes),
    drained: async () => {
      if (process.stdout.writableNeedDrain) await once(process.stdout, 'drain')
    },
    err: (text) => void process.stderr.write(text),
    input: readStandardInput,
    env: process.env,
    now: () => new Date(),
    isInputTerminal: process.stdin.isTTY,
    isTerminal: process.stdout.isTTY,
    isErrorTerminal: process.stderr.isTTY,
    columns: process.stdout.columns || 120,
  }
}

/** Returns how long a line of a table may be: `$COLUMNS`, else the width of the terminal, else without an end. */
export function outputWidth({ env, isTerminal, columns }: Pick<Io, 'env' | 'isTerminal' | 'columns'>): number {
  const asked = Number(env.COLUMNS)
  if (Number.isInteger(asked) && asked > 0) return asked
  return isTerminal ? columns : Infinity
}

async function readStandardInput(): Promise<string> {
  const parts: Buffer[] = []
  for await (const part of process.stdin) parts.push(part as Buffer)
  return Buffer.concat(parts).toString('utf8')
}
