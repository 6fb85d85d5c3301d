import { count, counted } from '../format.js'
import { chartFrame, usualHeight, type ChartOptions, type Frame, type Layer, type RunNote, type Spec } from './frame.js'
import type { LegendEntries } from './legend.js'
import { labelLayers } from './next-labels.js'
import { placedBars, type Overlay } from './overlay.js'
import { partsTitle, usualParts, type PricePart } from './plotted.js'
import { barTooltip, candleLayers, dotLayers, envelopeLayers, volumeLayer } from './price-layers.js'
import { priceOverlays, stripOverlays, type Named, type PartChoice } from './price-parts.js'
import { pricePen, spreadLabels } from './price-pen.js'
import { candles, type Candle, type PriceBar } from './price-rows.js'
import { outcomes, placedTrades, type PlacedTrade, type PriceTrade } from './price-trades.js'
import { hoverLayer } from './session-scale.js'
import { textWidth, wrapped } from './text-width.js'
import { titleSize } from './theme.js'
import { heightWith, priceStrips, stripTitle } from './strips.js'
import { dateRange, milliseconds } from './times.js'
import { tradeDatasets, tradeLayers, tradeLegendWidth } from './trade-layers.js'
import { zoomable } from './zoom.js'

/** What a price chart shows. */
export interface PriceChart extends PartChoice {
  symbol: string
  timeframe: string
  /** The bars of one symbol in the order of time. */
  bars: readonly PriceBar[]
  /** Trades of the symbol in `run`; those outside the bars are left out. Default none. */
  trades?: readonly PriceTrade[]
  /** The run whose trades are shown. */
  run?: RunNote
  /** What is to be said of the geometry. */
  notes?: readonly string[]
  options?: ChartOptions
}

/**
 * Returns a symbol's bars as candles with the chosen parts of the geometry, the PLdot and the envelope on the bars that they
 * were projected for, the volume, and trades. Bars stand side by side: nights and weekends take no room. More bars than
 * pixels are merged. Throws a `DgasError` when there is no bar.
 */
export function priceChart(chart: PriceChart): Spec {
  const { bars, trades = [], options, parts = usualParts } = chart
  const { palette, plotWidth } = chartFrame(options)
  const rows = candles(bars, plotWidth)
  const placed = placedTrades(trades, rows, milliseconds(bars[bars.length - 1].closed_at))
  const shown = shownParts(rows, placed, parts)
  const source = { bars: placedBars(bars, rows), palette, isWhole: rows.length === bars.length }
  const overlays = priceOverlays(source, chart).filter(isDrawn)
  const below = stripOverlays(source, chart).filter(isDrawn)
  const frame = chartFrame({ ...options, height: options?.height ?? heightWith(below, usualHeight) })
  const strips = priceStrips(below, shown.has('volume'))
  const legend = joinedLegend([...legendEntries(frame, shown), ...[...overlays, ...below].flatMap((part) => part.legend)])
  const besideLegend = tradeLegendWidth(placed, rows, frame.plotWidth)
  const penSource = {
    frame, rows, besideLegend, legend, price: strips.price, labels: overlays.flatMap(({ labels }) => labels), drawn: pricesOf(overlays),
    isAhead: overlays.some(({ isAhead }) => isAhead),
  }
  const pen = pricePen(penSource)
  const labels = spreadLabels(penSource)
  const tradeRows = tradeDatasets(placed, rows, pen.step)
  const prices: Layer[] = [
    ...(shown.has('envelope') ? envelopeLayers(pen) : []),
    ...overlays.flatMap(({ layers }) => layers(pen)),
    ...candleLayers(pen),
    ...(shown.has('PLdot') ? dotLayers(pen) : []),
    ...tradeLayers(pen, tradeRows),
    ...(labels.length === 0 ? [] : labelLayers(pen, rows.length - 1)),
  ]
  const more = [...overlays, ...below].flatMap(({ datasets }) => Object.entries(datasets))
  return frame.spec({
    ...titlesOf(chart, { rows, trades: placed, frame, drawn: drawnParts(shown, [...overlays, ...below]) }),
    datasets: { candles: rows, ...tradeRows, ...Object.fromEntries(more), ...(labels.length === 0 ? {} : { labels }) },
    params: pen.scale.params,
    layer: zoomable([
      pen.scale.grid(frame.palette),
      { data: { name: 'candles' }, ...hoverLayer(frame, pen.scale, rows.length, barTooltip) },
      { data: { name: 'candles' }, layer: prices },
      ...below.flatMap((part, at) => [...part.layers(pen, strips.overlays[at]), stripTitle(pen, part, strips.overlays[at])]),
      ...(strips.volume === null ? [] : [volumeLayer(pen, strips.volume)]),
    ]),
    resolve: { scale: { y: 'independent' } },
  })
}

