import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import Ajv from 'ajv'
import { compile } from 'vega-lite'
import { describe, expect, it } from 'vitest'
import { equityChart } from '../../src/charts/equity.js'
import type { Spec } from '../../src/charts/frame.js'
import { columnsOf, priceParts } from '../../src/charts/plotted.js'
import { priceChart } from '../../src/charts/price.js'
import type { PriceBar } from '../../src/charts/price-rows.js'
import { renderChart, toPng, toSvg, toVegaLiteJson } from '../../src/charts/render.js'
import { palettes } from '../../src/charts/theme.js'
import { equityRows, marketBars, marketTrades, testRun } from './market.js'
import { countMarks } from './specs.js'

const bars = marketBars(120)
const many = marketBars(1500)
const bare = bars.map(({ bar_at, closed_at, session_date, open, high, low, close }) => {
  return { bar_at, closed_at, session_date, open, high, low, close }
})
const rows = equityRows(125)
const price = { symbol: 'TEST', timeframe: '30m', bars }
const equity = { run: testRun, accounts: 517, capital: 100_000, rows }

const charts: [name: string, spec: Spec][] = [
  ['bars', priceChart(price)],
  ['one bar', priceChart({ ...price, bars: bars.slice(0, 1) })],
  ['bars without volume and geometry', priceChart({ ...price, bars: bare })],
  ['trades', priceChart({ ...price, trades: marketTrades(bars), run: testRun })],
  ['many trades', priceChart({ ...price, bars: many, trades: marketTrades(many), run: testRun })],
  ['dark', priceChart({ ...price, options: { theme: 'dark' } })],
  ['all parts', priceChart({ ...price, bars: bars.map(withParts), parts: priceParts, higher: '1d', options: { height: 700 } })],
  ['equity', equityChart(equity)],
  ['equity of one session', equityChart({ ...equity, rows: rows.slice(0, 1) })],
  ['equity that never moved', equityChart({ ...equity, rows: rows.map((row) => ({ ...row, equity: 100_000 })) })],
]

describe.each(charts)('the specification of %s', (_, spec) => {
  it('is valid by the schema of Vega-Lite', () => {
    expect(schemaErrors(spec)).toEqual([])
  })

  it('compiles without a warning and is not changed by it', () => {
    const before = JSON.stringify(spec)
    expect(warnings(spec)).toEqual([])
    expect(JSON.stringify(spec)).toBe(before)
  })

  it('holds all of its data and asks for nothing from outside', () => {
    const { $schema, ...rest } = JSON.parse(toVegaLiteJson(spec)) as { $schema: string }
    expect($schema).toBe('https://vega.github.io/schema/vega-lite/v6.json')
    expect(JSON.stringify(rest)).not.toMatch(/https?:|"url"/)
  })

  it('draws numbers only, in a picture of 1200 by 700', async () => {
    const svg = await toSvg(spec)
    expect(svg).not.toMatch(/NaN|undefined|Infinity/)
    expect(svg).toMatch(/^<svg [^>]*width="1200" height="700"/)
  })
})

