import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openDatabase } from '../../src/database/database.js'
import { readModels } from '../../src/models/model.js'
import { openStore } from '../../src/store/store.js'
import { createQueryRelations } from '../../src/query/relations.js'
import { writeSample } from '../../src/store/sample.js'
import { run } from '../cli/run.js'
import { geometryRows, type Value } from '../models/bars.js'
import { goldenBars, readGolden } from '../models/golden.js'
import { calculations, commands, links, page, pageColumns, pageValues, quoted } from './geometry-page.js'

const home = process.cwd()
const images = resolve(import.meta.dirname, '../../docs/images')
const folder = mkdtempSync(join(tmpdir(), 'dgas-geometry-'))
const store = join(folder, 'store')
let columns: { geometry: string[]; context: string[] }

beforeAll(async () => {
  const database = await openDatabase({ threads: 2 })
  // the first symbols of the sample store are the same however many there are
  await writeSample(database, store, { symbols: 3 })
  const opened = await openStore(database, { folder: store })
  await createQueryRelations(database, opened, 'select * from geometry, context', { isWhole: true })
  columns = { geometry: await names('geometry'), context: await names('context') }
  database.close()
  process.chdir(folder)
  mkdirSync('docs/images', { recursive: true })

  async function names(relation: string): Promise<string[]> {
    return (await database.rows<{ column_name: string }>(`describe ${relation}`)).map((row) => row.column_name)
  }
})
afterAll(() => {
  process.chdir(home)
  rmSync(folder, { recursive: true })
})

describe('the columns of docs/geometry.md', () => {
  it('are all that geometry and context have', () => {
    const mentioned = new Set(quoted(page))
    const own = columns.context.filter((name) => !columns.geometry.includes(name) && !isCopy(name))
    expect(columns.geometry.length).toBeGreaterThan(100)
    expect(own).toContain('alignment_score')
    expect([...columns.geometry, ...own].filter((name) => !mentioned.has(name))).toEqual([])
  })

  it('exist, each once', () => {
    const defined = pageColumns.map(({ column }) => column)
    expect(defined.length).toBeGreaterThan(90)
    expect(defined.filter((name) => !columns.context.includes(name))).toEqual([])
    expect(defined.filter((name, at) => defined.indexOf(name) !== at)).toEqual([])
  })

  it('are made by the models that are named beside them', () => {
    const models = readModels()
    const wrong = pageColumns.filter(({ column, model }) => !new RegExp(`\\b${column}\\b`).test(models.get(model)?.text ?? ''))
    expect(wrong).toEqual([])
  })
})

describe('the examples of docs/geometry.md', () => {
  it.each([...new Set(pageValues.map(({ method }) => method))])('are what the models compute (envelope: %s)', async (method) => {
    const valueOf = await goldenValues(method)
    const values = pageValues.filter((value) => value.method === method)
    expect(values.length).toBeGreaterThan(1)
    for (const { set, bar, column, shown } of values) {
      const value = valueOf(set, bar)[column]
      expect(text(value), `${column} of ${set} ${bar}`).toBe(shown)
    }
  })

  it('have calculations that come out', async () => {
    expect(calculations.length).toBeGreaterThan(15)
    const database = await openDatabase({ threads: 1 })
    for (const { expression, value } of calculations) {
      const [row] = await database.rows<{ result: number }>(`select (${expression})::double as result`)
      const decimals = value.split('.').at(1)?.length ?? 0
      // prices of four decimals are rounded ones, and their last digit may differ
      const units = decimals < 4 ? 0.5 : 1.5
      expect(Math.abs(row.result - Number(value)), `${expression} = ${value}`).toBeLessThan(units * 10 ** -decimals)
    }
    database.close()
  })
})

describe('docs/geometry.md', () => {
  it.each(commands)('shows what dgas does: $command', async ({ command, output }) => {
    const [program, ...args] = words(command)
    const { code, out, err } = await run([...args, '--store', store])
    expect([program, code], err).toEqual(['dgas', 0])
    if (output !== undefined) expect(out.trimEnd()).toBe(output)
    for (const picture of args.filter((arg) => arg.endsWith('.png'))) {
      expect(sizeOf(picture)).toEqual(sizeOf(join(images, picture.replace(/^.*\//, ''))))
    }
  })

  it.each(links)('links to a file that is there: $path', ({ isThere }) => {
    expect(isThere).toBe(true)
  })

  it('makes each picture of its own by a command that it shows', () => {
    const made = commands.flatMap(({ command }) => command.match(/geometry-[\w-]+\.png/g) ?? [])
    const shown = links.flatMap(({ path }) => path.match(/geometry-[\w-]+\.png/g) ?? [])
    expect(shown.length).toBeGreaterThan(3)
    expect(made.sort()).toEqual(shown.sort())
    for (const name of shown) expect(readFileSync(join(images, name)).length, name).toBeLessThan(90_000)
  })
})

function isCopy(name: string): boolean {
  return columns.geometry.some((column) => name === `higher_${column}` || name === `second_higher_${column}`)
}

/** Returns the geometry of the bars of the worked examples by set and bar. */
async function goldenValues(method = 'mean'): Promise<(set: string, bar: string) => Record<string, Value>> {
  const rows = await geometryRows(goldenBars(), { envelope_method: method })
  const bars = readGolden('bars.csv')
  return (set, bar) => {
    const at = bars.filter((row) => row.set === set).findIndex((row) => row.bar === bar)
    return rows.filter(({ symbol }) => symbol === set)[at]
  }
}

/** Writes a value as the page does: numbers rounded to four decimals. */
function text(value: Value): string {
  if (value === null) return '–'
  if (value === '') return '""'
  if (typeof value === 'number') return String(Number(value.toFixed(4)) + 0)
  return String(value)
}

/** Width and height of a PNG. */
function sizeOf(file: string): [number, number] {
  const content = readFileSync(file)
  return [content.readUInt32BE(16), content.readUInt32BE(20)]
}

function words(command: string): string[] {
  return (command.match(/"[^"]*"|\S+/g) ?? []).map((word) => word.replace(/^"(.*)"$/, '$1'))
}