const priceFields = new Set(['low', 'high', 'top', 'bottom', 'dot', 'dotted', 'block', 'price', 'first'])

/** The prices at which overlays draw. */
function pricesOf(overlays: readonly Overlay[]): number[] {
  const rows = overlays.flatMap(({ datasets }) => Object.values(datasets).flat())
  const values = rows.flatMap((row) => Object.entries(row).flatMap(([name, value]) => (priceFields.has(name) ? [value as unknown] : [])))
  return values.filter((value) => typeof value === 'number')
}

/** Whether there is anything of an overlay. */
function isDrawn({ legend }: Pick<Overlay, 'legend'>): boolean {
  return legend.length > 0
}

/** Returns the names of what there is to draw, other than overlays. */
function shownParts(
  rows: readonly Candle[],
  trades: readonly PlacedTrade[],
  parts: readonly PricePart[],
): ReadonlySet<string> {
  const shown = new Set<string>([...rows.map(({ direction }) => direction), ...trades.map(({ outcome }) => outcome)])
  if (parts.includes('dot') && rows.some(({ pldot }) => pldot !== null)) shown.add('PLdot')
  if (parts.includes('envelope') && rows.some(({ envelope_top }) => envelope_top !== null)) shown.add('envelope')
  if (rows.some(({ volume }) => volume !== null && volume > 0)) shown.add('volume')
  return shown
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

/** A name that two parts share is shown once. */
function joinedLegend(entries: LegendEntries): LegendEntries {
  return [...new Map(entries.map((entry) => [entry[0], entry])).values()]
}

/** Returns the parts of which there is something to draw. */
function drawnParts(shown: ReadonlySet<string>, overlays: readonly Named<Pick<Overlay, 'legend'>>[]): ReadonlySet<PricePart> {
  const drawn = new Set(overlays.map(({ part }) => part))
  if (shown.has('PLdot')) drawn.add('dot')
  if (shown.has('envelope')) drawn.add('envelope')
  return drawn
}

interface Drawing {
  rows: readonly Candle[]
  trades: readonly PlacedTrade[]
  frame: Frame
  drawn: ReadonlySet<PricePart>
}

function titlesOf(chart: PriceChart, { rows, trades, frame, drawn }: Drawing) {
  const { symbol, timeframe, bars, run, notes = [], parts = usualParts, higher } = chart
  const about = `${symbol} ${timeframe}: price`
  const title = partsTitle(parts.filter((part) => drawn.has(part)), higher)
  const missing = partsTitle(parts.filter((part) => !drawn.has(part)), higher)
  const whole = title === '' ? about : `${about} with ${title}`
  const isLong = textWidth(whole, titleSize) > frame.plotWidth
  return {
    title: isLong ? about : whole,
    subtitle: [
      ...(isLong ? wrapped(`with ${title}`, frame.plotWidth) : []).map((line) => [line]),
      [rangeNote(bars), barsNote(bars, rows)],
      ...(missing === '' ? [] : wrapped(`nothing to draw of ${missing}${whyNot(chart, rows, drawn)}`, frame.plotWidth)).map((line) => [line]),
      notes,
      run === undefined ? [] : [run.strategy, `run ${run.run_id}`, tradesNote(trades)],
    ],
  }
}

/** Touched lines are those of the bar before: candles of several bars have none. */
function whyNot({ bars, parts = usualParts }: PriceChart, rows: readonly Candle[], drawn: ReadonlySet<PricePart>): string {
  const isMerged = parts.includes('touches') && !drawn.has('touches') && rows.length < bars.length
  return isMerged ? '; touched lines need a candle for each bar: fewer bars or more width' : ''
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
