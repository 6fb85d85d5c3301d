import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { AuditReport } from '../../src/audit/audit.js'
import type { SubjectReport } from '../../src/audit/audit-subject.js'
import { auditText } from '../../src/audit/report-text.js'
import { main } from '../../src/cli.js'
import { openDatabase } from '../../src/database/database.js'
import { processIo } from '../../src/io.js'
import { modelParameters } from '../../src/models/parameters.js'
import { storedSymbols } from '../../src/store/layout.js'
import { writeSample } from '../../src/store/sample.js'
import { honest, peeking } from './peeking.js'

interface Outcome {
  code: number
  out: string
  err: string
}

const folder = mkdtempSync(join(tmpdir(), 'dgas-audit-'))
const store = join(folder, 'store')
let outcome: Outcome
let report: AuditReport

beforeAll(async () => {
  const database = await openDatabase({ threads: 1 })
  await writeSample(database, store, { symbols: 6, from: '2026-01-02', to: '2026-02-27' })
  database.close()
  mkdirSync(join(folder, 'strategies'))
  const strategies = Object.entries({ ...peeking, ...honest }).flatMap(([name, text]) => own(name, text))
  outcome = await dgas(...strategies, '--cuts', '6', '--symbols', '6', '--json')
  if (outcome.out === '') throw new Error(outcome.err)
  report = JSON.parse(outcome.out) as AuditReport
}, 240_000)
afterAll(() => rmSync(folder, { recursive: true }))

describe('dgas audit', () => {
  it.each(Object.keys(peeking))('catches the strategy %s', (name) => {
    const { differences } = audited(name)
    expect(differences.length).toBeGreaterThan(0)
    for (const { bar_at, cut, symbol, whole_value, other_value, differing } of differences) {
      expect(bar_at < cut).toBe(true)
      expect(report.symbols).toContain(symbol)
      expect(whole_value).not.toBe(other_value)
      expect(differing).toBeGreaterThan(0)
    }
    expect(outcome.err).toMatch(new RegExp(`\\b${name}\\b`))
  })

  it.each(Object.keys(honest))('passes the strategy %s', (name) => {
    const { differences, rows, cuts } = audited(name)
    expect(differences).toEqual([])
    expect(cuts).toHaveLength(6)
    expect(rows).toBeGreaterThan(6 * 3 * 6 * 20)
    expect(outcome.err).not.toMatch(new RegExp(`\\b${name}\\b`))
  })

  it('tells an early higher bar from a late one by cuts within it', () => {
    const [entry] = audited('day_before_its_end').differences
    expect(entry).toMatchObject({ column: 'entry' })
    expect(entry.cut.slice(11)).not.toBe('21:00:00')
  })

  it('finds no difference in any column of geometry and context', async () => {
    for (const name of ['geometry', 'context']) {
      const { columns, rows, differences, rounded } = audited(name)
      expect({ differences, rounded }).toEqual({ differences: [], rounded: 0 })
      expect(columns).toBe(await columnsOf(name))
      expect(rows).toBeGreaterThan(1000)
    }
  })

  it('cuts within a session, at its end and at the end of a week', () => {
    const { cuts } = audited('geometry')
    expect(cuts).toHaveLength(6)
    const closes = cuts.filter((cut) => cut.endsWith('21:00:00'))
    const weekdays = closes.map((cut) => new Date(`${cut.slice(0, 10)}T00:00Z`).getUTCDay())
    expect(weekdays).toHaveLength(3)
    expect(weekdays).toContain(5)
    expect(weekdays.some((day) => day < 5)).toBe(true)
  })

  it('ends with exit code 1 and one sentence', () => {
    expect(outcome.code).toBe(1)
    expect(outcome.err).toMatch(/^dgas: next_close, .* change with bars that come later; expected [^\n]+\n$/)
  })
})

describe('dgas audit prints', () => {
  it('column, symbol, bar, both values and the cut of what changes', async () => {
    const { code, out } = await dgas(...own('ahead', peeking.next_close), ...small)
    expect(code).toBe(1)
    expect(out).toMatch(/^ahead {8,}3 .* 1 column changed$/m)
    expect(out).toMatch(new RegExp([
      '^ahead: entry of [A-Z]{4} at 2026-01-\\d\\d \\d\\d:\\d\\d is [01], but [01]',
      'when the bars that close after 2026-01-\\d\\d \\d\\d:\\d\\d are (removed|altered) \\(\\d+ values? of this column\\)$',
    ].join(' '), 'm'))
  })

  it('a row that is there in only one of them as a row', () => {
    const difference = {
      column: 'row', symbol: 'AAAA', bar_at: '2026-01-05 15:00:00', whole_value: 'present', other_value: 'absent',
      cut: '2026-01-05 15:30:00', later: 'removed' as const, differing: 12, rounded: 0,
    }
    const subject = { name: 'ahead', columns: 1, rows: 9, cuts: [difference.cut], bars: 9, last_bars: 1, differences: [difference], rounded: 0 }
    const text = auditText({ timeframe: '30m', higher: [], geometry_parameters: modelParameters, symbols: ['AAAA'], subjects: [subject] })
    expect(text).toContain('ahead: row of AAAA at 2026-01-05 15:00 is present, but absent when the bars that close after 2026-01-05 15:30 are removed (12 rows)\n')
  })

  it('a table of what was compared when nothing changes, with exit code 0', async () => {
    const { code, out, err } = await dgas('--strategy', 'pldot_cross', ...small, '--quiet')
    expect({ code, err }).toEqual({ code: 0, err: '' })
    const table = out.split('\n').filter((line) => line.endsWith('unchanged'))
    expect(table.map((line) => line.split(/\s+/)[0])).toEqual(['context', 'geometry', 'pldot_cross'])
    expect(Number(table[0].split(/\s+/)[1])).toBe(await columnsOf('context'))
    // one cut through two symbols
    expect(table[0]).toMatch(/ 2 of 1,\d\d\d +unchanged$/)
  })
})

