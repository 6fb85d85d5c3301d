import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { Command } from 'commander'
import { describe, expect, it } from 'vitest'
import { addSimulationOptions, simulationSpec } from '../../src/commands/simulation-options.js'
import { declineReasons, exitReasons, orderTypes, sides } from '../../src/rows.js'
import type { Spec } from '../../src/simulation/rules.js'
import { simulate, type FinerTestBar, type TestBar, type TestOutcomes, type TestSignal } from './market.js'

/** A table of the document: its rows by the names of its columns. */
type Table = Record<string, string>[]

interface Example {
  line: number
  options: string
  tables: Table[]
}

const examples = readExamples(readFileSync(resolve(import.meta.dirname, '../../docs/simulation.md'), 'utf8'))

describe('docs/simulation.md', () => {
  it('has an example for every rule', () => {
    expect(examples.length).toBeGreaterThanOrEqual(35)
  })

  it.each(examples.map((example) => [example.line, example] as const))('is right in its example of line %i', (_, example) => {
    const [bars, ...results] = example.tables
    const outcomes = simulate(bars.map(barOf), bars.flatMap(signalOf), specOf(example.options))
    const hasTable = (column: string) => results.some(([row]) => column in row)
    for (const table of results) {
      const made = 'declined' in table[0] ? declinedOf(outcomes) : 'close' in table[0] ? equityOf(outcomes) : tradesOf(outcomes)
      const names = Object.keys(table[0])
      // equity is recorded at the ends of sessions only; the table of it may leave closes out
      const shown = 'close' in table[0] ? made.filter((row) => table.some(({ close }) => close === row.close)) : made
      const picked = shown.map((row) => Object.fromEntries(names.map((name) => [name, row[name]])))
      expect(picked).toEqual(table)
    }
    if (!hasTable('declined')) expect(outcomes.declined.length).toBe(0)
  })
})

function readExamples(text: string): Example[] {
  const found: Example[] = []
  let table: string[][] | null = null
  const close = () => {
    if (table !== null) found.at(-1)?.tables.push(asTable(table))
    table = null
  }
  text.split('\n').forEach((line, index) => {
    if (line.startsWith('Example:')) found.push({ line: index + 1, options: /`(.*)`/.exec(line)?.[1] ?? '', tables: [] })
    if (line.startsWith('|')) table = [...(table ?? []), cells(line)]
    else close()
  })
  close()
  return found
}

function cells(line: string): string[] {
  return line.split('|').slice(1, -1).map((cell) => cell.trim())
}

function asTable([names, , ...rows]: string[][]): Table {
  return rows.map((row) => Object.fromEntries(names.map((name, index) => [name, row[index]])))
}

function specOf(options: string): Spec {
  const command = addSimulationOptions(new Command().exitOverride())
  command.parse(options.split(' ').filter((word) => word !== ''), { from: 'user' })
  return simulationSpec(command.opts())
}

const symbolNames = ['A', 'B', 'C', 'D']

function barOf(row: Record<string, string>): TestBar {
  const { bar, symbol = 'A', session = '1', open, high, low, close, volume = '1000' } = row
  const prices = { open: Number(open), high: Number(high), low: Number(low), close: Number(close) }
  const times = { time: Number(bar), session: Number(session), volume: Number(volume) }
  const paid = { ...(row.split && { split: Number(row.split) }), ...(row.dividend && { dividend: Number(row.dividend) }) }
  return { symbol: symbolNames.indexOf(symbol), ...times, ...prices, ...paid, finer: finerOf(row.finer) }
}

function finerOf(text: string | undefined): FinerTestBar[] | undefined {
  return text?.split(' ').filter((word) => word !== '').map((word) => {
    const [open, high, low, close] = word.split('-').map(Number)
    return { open, high, low, close, volume: 1000 }
  })
}

function signalOf(row: Record<string, string>): TestSignal[] {
  if (row.signal === '') return []
  const { symbol, time } = barOf(row)
  const said = row.signal.split(' ').map((word) => word.split('='))
  const values = said.map(([name, value]) => [name, name === 'order_type' ? orderTypes.indexOf(value as 'limit') : Number(value)])
  return [{ symbol, time, ...(Object.fromEntries(values) as object) }]
}

function tradesOf({ trades }: TestOutcomes): Table {
  return tableOf(trades, (name, value) => {
    if (name === 'symbol') return symbolNames[value]
    if (name === 'side') return sides[value]
    return name === 'exit_reason' ? exitReasons[value] : shownNumber(value)
  })
}

function declinedOf({ declined }: TestOutcomes): Table {
  const { symbol, bar_at, reason, length } = declined
  return tableOf({ length, decided: bar_at, symbol, declined: reason }, (name, value) => {
    if (name === 'symbol') return symbolNames[value]
    return name === 'declined' ? declineReasons[value] : shownNumber(value)
  })
}

function equityOf({ equity }: TestOutcomes): Table {
  const { bar_at, cash, interest, equity: worth, length } = equity
  return tableOf({ length, close: bar_at, cash, interest, equity: worth }, (_, value) => shownNumber(value))
}

function tableOf(
  { length, ...columns }: { length: number } & Record<string, Float64Array | number>,
  show: (name: string, value: number) => string,
): Table {
  return Array.from({ length }, (_, row) => {
    const shown = Object.entries(columns).map(([name, values]) => [name, show(name, (values as Float64Array)[row])])
    return Object.fromEntries(shown) as Record<string, string>
  })
}

function shownNumber(value: number): string {
  return String(Number(value.toFixed(6)))
}
