import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { EquityPoint } from '../../src/charts/equity-rows.js'
import type { Spec } from '../../src/charts/frame.js'
import type { Candle } from '../../src/charts/price-rows.js'
import type { TradeMarker } from '../../src/charts/price-trades.js'
import { runCharts } from '../../src/charts/run-charts.js'
import { main } from '../../src/cli.js'
import { processIo } from '../../src/io.js'
import { run } from '../cli/run.js'
import { smallStore, type SmallStore } from './small-store.js'
import { dataset, titles } from './specs.js'

let store: SmallStore
let symbol: string
let work: string
const home = process.cwd()

beforeAll(async () => {
  store = await smallStore()
  symbol = store.symbols[0]
})
afterAll(() => rmSync(store.folder, { recursive: true }))
beforeEach(() => {
  work = mkdtempSync(join(tmpdir(), 'dgas-work-'))
  process.chdir(work)
})
afterEach(() => {
  process.chdir(home)
  rmSync(work, { recursive: true })
})

describe('dgas chart <symbol>', () => {
  it('writes an SVG of the last 120 bars into the working directory and prints its path', async () => {
    const { code, out, err } = await dgas('chart', symbol)
    expect({ code, out }).toEqual({ code: 0, out: `${symbol}-30m.svg\n` })
    expect(readdirSync(work)).toEqual([`${symbol}-30m.svg`])
    expect(err).toBe('')
    const svg = readFileSync(`${symbol}-30m.svg`, 'utf8')
    expect(svg).toMatch(/^<svg /)
    expect(svg).toContain('· 120 bars<')
    expect(svg).not.toMatch(/NaN|undefined/)
  })

  it('writes a PNG when the output is called so', async () => {
    expect(await dgas('chart', symbol, '--output', 'x.png')).toMatchObject({ code: 0, out: 'x.png\n' })
    expect(readFileSync('x.png').subarray(1, 4).toString()).toBe('PNG')
  })

  it('draws the PLdot as the mean of three typical prices, on the bar after them', async () => {
    const rows = dataset<Candle>(await printed('chart', symbol, '--from', '2026-01-12'), 'candles')
    expect(rows).toHaveLength(13 * 9)
    const typical = rows.map(({ high, low, close }) => (high + low + close) / 3)
    for (const at of [3, 13, 50, 116]) {
      expect(rows[at].pldot).toBeCloseTo((typical[at - 1] + typical[at - 2] + typical[at - 3]) / 3, 9)
      expect(rows[at].envelope_top).toBeGreaterThan(rows[at].envelope_bottom!)
    }
    expect(rows[0].pldot).not.toBeNull()
  })

  it('takes the sessions, the number and the length of bars that are asked for', async () => {
    const sessions = async (...options: string[]) => {
      const rows = dataset<Candle>(await printed('chart', symbol, ...options), 'candles')
      return [rows.length, rows[0].label, rows.at(-1)!.label]
    }
    const range = ['--from', '2026-01-06', '--to', '2026-01-07']
    expect(await sessions(...range)).toEqual([26, '2026-01-06 14:30', '2026-01-07 20:30'])
    expect(await sessions('--bars', '3')).toEqual([3, '2026-01-23 19:30', '2026-01-23 20:30'])
    expect(await sessions('--to', '2026-01-07', '--bars', '1')).toEqual([1, '2026-01-07 20:30', '2026-01-07 20:30'])
    expect(await sessions('--timeframe', '1d')).toEqual([14, '2026-01-05 00:00', '2026-01-23 00:00'])
  })

  it('draws the parts that are asked for, in a picture of the size that is asked for', async () => {
    const spec = await printed('chart', symbol, '--show', 'lines,dot,higher', '--lines', '5-9', '--width', '900')
    expect(titles(spec).text).toBe(`${symbol} 30m: price with PLdot, termination lines and the 1d PLdot and envelope`)
    expect(spec).toMatchObject({ width: 900, height: 700 })
    const [before, last] = dataset<Candle>(spec, 'candles').slice(-2)
    const up = 2 * last.low - before.high
    const down = 2 * last.high - before.low
    expect(dataset<{ price: number }>(spec, 'lines').map(({ price }) => price)).toEqual([up, down])
  })

  it('steps from the PLdot of one higher bar to that of the next, each the mean of three days before', async () => {
    const days = dataset<Candle>(await printed('chart', symbol, '--timeframe', '1d'), 'candles').slice(-4, -1)
    const steps = dataset<{ dot: number; start: number }>(await printed('chart', symbol, '--show', 'higher'), 'steps')
    const typical = days.map(({ high, low, close }) => (high + low + close) / 3)
    expect(steps.at(-1)!.dot).toBeCloseTo((typical[0] + typical[1] + typical[2]) / 3, 9)
    expect(steps.at(-1)!.start).toBe(120 - 13 - 0.5)
  })

  it('reads the parts of two timeframes from their relation, and the kinds of patterns that are asked for', async () => {
    const shown = ['--show', 'alignment,actions,patterns', '--patterns', 'push,touch', '--bars', '60']
    const spec = await printed('chart', symbol, ...shown)
    const scores = dataset<{ score: number }>(spec, 'alignment')
    expect(scores.length).toBeGreaterThan(10)
    expect(scores.every(({ score }) => score >= 0 && score <= 1)).toBe(true)
    expect(dataset(spec, 'actions').length).toBeGreaterThan(0)
    expect([...new Set(dataset<{ kind: string }>(spec, 'patterns').map(({ kind }) => kind))].sort()).toEqual(['push', 'touch'])
  })

  it('marks the trades of a run within the bars', async () => {
    const spec = await printed('chart', symbol, '--run', 'latest', '--from', '2026-01-22')
    const markers = dataset<TradeMarker>(spec, 'markers')
    expect(markers.map(({ i, price, kind, outcome }) => [i, price, kind, outcome])).toEqual([
      [0, 11.5, 'long entry', 'winning trade'],
      [1, 12, 'exit', 'winning trade'],
      [13, 12, 'short entry', 'losing trade'],
      [25, 12.5, 'exit', 'losing trade'],
    ])
    expect(titles(spec).subtitle[1]).toBe(`pldot_cross · run ${store.run} · 2 trades, 1 won`)
    expect((await dgas('chart', symbol, '--run', store.run)).out).toBe(`${symbol}-30m-${store.run}.svg\n`)
  })
})

