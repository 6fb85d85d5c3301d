import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { TestBar } from './bars.js'

/** A row of a file of worked examples, as text by column. */
export type GoldenRow = Record<string, string> & { set: string; bar: string }

/** Returns the rows of a file of `test/golden`. */
export function readGolden(file: string): GoldenRow[] {
  const [header, ...lines] = readFileSync(resolve(import.meta.dirname, '../golden', file), 'utf8').trim().split(/\r?\n/)
  const names = header.split(',')
  return lines.map((line) => Object.fromEntries(line.split(',').map((text, index) => [names[index], text])) as GoldenRow)
}

/** Returns the bars of the worked examples; their set is their symbol. */
export function goldenBars(): TestBar[] {
  return readGolden('bars.csv').map(({ set, high, low, close }) => {
    return { symbol: set, high: Number(high), low: Number(low), close: Number(close) }
  })
}
