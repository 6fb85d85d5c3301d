import { byId, element } from './dom.js'
import { decimal, instant, signed } from './format.js'
import { symbolSpec } from './symbol-chart.js'
import { showTable } from './table.js'
import { beginningsOf, tradeColumns } from './trades.js'
import { textAt } from './unpack.js'
import { compiled, drawn, inColours, whenColoursChange } from './view.js'

/**
 * @typedef {{ symbols: import('./symbols.js').SymbolRow[], prices: import('./unpack.js').Table, trades: import('./unpack.js').Table,
 *   palettes: import('./view.js').Palettes, config: any, candleNote: string }} SymbolData
 */

/**
 * Prepares the dialog of a symbol and returns the function that opens it; `order` gives the symbols in the order of the table.
 * @param {SymbolData} data @param {import('./range.js').TimeRange} range
 */
export function symbolView(data, range) {
  const dialog = /** @type {HTMLDialogElement} */ (byId('symbol'))
  const [candleRows, tradeRows] = [rowsBySymbol(data.prices), rowsBySymbol(data.trades)]
  let order = () => data.symbols.map(({ symbol }) => symbol)
  let symbol = ''
  /** @type {any} */
  let view = null
  const draw = () => {
    if (!dialog.open) return
    view?.finalize()
    view = drawSymbol(data, range, candleRows.get(symbol) ?? [], tradeRows.get(symbol) ?? [])
  }
  const show = (/** @type {string} */ name) => {
    symbol = name
    fill(data, symbol, tradeRows.get(symbol) ?? [])
    if (!dialog.open) dialog.showModal()
    draw()
  }
  const go = (/** @type {number} */ step) => {
    const symbols = order()
    const place = symbols.indexOf(symbol) + step
    if (place >= 0 && place < symbols.length) show(symbols[place])
  }
  byId('symbol-close').addEventListener('click', () => dialog.close())
  byId('symbol-previous').addEventListener('click', () => go(-1))
  byId('symbol-next').addEventListener('click', () => go(1))
  dialog.addEventListener('click', (event) => event.target === dialog && dialog.close())
  addEventListener('resize', draw)
  whenColoursChange(draw)
  range.follow(draw)
  return { open: show, follow: (/** @type {() => string[]} */ symbols) => void (order = symbols) }
}

/** @param {import('./unpack.js').Table} table @returns {Map<string, number[]>} */
function rowsBySymbol(table) {
  /** @type {Map<string, number[]>} */
  const rows = new Map()
  for (let row = 0; row < table.length; row++) {
    const symbol = textAt(table, 'symbol', row) ?? ''
    const list = rows.get(symbol)
    if (list === undefined) rows.set(symbol, [row])
    else list.push(row)
  }
  return rows
}

/** @param {SymbolData} data @param {string} symbol @param {number[]} rows */
function fill({ symbols, trades, candleNote }, symbol, rows) {
  const row = symbols.find((one) => one.symbol === symbol)
  byId('symbol-title').textContent = symbol
  byId('symbol-name').textContent = [row?.name, row?.sector].filter(Boolean).join(' · ')
  byId('symbol-note').textContent = candleNote
  const number = (/** @type {string} */ name) => Number(row?.[name] ?? NaN)
  const facts = [
    ['return', `${signed(number('return_pct'))} %`], ['Sharpe', decimal(number('sharpe_ratio'))],
    ['maximum drawdown', `${decimal(number('maximum_drawdown_pct'))} %`], ['trades', decimal(number('trades'), 0)],
    ['win rate', `${decimal(number('win_rate_pct'), 1)} %`], ['profit factor', decimal(number('profit_factor'))],
    ['net profit', signed(number('net_profit'), 0)],
  ]
  byId('symbol-facts').replaceChildren(...facts.flatMap(([name, value]) => {
    return [element('div', {}, element('dt', {}, name), element('dd', {}, value))]
  }))
  const columns = tradeColumns(trades, null).map((column) => ({
    ...column, value: (/** @type {number} */ i) => column.value(rows[i]), text: (/** @type {number} */ i) => column.text(rows[i]),
    ...(column.tone === undefined ? {} : { tone: (/** @type {number} */ i) => /** @type {any} */ (column).tone(rows[i]) }),
  }))
  showTable('symbol-trades', {
    noun: 'trade', caption: `Trades of ${symbol}`, length: rows.length, columns, pageSize: 10, file: `trades-${symbol}.csv`,
    sort: { name: 'entry_at', isDescending: false }, hint: 'Side, reason',
    matches: (words) => {
      const fits = beginningsOf(trades, ['side', 'entry_reason', 'exit_reason'], words)
      return (i) => fits(rows[i])
    },
  })
}

/** @param {SymbolData} data @param {import('./range.js').TimeRange} range @param {number[]} candleRows @param {number[]} tradeRows */
function drawSymbol({ prices, trades, palettes, config }, range, candleRows, tradeRows) {
  const [from, to] = range.dates()
  const { number } = prices
  const all = candleRows.map((row) => ({
    at: number.at[row], until: number.until[row], session: new Date(number.session[row] * 86_400_000).toISOString().slice(0, 10),
    open: number.open[row], high: number.high[row], low: number.low[row], close: number.close[row],
  }))
  const candles = range.isWhole() ? all : all.filter(({ session }) => session >= from && session <= to)
  const place = byId('symbol-chart')
  if (candles.length === 0) {
    place.replaceChildren(element('p', {}, 'The store has no bars of this symbol in the chosen range.'))
    return null
  }
  const marks = tradeRows.map((row) => ({
    side: textAt(trades, 'side', row) ?? '', entry_at: trades.number.entry_at[row], entry_price: trades.number.entry_price[row],
    exit_at: trades.number.exit_at[row], exit_price: trades.number.exit_price[row], net_profit: trades.number.net_profit[row],
    entry: instant(trades.number.entry_at[row]), exit: instant(trades.number.exit_at[row]), why_out: textAt(trades, 'exit_reason', row) ?? '',
  }))
  const width = place.clientWidth
  const size = { width, height: Math.max(240, Math.min(420, width * 0.4)) }
  const view = drawn(compiled(symbolSpec(candles, marks, palettes, inColours(config, palettes), size)), place, true)
  place.dataset.drawn = 'true'
  return view
}