describe('dgas chart --run', () => {
  it('draws the sum of the accounts, each carried on from its last session or its start', async () => {
    const spec = await printed('chart', '--run', 'latest')
    const points = dataset<EquityPoint>(spec, 'points')
    expect(points.map(({ session, equity }) => [session, equity])).toEqual([
      ['2026-01-05', 2000],
      ['2026-01-05', 2010],
      ['2026-01-06', 2000],
      ['2026-01-07', 1900],
    ])
    expect(titles(spec).subtitle).toEqual([
      `run ${store.run} · 2026-01-05 to 2026-01-07 · 2 accounts`,
      'return -5.00 %, from 2,000 to 1,900 · maximum drawdown 5.47 %, from 2026-01-05 to 2026-01-07, not recovered',
    ])
  })

  it('groups the trades that were entered in a range by the clock of the exchange', async () => {
    const hours = await printed('chart', '--run', 'latest', '--chart', 'hours', '--from', '2026-01-22', '--to', '2026-01-22')
    expect(dataset<{ label: string }>(hours, 'groups').map(({ label }) => label)).toEqual(['09:00  (1)'])
    const days = await printed('chart', '--run', 'latest', '--chart', 'weekdays', '--from', '2026-01-22')
    expect(dataset<{ label: string }>(days, 'groups').map(({ label }) => label)).toEqual(['Thursday  (1)', 'Friday  (1)'])
  })

  it('names the file after the run', async () => {
    expect((await dgas('chart', '--run', 'latest', '--format', 'png')).out).toBe(`${store.run}-equity.png\n`)
    expect(readdirSync(work)).toEqual([`${store.run}-equity.png`])
  })
})

