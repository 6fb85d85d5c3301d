import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { createGunzip } from 'node:zlib'
import type { Database } from '../database/database.js'
import { literal } from '../database/quote.js'
import { textRows } from '../database/result.js'
import { DgasError } from '../errors.js'
import { fileError } from '../store/files.js'
import { longestRecord } from './csv-record.js'

const pieceBytes = 1 << 20

/** Some whole lines of a text, each character one byte. */
export interface TextBlock {
  text: string
  /** What ends a line; where lines end in CR LF, the CR is part of the line. */
  newline: string
}

/**
 * Yields a text file from beginning to end, packed or not, in bounded memory: of a line longer than any record only the beginning.
 * The last line ends as the others do. Throws a `DgasError` for a file that cannot be read or is cut off where it is packed.
 */
export async function* textBlocks(database: Database, file: string): AsyncGenerator<TextBlock> {
  let rest = ''
  let lineEnd: string | undefined
  for await (const bytes of pieces(database, file)) {
    const piece = typeof bytes === 'string' ? bytes : bytes.toString('latin1')
    lineEnd ??= lineEndOf(piece)
    const newline = newlineOf(lineEnd)
    const end = piece.lastIndexOf(newline) + 1
    if (end > 0) yield { text: rest + piece.slice(0, end), newline }
    rest = end > 0 ? piece.slice(end) : shortened(rest + piece)
  }
  if (rest !== '') yield { text: rest + (lineEnd ?? '\n'), newline: newlineOf(lineEnd) }
}

/** Returns the lines of a block. */
export function linesOf({ text, newline }: TextBlock): string[] {
  const lines = text.split(newline)
  if (lines.at(-1) === '') lines.pop()
  return lines
}

/** A CR at the end of a piece may be half of an end. */
function lineEndOf(piece: string): string | undefined {
  return /\r\n|\r(?!$)|\n/.exec(piece)?.[0]
}

function newlineOf(lineEnd: string | undefined): string {
  return lineEnd === '\r' ? '\r' : '\n'
}

function shortened(line: string): string {
  return line.length > longestRecord ? line.slice(0, longestRecord + 1) : line
}

/** Returns whether a text file has a quote anywhere. Throws as `textBlocks` does. */
export async function hasQuote(database: Database, file: string): Promise<boolean> {
  for await (const piece of pieces(database, file)) if (piece.includes('"')) return true
  return false
}

/** Yields parts of a text, bytes or each character one byte; bytes are good until the next part is asked for. */
async function* pieces(database: Database, file: string): AsyncGenerator<Buffer | string> {
  // DuckDB goes by these names, too
  if (file.endsWith('.zst')) yield* unpackedLines(database, file)
  else if (file.endsWith('.gz')) yield* unpackedBytes(file)
  else yield* plainBytes(file)
}

/** A stream takes several times as long, which a text without quotes would feel. */
async function* plainBytes(file: string): AsyncGenerator<Buffer> {
  const buffer = Buffer.alloc(pieceBytes)
  try {
    const handle = await open(file)
    try {
      for (;;) {
        const { bytesRead } = await handle.read(buffer)
        if (bytesRead === 0) return
        yield buffer.subarray(0, bytesRead)
      }
    } finally {
      await handle.close()
    }
  } catch (error) {
    throw fileError(error, file)
  }
}

async function* unpackedBytes(file: string): AsyncGenerator<Buffer> {
  const packed = createReadStream(file)
  const bytes = createGunzip({ chunkSize: pieceBytes })
  packed.on('error', (error) => bytes.destroy(error)).pipe(bytes)
  try {
    for await (const piece of bytes) yield piece as Buffer
  } catch (error) {
    if (!/^Z_/.test(String((error as NodeJS.ErrnoException).code))) throw fileError(error, file)
    throw new DgasError({ what: 'what is packed in it is damaged or cut off', where: file, cause: error })
  } finally {
    packed.destroy()
  }
}

/** Node 20 cannot unpack what DuckDB can, which tells lines only. */
async function* unpackedLines(database: Database, file: string): AsyncGenerator<string> {
  const lines = `
    select text
    from read_csv(${literal(file)}, auto_detect = false, delim = e'\\x01\\x02\\x01\\x02', quote = '', escape = '', header = false,
      encoding = 'latin-1', columns = {'text': 'VARCHAR'}, ignore_errors = true)`
  const other = await database.fork()
  try {
    for await (const rows of textRows(await other.stream(lines, { name: file }))) {
      yield rows.map(([text]) => `${text ?? ''}\n`).join('')
    }
  } finally {
    other.close()
  }
}
