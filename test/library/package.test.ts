import { readFileSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { consumer, type Consumer } from './package.js'

const page = readFileSync(resolve(import.meta.dirname, '../../docs/library.md'), 'utf8')
const [example] = blocks('ts')
const [printed] = blocks('text')

/** What a caller relies on: wrong uses must not compile. */
const typed = `
import { backtest, charts, openStore, query, type ChartSpec, type OpenStore, type QueryResult, type ValueColumn } from 'dgas'

export async function read(store: OpenStore, signal: AbortSignal): Promise<number> {
  const anything: QueryResult = await query(store, 'select 1 as one')
  const column: ValueColumn = anything.columns.one
  const { columns } = await query<{ close: Float64Array }>(store, 'select close from bars where symbol = $symbol', { symbol: 'A' })
  const run = await backtest(store, { parameters: { depth: 0.5 }, rules: { sizing: 'equal' } }, { onProgress: ({ bars }) => bars, signal })
  const spec: ChartSpec = await charts.price(store, { symbol: 'A', parts: ['dot', 'zones'] })
  const sharpe: number | null = run.metrics.sharpe_ratio
  // @ts-expect-error no such part of the geometry
  await charts.price(store, { symbol: 'A', parts: ['dots'] })
  // @ts-expect-error no such format
  await charts.render(spec, 'gif')
  // @ts-expect-error no such sizing
  await backtest(store, { rules: { sizing: 'twice' } })
  // @ts-expect-error the columns were named
  void columns.open
  // @ts-expect-error no such relation of a run
  await run.columns('bars')
  return columns.close.at(0) ?? sharpe ?? column.length
}

export async function open(): Promise<void> {
  await using store = await openStore('data', { threads: 2 })
  store.close()
}
`

let home: Consumer
let complaints: string
beforeAll(() => {
  home = consumer()
  complaints = home.compile({ typed, example })
})
afterAll(() => home.remove())

it('the types hold for a strict consumer, and the example of the documentation compiles', () => {
  expect(complaints).toBe('')
})

it('the example prints what the documentation shows', () => {
  expect(home.run('example').trim()).toBe(printed.trim())
  for (const name of ['price.svg', 'equity.png']) expect(statSync(join(home.folder, name)).size).toBeGreaterThan(10_000)
})

it('what is published holds everything that package.json names, and the SQL', () => {
  const { exports, bin } = JSON.parse(readFileSync(join(home.installed, 'package.json'), 'utf8')) as {
    exports: { '.': { types: string; import: string } }
    bin: { dgas: string }
  }
  const named = [exports['.'].types, exports['.'].import, bin.dgas].map((path) => path.replace(/^\.\//, ''))
  expect(home.packed()).toEqual(expect.arrayContaining([...named, 'sql/geometry.sql', 'sql/strategies/multi_timeframe.sql']))
})

function blocks(language: string): string[] {
  return [...page.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)].filter((match) => match[1] === language).map((match) => match[2])
}