describe('dgas chart says in one sentence what is wrong with', () => {
  const cases: [what: string, args: () => string[], code: number, sentence: RegExp][] = [
    ['an unknown symbol', () => [`${symbol}X`], 2, /no symbol ".*X"; expected one of 3 symbols .*did you mean/],
    ['a range without bars', () => [symbol, '--from', '2027-01-01'], 1, /no 30m bars from 2027.*; .*2026-01-05 to 2026-01-23/],
    ['an empty range', () => [symbol, '--from', '2026-02-01', '--to', '2026-01-01'], 2, /lies after --to/],
    ['a wrong date', () => [symbol, '--to', '2026-02-30'], 2, /--to: "2026-02-30" is no date/],
    ['a wrong number of bars', () => [symbol, '--bars', '0'], 2, /--bars: "0" is no value/],
    ['an unknown timeframe', () => [symbol, '--timeframe', '30min'], 2, /no timeframe "30min".*did you mean 30m/],
    ['a timeframe finer than the store', () => [symbol, '--timeframe', '5m'], 2, /no bars from which 5m bars/],
    ['an unknown run', () => ['--run', 'none'], 2, /there is no run "none"/],
    ['a symbol that the run left out', () => [store.symbols[2], '--run', 'latest'], 2, /has not simulated/],
    ['neither symbol nor run', () => [], 2, /neither a symbol nor a run/],
    ['bars of an equity chart', () => ['--run', 'latest', '--bars', '5'], 2, /--bars chooses bars/],
    ['an unknown part', () => [symbol, '--show', 'dot,area'], 2, /--show: there is no "area".*did you mean areas/],
    ['an unknown line', () => [symbol, '--show', 'lines', '--lines', '6-2'], 2, /--lines: there is no "6-2"/],
    ['lines that are not shown', () => [symbol, '--lines', '5-9'], 2, /expected --show lines/],
    ['an unknown chart', () => ['--run', 'latest', '--chart', 'equty'], 2, /no chart "equty" of a run; expected .*did you mean equity/],
    ['a chart of a run with a symbol', () => [symbol, '--chart', 'equity'], 2, /--chart names a chart of a run/],
    ['a range in which a run has nothing', () => ['--run', 'latest', '--from', '2027-01-01'], 1, /nothing to draw as equity from 2027/],
    ['a chart for which a run has too little', () => ['--run', 'latest', '--chart', 'market_states'], 1, /nothing to draw as market_states; expected a run of dgas backtest --by-state/],
    ['an unknown pattern', () => [symbol, '--show', 'patterns', '--patterns', 'c_wave'], 2, /--patterns: there is no "c_wave".*did you mean c-wave/],
    ['patterns that are not shown', () => [symbol, '--patterns', 'push'], 2, /expected --show patterns/],
    ['parts of an equity chart', () => ['--run', 'latest', '--show', 'dot'], 2, /--show chooses geometry/],
    ['a frame above years', () => [symbol, '--timeframe', '1y', '--show', 'higher'], 2, /1y has no higher/],
    ['a picture too small to read', () => [symbol, '--width', '40'], 2, /--width: "40".*from 400 to 10000/],
    ['a picture too wide to draw', () => [symbol, '--width', '1e9'], 2, /--width: "1e9".*from 400 to 10000/],
    ['a picture too high to draw', () => [symbol, '--height', '10001'], 2, /--height: "10001".*from 300 to 10000/],
    ['an output of no kind', () => [symbol, '--output', 'x.pgn'], 2, /"x.pgn" is no kind of chart; expected .json/],
    ['an output in no folder', () => [symbol, '--output', 'none/x.svg'], 1, /none\/x\.svg: no such file or folder/],
    ['two formats', () => [symbol, '--json', '--format', 'png'], 2, /--json and png are both asked for/],
  ]

  it.each(cases)('%s', async (_, args, code, sentence) => {
    const result = await dgas('chart', ...args(), '--quiet')
    expect(result).toMatchObject({ code, out: '' })
    expect(result.err).toMatch(sentence)
    expect(result.err).toMatch(/^dgas: [^\n]+\n$/)
    expect(readdirSync(work)).toEqual([])
  })

  it('an output that is a folder', async () => {
    mkdirSync('x.svg')
    expect(await dgas('chart', symbol, '--output', 'x.svg')).toMatchObject({ code: 1, out: '' })
  })
})

async function dgas(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const texts = { out: '', err: '' }
  const io = {
    ...processIo(),
    out: (text: string) => void (texts.out += text),
    err: (text: string) => void (texts.err += text),
    env: { DGAS_STORE: store.folder },
  }
  const code = await main(args, io)
  return { code, ...texts }
}

async function printed(...args: string[]): Promise<Spec> {
  const { out, err } = await dgas(...args, '--json', '--quiet')
  expect(err).toBe('')
  return JSON.parse(out) as Spec
}