describe('the picture of', () => {
  it('bars has a wick, a body and a volume of each, and a dot of each that has a PLdot', async () => {
    const svg = await toSvg(priceChart(price))
    expect(countMarks(svg, 'rect')).toBe(2 * bars.length)
    expect(countMarks(svg, 'symbol')).toBe(bars.filter(({ pldot }) => pldot !== null).length)
    expect(countMarks(svg, 'area')).toBe(1)
  })

  it('trades has two markers and a line of each, in the colours of profit and loss', async () => {
    const trades = marketTrades(bars)
    const [without, svg] = [await toSvg(priceChart(price)), await toSvg(priceChart({ ...price, trades, run: testRun }))]
    expect(countMarks(svg, 'symbol') - countMarks(without, 'symbol')).toBe(2 * trades.length)
    const levels = trades.reduce((count, { target_price }) => count + (target_price === null ? 1 : 2), 0)
    expect(countMarks(svg, 'rule') - countMarks(without, 'rule')).toBe(trades.length + levels)
    for (const color of [palettes.light.win, palettes.light.loss]) {
      expect(svg).toContain(color)
      expect(without).not.toContain(color)
    }
  })

  it('equity names the deepest drawdown below its curve', async () => {
    const svg = await toSvg(equityChart(equity))
    expect(svg).toMatch(/>-\d+\.\d\d % on 2026-\d\d-\d\d</)
    expect(countMarks(svg, 'line')).toBe(3)
    expect(countMarks(svg, 'area')).toBe(1)
  })

  it('a chart has a legend of what it draws, in the colours in which it is drawn', async () => {
    const { up, down, ink, band, loss, series } = palettes.light
    expect(legendFills(await toSvg(priceChart(price)))).toEqual([up, down, ink, band])
    const equitySvg = await toSvg(equityChart(equity))
    expect(legendFills(equitySvg)).toEqual([series[0], band, ink, loss])
    expect(legendSymbols(equitySvg).map((symbol) => symbol.includes('stroke-dasharray'))).toEqual([false, false, true, false])
    const [trade] = marketTrades(bars)
    const trades = [{ ...trade, net_profit: -1, target_price: null }]
    const svg = await toSvg(priceChart({ ...price, trades, run: testRun }))
    const bareLegend = ['rising bar', 'falling bar', 'PLdot', 'envelope']
    expect(legendLabels(svg)).toEqual([...bareLegend, 'losing trade', 'stop', 'long entry', 'exit'])
  })

  it('a chart as PNG has its signature and size, and is drawn rather than blank', async () => {
    const png = Buffer.from(await toPng(priceChart(price)))
    expect(png.subarray(0, 8).toString('hex')).toBe('89504e470d0a1a0a')
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([1200, 700])
    expect(png.length).toBeGreaterThan(20_000)
  })

  it('a chart is the same each time', async () => {
    expect(await renderChart(priceChart(price), 'svg')).toBe(await renderChart(priceChart(price), 'svg'))
  })
})

function legendLabels(svg: string): string[] {
  const groups = svg.match(/<g class="mark-text role-legend-label[^>]*>.*?<\/g>/gs) ?? []
  return groups.flatMap((group) => [...group.matchAll(/>([^<]+)<\/text>/g)].map((match) => match[1]))
}

/** The symbols in all legends. */
function legendSymbols(svg: string): string[] {
  return svg.match(/<g class="mark-symbol role-legend-symbol[^>]*>.*?<\/g>/gs) ?? []
}

function legendFills(svg: string): string[] {
  return legendSymbols(svg).flatMap((group) => [...group.matchAll(/ fill="([^"]*)"/g)].map((match) => match[1]))
}

const require = createRequire(import.meta.url)
const schema = JSON.parse(readFileSync(require.resolve('vega-lite/vega-lite-schema.json'), 'utf8')) as object
const isValid = new Ajv({ unknownFormats: ['color-hex'] }).compile(schema)

function schemaErrors(spec: Spec): string[] {
  void isValid(JSON.parse(toVegaLiteJson(spec)))
  return (isValid.errors ?? []).map(({ dataPath, message }) => `${dataPath} ${message ?? ''}`)
}

function warnings(spec: Spec): unknown[] {
  const seen: unknown[] = []
  const note = (...args: unknown[]) => {
    seen.push(...args)
    return logger
  }
  const silent = () => logger
  const logger = { level: () => logger, error: note, warn: note, info: silent, debug: silent }
  compile(spec, { logger: logger })
  return seen
}

/** A bar with a value in every column that a part is drawn from. */
function withParts(bar: PriceBar, i: number): PriceBar {
  const columns = priceParts.flatMap(columnsOf)
  const prices = columns.map((name, at) => [name, bar.close * (1 + (at - columns.length / 2) * 0.001)])
  const [isUp, sign] = [i % 7 < 4, i % 7 < 4 ? 1 : -1]
  const states = {
    side: sign, run: i % 7 === 3 ? 0 : sign, direction: sign, market_direction: sign, trade_direction: sign, pldot_slope: sign,
    bar_state: isUp ? 'trend_run' : 'action', run_grade: isUp ? 'intact' : 'slowing', market_state: isUp ? 'trend' : 'reversal',
    dot_momentum: isUp ? 'increasing' : 'decelerating', recommended_action: isUp ? 'long' : 'wait', risk_level: isUp ? 'low' : 'high',
  }
  const scores = { alignment_score: (i % 10) / 10, higher_strength: 0.4, signal_strength: (i % 5) / 5, is_trade_permitted: isUp }
  const patterns = { push: sign, refresh: 0, c_wave: isUp ? 3 : 0, oscillation_bars: i % 6, termination_lines: isUp ? 'line_5_9_up' : '' }
  return { ...bar, plotted: { ...Object.fromEntries(prices), ...states, ...scores, ...patterns } as PriceBar['plotted'] }
}
