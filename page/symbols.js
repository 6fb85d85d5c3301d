import { element } from './dom.js'
import { decimal, signed } from './format.js'
import { showTable } from './table.js'

/** @typedef {Record<string, string | number | null> & { symbol: string }} SymbolRow */

/** @type {[name: string, title: string, decimals: number, isSigned: boolean, help: string][]} */
const figures = [
  ['return_pct', 'return %', 2, true, 'Return of the symbol, in per cent of its start capital'],
  ['annual_return_pct', 'CAGR %', 1, true, 'Return a year, compounded'],
  ['annual_volatility_pct', 'volatility %', 1, false, 'Standard deviation of daily returns × √252'],
  ['sharpe_ratio', 'Sharpe', 2, false, 'Mean of daily returns ÷ their standard deviation × √252'],
  ['sortino_ratio', 'Sortino', 2, false, 'As Sharpe, over the downside deviation'],
  ['maximum_drawdown_pct', 'max DD %', 2, false, 'Deepest fall below the highest close so far'],
  ['maximum_drawdown_days', 'DD days', 0, false, 'Days that it lasted'],
  ['net_profit', 'net profit', 0, true, 'Sum of the net profits of its trades'],
  ['trades', 'trades', 0, false, 'Number of trades'],
  ['win_rate_pct', 'win %', 1, false, 'Share of trades with a profit'],
  ['profit_factor', 'PF', 2, false, 'Profits ÷ losses'],
  ['exposure_pct', 'exposure %', 1, false, 'Share of bars with a position'],
]

/**
 * Shows the table of symbols and returns the symbols in the order shown.
 * @param {SymbolRow[]} symbols @param {(symbol: string) => void} open
 */
export function showSymbols(symbols, open) {
  const most = Math.max(...symbols.map(({ return_pct }) => Math.abs(Number(return_pct ?? 0))), 1e-9)
  const hasNames = symbols.some(({ name }) => name !== null)
  const hasSectors = symbols.some(({ sector }) => sector !== null)
  const text = (/** @type {string} */ name) => {
    const value = (/** @type {number} */ row) => String(symbols[row][name] ?? '')
    return { name, title: name, isText: true, value, text: value }
  }
  const symbol = text('symbol')
  const link = (/** @type {number} */ row) => {
    return element('button', { type: 'button', class: 'link', click: () => open(symbols[row].symbol) }, symbols[row].symbol)
  }
  const searched = symbols.map((row) => ['symbol', 'name', 'sector'].map((name) => String(row[name] ?? '')).join(' ').toLowerCase())
  const table = showTable('symbol-table', {
    noun: 'symbol', caption: 'Symbols of the run', length: symbols.length, pageSize: 25, file: 'symbols.csv',
    sort: { name: 'return_pct', isDescending: true },
    hint: hasNames || hasSectors ? 'Symbol, name, sector' : 'Symbol',
    matches: (words) => (row) => words.every((word) => searched[row].includes(word)),
    columns: [
      { ...symbol, isHeader: true, cell: link }, ...(hasNames ? [text('name')] : []), ...(hasSectors ? [text('sector')] : []),
      ...figures.map((figure) => numberColumn(symbols, figure, most)),
    ],
  })
  return () => table.rows().map((row) => symbols[row].symbol)
}

/** @param {SymbolRow[]} symbols @param {[string, string, number, boolean, string]} figure @param {number} most @returns {import('./table.js').Column} */
function numberColumn(symbols, [name, title, decimals, isSigned, help], most) {
  const value = (/** @type {number} */ row) => Number(symbols[row][name] ?? NaN)
  const text = (/** @type {number} */ row) => (isSigned ? signed : decimal)(value(row), decimals)
  const bar = (/** @type {number} */ row) => {
    const share = `${((Math.abs(value(row)) / most) * 100).toFixed(1)}%`
    return element('span', { class: 'bar', style: `--share: ${share}` }, text(row))
  }
  return { name, title, help, value, text, ...(isSigned ? { tone: value } : {}), ...(name === 'return_pct' ? { cell: bar } : {}) }
}
