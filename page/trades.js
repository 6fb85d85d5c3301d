import { element } from './dom.js'
import { decimal, instant, signed } from './format.js'
import { showTable } from './table.js'
import { textAt } from './unpack.js'

/** Returns the place of the session in which each trade was entered. @param {import('./unpack.js').Table} trades @param {string[]} sessions */
export function entrySessions({ length, number }, sessions) {
  const days = sessions.map((date) => Date.parse(date))
  const entered = new Int32Array(length)
  for (let row = 0; row < length; row++) {
    let [low, high] = [0, days.length - 1]
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if (days[middle] <= number.entry_at[row]) low = middle
      else high = middle - 1
    }
    entered[row] = low
  }
  return entered
}

/**
 * Returns the columns of a table of trades; `open` is called with the symbol that is chosen.
 * @param {import('./unpack.js').Table} trades @param {((symbol: string) => void) | null} open @returns {import('./table.js').Column[]}
 */
export function tradeColumns(trades, open) {
  const { number } = trades
  const text = (/** @type {string} */ name, /** @type {string} */ title) => {
    const value = (/** @type {number} */ row) => textAt(trades, name, row) ?? ''
    return { name, title, isText: true, value, text: value }
  }
  const time = (/** @type {string} */ name, /** @type {string} */ title) => {
    return { name, title, value: (/** @type {number} */ row) => number[name][row], text: (/** @type {number} */ row) => instant(number[name][row]) }
  }
  const figure = (/** @type {string} */ name, /** @type {string} */ title, decimals = 2, isSigned = false) => {
    const value = (/** @type {number} */ row) => number[name][row]
    const show = (/** @type {number} */ row) => (isSigned ? signed : decimal)(value(row), decimals)
    return { name, title, value, text: show, ...(isSigned ? { tone: value } : {}) }
  }
  const symbol = text('symbol', 'symbol')
  const cell = (/** @type {number} */ row) => {
    return element('button', { type: 'button', class: 'link', click: () => open?.(symbol.value(row)) }, symbol.value(row))
  }
  const prices = Number.isFinite(trades.length) ? decimalsOf(number.entry_price) : 2
  return [
    ...(open === null ? [] : [{ ...symbol, isHeader: true, cell }]),
    text('side', 'side'), time('entry_at', 'entry UTC'), figure('entry_price', 'at', prices), time('exit_at', 'exit UTC'),
    figure('exit_price', 'at', prices), figure('quantity', 'quantity', decimalsOf(number.quantity, 0)),
    figure('net_profit', 'net profit', 2, true), figure('return_pct', 'return %', 2, true),
    ...('r_multiple' in number ? [figure('r_multiple', 'R', 2, true)] : []), figure('bars_held', 'bars', 0),
    figure('adverse_pct', 'MAE %'), figure('favorable_pct', 'MFE %'), text('entry_reason', 'why in'), text('exit_reason', 'why out'),
  ]
}

/** Returns how many decimals numbers have, four at most. @param {Float64Array} values @param {number} [least] */
function decimalsOf(values, least = 2) {
  let found = least
  for (let row = 0; row < values.length && found < 4; row++) {
    while (found < 4 && Math.abs(values[row] * 10 ** found - Math.round(values[row] * 10 ** found)) > 1e-6) found++
  }
  return found
}

/**
 * Returns a test for rows of which each word begins one of the texts.
 * @param {import('./unpack.js').Table} table @param {string[]} names @param {string[]} words
 */
export function beginningsOf({ text }, names, words) {
  const tests = words.map((word) => names.map((name) => {
    const fits = text[name].names.map((value) => ` ${value.toLowerCase()}`.includes(` ${word}`) || value.toLowerCase().includes(`_${word}`))
    return (/** @type {number} */ row) => row < text[name].codes.length && fits[text[name].codes[row]]
  }))
  return (/** @type {number} */ row) => tests.every((columns) => columns.some((fits) => fits(row)))
}

/**
 * Shows the table of trades; those entered outside the chosen range are left out.
 * @param {import('./unpack.js').Table} trades @param {string} caption @param {import('./range.js').TimeRange} range @param {(symbol: string) => void} open
 */
export function showTrades(trades, caption, range, open) {
  const entered = entrySessions(trades, range.sessions)
  const note = () => (range.isWhole() ? '' : `, entered ${range.dates().join(' to ')}`)
  const table = showTable('trade-table', {
    noun: 'trade', caption, length: trades.length, columns: tradeColumns(trades, open), note, file: 'trades.csv',
    sort: { name: 'net_profit', isDescending: true }, hint: 'Symbol, side, reason: aapl long stop',
    matches: (words) => beginningsOf(trades, ['symbol', 'side', 'entry_reason', 'exit_reason'], words),
  })
  range.follow(({ from, to }) => table.filter((row) => entered[row] >= from && entered[row] <= to))
}