describe('dgas audit takes', () => {
  it('symbols that a strategy names besides the sample', async () => {
    const [, named] = storedSymbols({ folder: store, isSample: true }, '30m')
    const text = `select symbol, bar_at, 1 as entry from bars where timeframe = $timeframe and symbol = '${named}'`
    const { code, out } = await dgas(...own('one_symbol', text), ...small, '--json')
    const { symbols, subjects } = JSON.parse(out) as AuditReport
    expect(code).toBe(0)
    expect(symbols).toHaveLength(3)
    expect(symbols).toContain(named)
    expect(subjects.at(-1)!.rows).toBeGreaterThan(0)
  })

  it('parameters, timeframe and higher timeframes', async () => {
    const text = `-- @param least double = 1 [0, 2]\nselect symbol, bar_at, $least as entry
      from context where timeframe = $timeframe and higher_close > 0`
    const options = ['--param', 'least=0', '--timeframe', '1h']
    const { code, out } = await dgas(...own('with_parameter', text), ...options, ...small, '--json')
    const { timeframe, higher, subjects } = JSON.parse(out) as AuditReport
    expect({ code, timeframe, higher }).toEqual({ code: 0, timeframe: '1h', higher: ['1d'] })
    expect(subjects.at(-1)).toMatchObject({ name: 'with_parameter', columns: 3, differences: [] })
  })
})

describe('dgas audit refuses', () => {
  const cases: [what: string, args: () => string[], code: number, sentence: RegExp][] = [
    ['parameters of no strategy', () => ['--param', 'a=1'], 2, /--param is given without a --strategy/],
    ['an unknown strategy', () => ['--strategy', 'pldot_cros'], 2, /did you mean pldot_cross/],
    ['no cut', () => ['--cuts', '0'], 2, /--cuts: "0" is no value/],
    ['a strategy without signals', () => [...own('silent', silent), ...narrow], 1, /nothing could be compared of silent/],
    ['bars that all close at one time', () => ['--timeframe', '1y', '--strategy', 'buy_and_hold'], 1, /all bars of the sample close at one time/],
    ['two rows for a bar', () => [...own('doubled', doubled), ...narrow], 1, /more than one row for [A-Z]{4} at 2026/],
    ['what is read from files', () => [...own('outside', outside()), ...narrow], 1, /outside\.sql: .*cannot be reached; expected relations such as bars/],
  ]

  it.each(cases)('%s', async (_, args, code, sentence) => {
    const result = await dgas(...few, ...args())
    expect(result.err).toMatch(sentence)
    expect(result.code).toBe(code)
  })
})

/** One higher timeframe, with which `context` is planned sooner. */
const narrow = ['--higher', '1d']
const few = ['--cuts', '1', '--symbols', '2']
const small = [...few, ...narrow]
const silent = 'select symbol, bar_at, 1 as entry from bars where timeframe = $timeframe and close < 0'
const doubled = 'select symbol, bar_at, unnest([1, 1]) as entry from bars where timeframe = $timeframe'

function outside(): string {
  return `select symbol, bar_at, 1 as entry from read_parquet('${store}/bars/timeframe=30m/*/*.parquet')`
}

function own(name: string, text: string): string[] {
  return ['--strategy', strategyFile(name, text)]
}

function strategyFile(name: string, text: string): string {
  const file = join(folder, 'strategies', `${name}.sql`)
  writeFileSync(file, text)
  return file
}

function audited(name: string): SubjectReport {
  return report.subjects.find((subject) => subject.name === name)!
}

const described = new Map<string, Promise<number>>()

/** Returns how many columns a relation has, which is looked up once. */
function columnsOf(relation: string): Promise<number> {
  const columns = described.get(relation) ?? lookUpColumns(relation)
  described.set(relation, columns)
  return columns
}

async function lookUpColumns(relation: string): Promise<number> {
  const { out, err } = await run('query', '--json', `describe select * from ${relation}`)
  if (out === '') throw new Error(err)
  return (JSON.parse(out) as unknown[]).length
}

async function dgas(...args: string[]): Promise<Outcome> {
  return run('audit', ...args)
}

async function run(...args: string[]): Promise<Outcome> {
  const texts = { out: '', err: '' }
  const io = {
    ...processIo(),
    out: (text: string) => void (texts.out += text),
    err: (text: string) => void (texts.err += text),
    env: { DGAS_STORE: store },
  }
  const code = await main(args, io)
  return { code, ...texts }
}
