import { readRunReport } from '../backtest/read-report.js'
import { runCharts } from '../charts/run-charts.js'
import { readCurve } from '../charts/run/curve.js'
import { readRunFacts } from '../charts/run/facts.js'
import { palettes, themeConfig } from '../charts/theme.js'
import type { Database } from '../database/database.js'
import { createChartRelations } from '../query/chart-relations.js'
import { readCandles } from '../query/report-candles.js'
import { readDeclined, readSymbolNames, readTradeTable } from '../query/report-rows.js'
import { compressed, packCandles, packDeclined, packTrades } from '../report/page-data.js'
import { reportPage } from '../report/html/page.js'
import type { FullReport } from '../report/record.js'
import { reproducingCommand } from '../report/reproduce.js'
import type { Store } from '../store/layout.js'
import type { RunFolder } from '../store/runs.js'

/** Most characters of the page that trades take; a trade takes about twenty. */
const tradesRoom = 3_200_000
const declinedLimit = 5000

/** Returns the report of a run as one page. `storeName` is the store as the user named it, null for the default one. */
export async function htmlReport(database: Database, store: Store, run: RunFolder, storeName: string | null): Promise<string> {
  const report = await readRunReport(database, run)
  await createChartRelations(database, store, [run])
  const trades = await packedTrades(database, run)
  const declined = packDeclined(await readDeclined(database, run, declinedLimit))
  const data = await compressed({
    ...await readPrices(database, store, report),
    declined,
    holdsAllTrades: trades.length >= report.record.trades,
    curve: await equityCurve(database, run),
    symbols: await symbolRows(database, store, report),
    charts: await drawnCharts(database, run),
    palettes,
    config: themeConfig(palettes.light),
  })
  return reportPage({
    report,
    data: { run: data, trades: trades.text },
    held: { trades: trades.length, declined: declined.length },
    command: reproducingCommand(report.record, storeName),
  })
}

/** The trades that the page has room for, the last ones when there are too many. */
async function packedTrades(database: Database, run: RunFolder, limit = 250_000): Promise<{ text: string; length: number }> {
  const table = packTrades(await readTradeTable(database, run, limit))
  const text = await compressed(table)
  if (text.length <= tradesRoom) return { text, length: table.length }
  return packedTrades(database, run, Math.floor((table.length * tradesRoom * 0.97) / text.length))
}

async function readPrices(database: Database, store: Store, { record, symbols }: FullReport) {
  const names = symbols.filter(({ outcome }) => outcome === 'completed').map(({ symbol }) => symbol)
  const { timeframe, first_session: first, last_session: last } = record
  if (first === null || last === null) return { prices: { length: 0, columns: {} }, candleNote: '' }
  const { columns, candle } = await readCandles(database, store, { symbols: names, timeframe, first, last })
  return { prices: packCandles({ columns, texts: { symbol: names } }), candleNote: `A candle is one ${candle}.` }
}

/** Equity of all accounts together at the close of each session, and before the first. */
async function equityCurve(database: Database, run: RunFolder) {
  const curve = await readCurve(database, await readRunFacts(database, run.id), {})
  const rows = curve?.rows ?? []
  return {
    sessions: rows.map(({ session_date }) => new Date(session_date).toISOString().slice(0, 10)),
    equity: rows.map(({ equity }) => Math.round(equity * 100) / 100),
    capital: curve?.start ?? null,
  }
}

/** The symbols that were simulated to their end, with their names and sectors. */
async function symbolRows(database: Database, store: Store, { symbols }: FullReport) {
  const named = await readSymbolNames(database, store)
  return symbols.filter(({ outcome }) => outcome === 'completed').map(({ outcome: _outcome, reason: _reason, ...row }) => {
    return { name: null, sector: null, ...named.get(row.symbol), ...row }
  })
}

async function drawnCharts(database: Database, run: RunFolder) {
  const drawn = []
  for (const { name, title, description, draw } of runCharts) {
    const spec = await draw(database, run.id)
    if (spec !== null) drawn.push({ name, title, description, spec })
  }
  return drawn
}
