import { readRecord } from '../backtest/read-record.js'
import { readRunReport } from '../backtest/read-report.js'
import type { ChartOptions, RunNote, Spec } from '../charts/frame.js'
import type { PartChoice } from '../charts/price-parts.js'
import type { PriceTrade } from '../charts/price-trades.js'
import { columnsOfParts, usualParts } from '../charts/plotted.js'
import { priceChart } from '../charts/price.js'
import { renderChart } from '../charts/render.js'
import { nothingToDraw, runChartNamed, runCharts, type RunChartOptions } from '../charts/run-charts.js'
import type { Database } from '../database/database.js'
import { geometry, type GeometrySpec } from '../models/parameters.js'
import { createChartRelations } from '../query/chart-relations.js'
import { drawnGeometry } from '../query/drawn-geometry.js'
import { readGeometry } from '../query/geometry-rows.js'
import { readTrades } from '../query/run-rows.js'
import { findRun } from '../store/runs.js'
import { rangeText, sessionRange } from '../store/session-range.js'
import { runsFolder, storedTimeframes } from '../store/store.js'
import { parseTimeframe } from '../store/timeframe.js'
import { withDatabase, type OpenStore } from './store.js'

/** What a price chart shows; the geometry is that of the run, if there is one, as far as it is not chosen. */
export interface PriceChoice extends ChartOptions, GeometrySpec, Pick<PartChoice, 'parts' | 'lines' | 'patterns'> {
  symbol: string
  /** Default `30m`, or the finest that the store has. */
  timeframe?: string
  /** First session, as `2026-02-01`. Default: the first. */
  from?: string
  /** Last session. Default: the last. */
  to?: string
  /** The last bars of the range. Default: 120 without `from`, else all. */
  bars?: number
  /** Higher timeframes, nearest first, for the parts of two timeframes. Default: those of the run, or the usual ones. */
  higher?: readonly string[]
  /** The run whose trades are shown, `latest` for the newest one. Default: none. */
  run?: string
}

/** Returns a symbol's bars with the chosen parts of the geometry. Throws a `DgasError` for an unknown symbol or run. */
async function price(store: OpenStore, choice: PriceChoice): Promise<Spec> {
  const { symbol, from, to, run, parts = usualParts, lines, patterns, width, height, theme } = choice
  const timeframe = parseTimeframe(choice.timeframe ?? usualTimeframe(store))
  const last = choice.bars ?? (from === undefined ? 120 : null)
  geometry(choice)
  const reading = columnsOfParts(parts)
  const chosen = { timeframe, ...reading, geometry: choice, higher: choice.higher }
  const drawn = drawnGeometry(chosen, run === undefined ? null : readRecord(findRun(runsFolder(store), run)))
  const higher = drawn.higher.at(0)?.name
  return withDatabase(store, async (database) => {
    const selection = { symbol, timeframe, ...sessionRange(from, to), last, ...drawn, ...reading }
    const bars = await readGeometry(database, store, selection)
    const overlay = run === undefined ? {} : await readOverlay(database, store, run, symbol)
    const options = { width, height, theme }
    return priceChart({ symbol, timeframe: timeframe.name, bars, parts, lines, patterns, higher, notes: drawn.notes, ...overlay, options })
  })
}

/**
 * Returns one of the charts of a run, by its name: `equity`, or another one of `charts.names`. Throws a `DgasError` for an unknown name
 * or run, for a run that is not complete, and when there is nothing to draw.
 */
async function ofRun(store: OpenStore, name: string, run = 'latest', options: RunChartOptions = {}): Promise<Spec> {
  const chart = runChartNamed(name)
  return withDatabase(store, async (database) => {
    const found = findRun(runsFolder(store), run)
    await readRunReport(database, found)
    await createChartRelations(database, store, [found])
    const spec = await chart.draw(database, found.id, options)
    if (spec === null) throw nothingToDraw(chart, found, rangeText(sessionRange(options.from, options.to)))
    return spec
  })
}

/** Returns the equity of a run above its drawdown; throws as `ofRun` does. */
async function equity(store: OpenStore, run = 'latest', options: RunChartOptions = {}): Promise<Spec> {
  return ofRun(store, 'equity', run, options)
}

/** Charts of a store as Vega-Lite specifications with their data, and their rendering. */
export const charts = { price, equity, ofRun, names: runCharts.map(({ name }) => name), render: renderChart }

function usualTimeframe(store: OpenStore): string {
  const stored = storedTimeframes(store)
  return stored.includes('30m') ? '30m' : stored[0]
}

async function readOverlay(
  database: Database,
  store: OpenStore,
  id: string,
  symbol: string,
): Promise<{ trades: PriceTrade[]; run: RunNote }> {
  const run = findRun(runsFolder(store), id)
  const { record } = await readRunReport(database, run)
  return { trades: await readTrades(database, run, symbol), run: record }
}
