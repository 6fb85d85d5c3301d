import { sessionTicks } from './ticks.js'
import { isDark } from './view.js'

/**
 * @typedef {{ at: number, until: number, session: string, open: number, high: number, low: number, close: number }} Candle
 * @typedef {{ side: string, entry_at: number, entry_price: number, exit_at: number, exit_price: number, net_profit: number,
 *   entry: string, exit: string, why_out: string }} TradeMark
 */

/**
 * Returns the chart of a symbol: its candles, and each trade as a line from entry to exit with a triangle at its entry.
 * @param {Candle[]} candles in the order of time @param {TradeMark[]} trades @param {import('./view.js').Palettes} palettes
 * @param {any} config @param {{ width: number, height: number }} size
 */
export function symbolSpec(candles, trades, palettes, config, { width, height }) {
  const palette = palettes[isDark() ? 'dark' : 'light']
  const rows = candles.map((candle, i) => ({ ...candle, i, direction: candle.close < candle.open ? 'fell' : 'rose' }))
  const placed = trades.map((trade) => ({
    ...trade, start: placeIn(candles, trade.entry_at), end: placeIn(candles, trade.exit_at), outcome: trade.net_profit > 0 ? 'won' : 'lost',
  })).filter(({ start, end }) => start !== null && end !== null)
  const ticks = sessionTicks(rows, width / 90)
  const step = width / Math.max(1, rows.length)
  // markers that would hide the candles and each other are small
  const room = width / Math.max(1, placed.length)
  const x = { type: 'quantitative', axis: axisOf(ticks), scale: { domain: [-1, rows.length], nice: false, zero: false } }
  const y = { type: 'quantitative', scale: { zero: false }, axis: { title: 'Price', orient: 'right' } }
  const colour = (/** @type {string} */ field, /** @type {string[]} */ domain, /** @type {string[]} */ range) => {
    return { field, type: 'nominal', scale: { domain, range }, legend: { title: null } }
  }
  const direction = colour('direction', ['rose', 'fell'], [palette.up, palette.down])
  const outcome = colour('outcome', ['won', 'lost'], [palette.win, palette.loss])
  return {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json', width, height, padding: 4, background: 'transparent',
    autosize: { type: 'fit', contains: 'padding' }, config, resolve: { scale: { color: 'independent' } },
    datasets: { candles: rows, trades: placed },
    params: [{ name: 'barLabels', value: Object.fromEntries(ticks.map(({ i, label }) => [i, label])) }],
    layer: [
      { data: { values: ticks.map(({ i }) => ({ i })) }, mark: { type: 'rule', color: palette.grid }, encoding: { x: { ...x, field: 'i' } } },
      {
        data: { name: 'candles' },
        encoding: { x: { ...x, field: 'i' }, color: direction, tooltip: tooltipOf(['session', 'open', 'high', 'low', 'close']) },
        layer: [
          { mark: { type: 'rule' }, encoding: { y: { ...y, field: 'low' }, y2: { field: 'high' } } },
          { mark: { type: 'bar', size: Math.max(1, Math.min(11, step * 0.7)) }, encoding: { y: { ...y, field: 'open' }, y2: { field: 'close' } } },
        ],
      },
      {
        data: { name: 'trades' }, mark: { type: 'rule', strokeWidth: step < 4 ? 1 : 1.8 },
        encoding: {
          x: { ...x, field: 'start' }, x2: { field: 'end' }, y: { ...y, field: 'entry_price' }, y2: { field: 'exit_price' },
          color: { ...outcome, legend: null },
        },
      },
      {
        data: { name: 'trades' },
        mark: { type: 'point', filled: true, opacity: 1, stroke: palette.background, strokeWidth: 0.6, size: Math.max(12, Math.min(90, room * 5)) },
        encoding: {
          x: { ...x, field: 'start' }, y: { ...y, field: 'entry_price' }, color: outcome,
          shape: { field: 'side', type: 'nominal', scale: { domain: ['long', 'short'], range: ['triangle-up', 'triangle-down'] }, legend: null },
          tooltip: tooltipOf(['side', 'entry', 'entry_price', 'exit', 'exit_price', 'net_profit', 'why_out']),
        },
      },
    ],
  }
}

/** @param {{ i: number }[]} ticks */
function axisOf(ticks) {
  return { title: null, values: ticks.map(({ i }) => i), labelExpr: 'barLabels[datum.value]', labelOverlap: false, labelFlush: false }
}

/** @param {string[]} fields */
function tooltipOf(fields) {
  const numbers = ['open', 'high', 'low', 'close', 'entry_price', 'exit_price', 'net_profit']
  return fields.map((field) => ({
    field, title: field.replaceAll('_', ' '), ...(numbers.includes(field) ? { type: 'quantitative', format: ',.2f' } : { type: 'nominal' }),
  }))
}

/** Returns where an instant lies on the axis of candles: beside the middle of its candle by its time; null outside. @param {Candle[]} candles @param {number} at */
function placeIn(candles, at) {
  if (candles.length === 0 || at < candles[0].at || at > candles[candles.length - 1].until) return null
  let [low, high] = [0, candles.length - 1]
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if (candles[middle].at <= at) low = middle
    else high = middle - 1
  }
  const { at: start, until } = candles[low]
  return low + Math.min(0.45, ((at - start) / Math.max(1, until - start)) * 0.9 - 0.45)
}
