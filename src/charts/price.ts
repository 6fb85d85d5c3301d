import { count, counted } from '../format.js'
import { barTicks, isDaily } from './bar-axis.js'
import { barScale } from './bar-scale.js'
import { chartFrame, type ChartOptions, type Frame, type Layer, type RunNote, type Spec } from './frame.js'
import { legendColors, type LegendEntries } from './legend.js'
import { stripRange, wholeView } from './panel.js'
import { candleLayers, dotLayers, envelopeLayers, volumeLayer, type PricePen } from './price-layers.js'
import { candles, type Candle, type PriceBar } from './price-rows.js'
import { outcomes, placedTrades, type PlacedTrade, type PriceTrade } from './price-trades.js'
import { dateRange, milliseconds } from './times.js'
import { tradeDatasets, tradeLayers } from './trade-layers.js'

/** What a price chart shows. */
export interface PriceChart {
  symbol: string
  timeframe: string
  /** The bars of one symbol in the order of time. */
  bars: readonly PriceBar[]
  /** Trades of the symbol in `run`; those outside the bars are left out. Default none. */
  trades?: readonly PriceTrade[]
  /** The run whose trades are shown. */
  run?: RunNote
  options?: ChartOptions
}

const priceStrip = { top: 0, bottom: 0.8 }
const volumeStrip = { top: 0.85, bottom: 1 }

/**
 * Returns a symbol's bars as candles with the envelope as a band, the PLdot on the bars that it was projected for, the
 * volume, and trades. Bars stand side by side: nights and weekends take no room. More bars than pixels are merged.
 * Throws a `DgasError` when there is no bar.
 */
export function priceChart({ symbol, timeframe, bars, trades = [], run, options }: PriceChart): Spec {
  const frame = chartFrame(options)
  const rows = candles(bars, frame.plotWidth)
  const placed = placedTrades(trades, rows, milliseconds(bars[bars.length - 1].closed_at))
  const shown = shownParts(rows, placed)
  const pen = pricePen(frame, rows, shown)
  const tradeRows = tradeDatasets(placed, rows, pen.step)
  const prices: Layer = {
    data: { name: 'candles' },
    layer: [
      ...(shown.has('envelope') ? envelopeLayers(pen) : []),
      ...candleLayers(pen),
      ...(shown.has('PLdot') ? dotLayers(pen) : []),
      ...tradeLayers(pen, tradeRows),
    ],
  }
  return frame.spec({
    title: `${symbol} ${timeframe}: price with PLdot and envelope`,
    subtitle: [
      [rangeNote(bars), barsNote(bars, rows)],
      run === undefined ? [] : [run.strategy, `run ${run.run_id}`, tradesNote(placed)],
    ],
    datasets: { candles: rows, ...tradeRows },
    params: pen.scale.params,
    layer: [pen.scale.grid, prices, ...(shown.has('volume') ? [volumeLayer(pen, volumeStrip)] : [])],
    resolve: { scale: { y: 'independent' } },
  })
}

/** Returns the names of what there is to draw. */
function shownParts(rows: readonly Candle[], trades: readonly PlacedTrade[]): ReadonlySet<string> {
  const parts = new Set<string>(['rising bar', 'falling bar', ...trades.map(({ outcome }) => outcome)])
  if (rows.some(({ pldot }) => pldot !== null)) parts.add('PLdot')
  if (rows.some(({ envelope_top }) => envelope_top !== null)) parts.add('envelope')
  if (rows.some(({ volume }) => volume !== null && volume > 0)) parts.add('volume')
  return parts
}

function pricePen(frame: Frame, rows: readonly Candle[], shown: ReadonlySet<string>): PricePen {
  const ticks = barTicks(rows, frame.labels)
  const range = stripRange(shown.has('volume') ? priceStrip : wholeView)
  return {
    palette: frame.palette,
    scale: barScale(ticks, rows.length, isDaily(rows) ? 'Session' : 'Opening of the bar (UTC)', frame.palette.grid),
    step: frame.plotWidth / (rows.length + 1),
    y: (field) => ({
      field,
      type: 'quantitative',
      axis: { orient: 'right', title: 'Price' },
      scale: { zero: false, nice: false, padding: 8, range },
    }),
    colors: legendColors(legendEntries(frame, shown)),
  }
}

function legendEntries({ palette }: Frame, shown: ReadonlySet<string>): LegendEntries {
  const entries: LegendEntries = [
    ['rising bar', palette.up],
    ['falling bar', palette.down],
    ['PLdot', palette.ink],
    ['envelope', palette.band],
    [outcomes[0], palette.win],
    [outcomes[1], palette.loss],
  ]
  return entries.filter(([name]) => shown.has(name))
}

function rangeNote(bars: readonly PriceBar[]): string {
  const [first, last] = [bars[0], bars[bars.length - 1]]
  return dateRange(milliseconds(first.session_date), milliseconds(last.session_date))
}

function barsNote(bars: readonly PriceBar[], rows: readonly Candle[]): string {
  const all = counted(bars.length, 'bar')
  return rows.length === bars.length ? all : `${all} drawn as ${count(rows.length)} candles of ${rows[0].bars}`
}

function tradesNote(trades: readonly PlacedTrade[]): string {
  if (trades.length === 0) return 'no trade in this range'
  return `${counted(trades.length, 'trade')}, ${trades.filter(({ outcome }) => outcome === outcomes[0]).length} won`
}
