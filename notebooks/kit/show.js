/** What cells show their results with: charts and tables as wide as the page. */
import { parse, View } from 'vega'
import { compile } from 'vega-lite'
import { Handler } from 'vega-tooltip'
import { priceChart } from '../../dist/charts/price.js'
import { palettes, themeConfig } from '../../dist/charts/theme.js'

/** The colours of dgas: `up`, `down`, `win`, `loss`, `muted`, and `series` for what has no meaning of its own. */
export const colors = palettes.light

/**
 * Returns a figure with a chart of a Vega-Lite specification, as wide as `width`, and its title and subtitle above it. A specification
 * without data draws `rows`. It is drawn before it is returned.
 */
export async function chart({ title, subtitle, ...spec }, { rows, width, height = 320 }) {
  const figure = document.createElement('figure')
  figure.className = 'chart'
  if (title !== undefined) figure.innerHTML = `<figcaption><b>${escaped(title)}</b><br>${escaped(subtitle ?? '')}</figcaption>`
  const { spec: vega } = compile({
    ...{ width, height, autosize: { type: 'fit', contains: 'padding' }, background: null },
    ...(rows === undefined ? {} : { data: { values: rows } }),
    config: themeConfig(colors),
    ...spec,
  })
  const container = figure.appendChild(document.createElement('div'))
  const view = new View(parse(vega), { container, renderer: 'svg', hover: true, tooltip: new Handler().call })
  await view.runAsync()
  return figure
}

/**
 * Returns a figure with a price chart of dgas: `rows` are those of `geometry` or `context`, in any order; as many of the last ones are
 * drawn as the width has room for.
 */
export async function priceFigure(rows, { width, ...choice }) {
  const bars = rows.toSorted((a, b) => a.bar_at - b.bar_at).slice(-Math.round(width / 11)).map(priceBar)
  const height = Math.max(420, Math.round(width / 2))
  const { title, ...spec } = priceChart({ bars, ...choice, options: { width, height } })
  return chart({ ...spec, title: title.text, subtitle: title.subtitle.join(' · '), padding: { bottom: 8 }, background: null }, { width, height })
}

function priceBar(row) {
  const [bar_at, closed_at, session_date] = [row.bar_at, row.closed_at, row.session_date].map(Number)
  return { ...row, bar_at, closed_at, session_date, plotted: row }
}

const largest = 100

/** Returns a table of rows, numbers rounded and on the right; of more than a hundred rows the first ones and how many there are. */
export function table(rows, { columns = Object.keys(rows[0] ?? {}), digits = {} } = {}) {
  const element = document.createElement('div')
  element.className = 'rows'
  element.tabIndex = 0
  const isNumber = columns.map((name) => rows.some((row) => typeof row[name] === 'number'))
  const cell = (tag, text, column) => `<${tag}${isNumber[column] ? ' class="number"' : ''}>${text}</${tag}>`
  const head = columns.map((name, column) => cell('th', escaped(name.replaceAll('_', ' ')), column)).join('')
  const body = rows.slice(0, largest).map((row) => columns.map((name, column) => cell('td', escaped(shown(row[name], digits[name])), column)).join(''))
  const more = rows.length > largest ? `<p>${largest} of ${rows.length.toLocaleString('en-US')} rows</p>` : ''
  element.innerHTML = `<table><thead><tr>${head}</tr></thead><tbody>${body.map((row) => `<tr>${row}</tr>`).join('')}</tbody></table>${more}`
  return element
}

/** Returns a number with thousands separated and `digits` decimals, by default as many as its size asks for. */
export function number(value, digits = usualDigits(value)) {
  return value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits }).replace('-', '−')
}

/** Returns a share as per cent. */
export function percent(share, digits = 1) {
  return `${number(share * 100, digits)} %`
}

function usualDigits(value) {
  if (Number.isInteger(value) || Math.abs(value) >= 1000) return 0
  return Math.abs(value) >= 10 ? 1 : 2
}

function shown(value, digits) {
  if (value === null || value === undefined) return '·'
  if (value instanceof Date) return value.toISOString().replace('T', ' ').replace(/( 00:00)?:00\.000Z$/, '')
  return typeof value === 'number' ? number(value, digits) : String(value)
}

function escaped(text) {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
}