describe('dgas chart --sql', () => {
  const closes = 'select bar_at, close, symbol from bars'

  it('draws the rows of a query', async () => {
    const spec = await printed('chart', '--sql', 'select sum(trades) as trades, symbol from (select symbol, 1 as trades from bars) group by symbol', ...['--mark', 'bar', '--x', 'symbol', '--y', 'trades'])
    expect(dataset<{ y: number }>(spec, 'rows').map(({ y }) => y)).toEqual([182, 182, 182])
    expect(titles(spec)).toEqual({ text: 'trades by symbol', subtitle: ['3 rows'] })
  })

  it('keeps the extremes of 100,000 rows', async () => {
    const sql = 'select i, if(i = 70123, 9, sin(i / 1000.0)) as y from range(100000) as numbers(i)'
    const spec = await printed('chart', '--sql', sql, '--x', 'i', '--y', 'y')
    const rows = dataset<{ x: number; y: number }>(spec, 'rows')
    expect(rows.length).toBeLessThanOrEqual(2002)
    expect(rows.filter(({ y }) => y === 9)).toEqual([{ x: 70123, y: 9 }])
    expect([rows[0].x, rows.at(-1)!.x]).toEqual([0, 99_999])
    expect(titles(spec).subtitle[0]).toMatch(/^[\d,]+ of 100,000 rows/)
  })

  it.each(['line', 'point', 'area', 'tick', 'rect', 'bar'])('as %s is written as a picture', async (mark) => {
    const options = ['--mark', mark, '--x', 'bar_at', '--y', 'close', '--color', 'symbol', '--theme', 'dark', '--output', `${mark}.svg`]
    expect(await dgas('chart', '--sql', `${closes} limit 50;`, ...options)).toMatchObject({ code: 0, out: `${mark}.svg\n` })
    expect(readFileSync(`${mark}.svg`, 'utf8')).not.toMatch(/NaN|undefined/)
  })

  it.each<[what: string, args: string[], code: number, sentence: RegExp]>([
    ['an unknown column', ['--sql', closes, '--x', 'bar_att', '--y', 'close'], 2, /--x: the query has no column "bar_att".*did you mean bar_at/],
    ['a column that is missing', ['--sql', closes, '--x', 'bar_at'], 2, /--y is missing/],
    ['bad SQL', ['--sql', 'selct 1', '--x', 'a', '--y', 'b'], 1, /--sql: syntax error/],
    ['a statement that writes', ['--sql', 'create table a (b int)', '--x', 'a', '--y', 'b'], 2, /would change something/],
    ['a query without rows', ['--sql', `${closes} where false`, '--x', 'bar_at', '--y', 'close'], 1, /no rows to draw/],
    ['too many bars', ['--sql', 'select i from range(9000) as t(i)', '--mark', 'bar', '--x', 'i', '--y', 'i'], 1, /9,000 rows, more than/],
    ['a symbol besides', ['AAPL', '--sql', closes, '--x', 'bar_at', '--y', 'close'], 2, /--sql and symbol are both given/],
    ['a mark without a query', ['--run', 'latest', '--mark', 'bar'], 2, /--mark belongs to a chart of a query/],
    ['an unwritable output', ['--sql', closes, '--x', 'bar_at', '--y', 'close', '--output', 'none/x.html'], 1, /none\/x\.html: no such/],
  ])('says what is wrong with %s', async (_what, args, code, sentence) => {
    const answer = await dgas('chart', ...args)
    expect(answer.err).toMatch(sentence)
    expect(answer).toMatchObject({ code, out: '' })
  })
})

it('symbols of any script have files of their own', async () => {
  const rows = ['三菱', '丸紅'].map((name) => `${name},2026-01-05,10,11,9,10,100\n${name},2026-01-06,10,12,9,11,100\n`)
  writeFileSync('bars.csv', `symbol,date,open,high,low,close,volume\n${rows.join('')}`)
  expect(await run(['--store', 'own', 'import', 'bars.csv', '--timeframe', '1d'])).toMatchObject({ code: 0 })
  const files = []
  for (const name of ['三菱', '丸紅']) files.push((await run(['--store', 'own', 'chart', name, '--format', 'json'])).out)
  expect(files).toEqual(['三菱-1d.vl.json\n', '丸紅-1d.vl.json\n'])
})

describe('a chart as a page', () => {
  it('holds all that it needs and says what it shows', async () => {
    expect(await dgas('chart', '--run', 'latest', '--format', 'html')).toMatchObject({ code: 0, out: `${store.run}-equity.html\n` })
    const page = readFileSync(`${store.run}-equity.html`, 'utf8')
    expect(page).not.toMatch(/^<(?:script|link|img)[^>]*(?:src|href)=/m)
    expect(page).toContain('aria-label="pldot_cross: equity and drawdown. run')
    expect(page).toContain('Drag over the strip')
    expect(page.length).toBeLessThan(700_000)
  })

  it('as Vega-Lite is called so', async () => {
    expect((await dgas('chart', '--run', 'latest', '--format', 'json')).out).toBe(`${store.run}-equity.vl.json\n`)
  })

  it('of a run is among those that the help lists', async () => {
    const { out } = await dgas('chart', '--help')
    for (const { name } of runCharts) expect(out).toContain(name)
  })
})
