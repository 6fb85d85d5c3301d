import { breathe, byId, element, settled } from './dom.js'
import { followPointer } from './pointer.js'
import { sessionPlaces, showDates, timeChart, withTicks } from './time-chart.js'
import { compiled, drawn, inColours, whenColoursChange } from './view.js'

/**
 * @typedef {{ name: string, title: string, description: string, spec: any }} Chart
 * @typedef {import('./view.js').Palettes} Palettes
 * @typedef {import('./range.js').TimeRange} TimeRange
 * @typedef {{ chart: Chart, frame: HTMLElement, places: import('./time-chart.js').Place[] | null,
 *   view?: any, time?: import('./time-chart.js').TimeChart | null }} Shown
 */

/**
 * Draws all charts, and again when the page's width or colours change. Charts over sessions follow the range.
 * @param {Chart[]} charts @param {Palettes} palettes @param {TimeRange} range
 */
export async function showCharts(charts, palettes, range) {
  const all = charts.map((chart) => figureOf(chart))
  byId('figures').replaceChildren(...all.map(({ figure }) => figure))
  const draw = (/** @type {Shown} */ shown) => drawChart(shown, palettes, range)
  const cursor = followPointer(all, range)
  for (const shown of all) {
    draw(shown)
    cursor.attach(shown)
    await breathe()
  }
  const redraw = () => all.forEach(draw)
  let width = innerWidth
  addEventListener('resize', settled(() => {
    if (innerWidth !== width) redraw()
    width = innerWidth
  }))
  whenColoursChange(redraw)
  range.follow(() => {
    for (const { view, time } of all) if (time) showDates(view, time, ...spanOf(range))
  })
}

/** @param {TimeRange} range @returns {[string, string, boolean]} */
function spanOf(range) {
  const [from, to] = range.dates()
  return [from, to, range.isWhole()]
}

/** @param {Chart} chart @returns {Shown & { figure: HTMLElement }} */
function figureOf(chart) {
  const places = sessionPlaces(chart.spec)
  const frame = element('div', { class: 'chart', 'data-chart': chart.name })
  const isWide = ['equity', 'monthly_returns', 'excursions'].includes(chart.name)
  const figure = element('figure', { id: `chart-${chart.name}`, class: `${isWide ? 'wide' : ''} ${places === null ? '' : 'time'}`.trim() },
    element('figcaption', {}, element('h3', {}, chart.title), element('p', {}, chart.description)), frame)
  return { chart, frame, places, figure }
}

/** @param {Shown} shown @param {Palettes} palettes @param {TimeRange} range */
function drawChart(shown, palettes, range) {
  const { chart, frame, places } = shown
  const room = Math.floor(frame.clientWidth)
  // a chart of many cells or panels is moved sideways where there is no room for it
  const width = Math.max(room, places === null ? leastWidth(chart) : 0)
  if (width > room) frame.tabIndex = 0
  const spec = fitted(chart, width)
  const vegaSpec = compiled(inColours(places === null ? spec : withTicks(spec, places, width - 80), palettes))
  shown.view?.finalize()
  shown.time = places === null ? null : timeChart(vegaSpec, places)
  shown.view = drawn(vegaSpec, frame, !shown.time)
  if (shown.time) showDates(shown.view, shown.time, ...spanOf(range))
  frame.dataset.drawn = 'true'
}

/** @param {Chart} chart */
function leastWidth({ name, spec }) {
  return name === 'monthly_returns' || name === 'excursions' ? 680 : isGrouped(spec) ? 440 : 0
}

/** @param {any} spec */
function isGrouped(spec) {
  return spec.datasets?.groups !== undefined
}

/** @param {string} name @param {any} spec @param {number} width */
function heightOf(name, spec, width) {
  if (name === 'equity') return Math.max(320, Math.min(460, width * 0.42))
  if (name === 'monthly_returns') return 70 + 40 * new Set(spec.datasets.cells.map((/** @type {any} */ { year }) => year)).size
  const usual = Math.max(270, Math.min(360, width * 0.56))
  return isGrouped(spec) ? Math.min(usual, 130 + 44 * spec.datasets.groups.length) : usual
}

/** The specification at the width of its place; the page itself has its title. @param {Chart} chart @param {number} width */
function fitted({ name, title, description, spec }, width) {
  const { title: _title, ...others } = spec
  const height = heightOf(name, spec, width)
  const legend = { ...spec.config?.legend, columns: Math.max(2, Math.floor(width / 170)) }
  const axis = { ...spec.config?.axis, labelFontSize: 11.5, titleFontSize: 12 }
  const axisY = { ...spec.config?.axisY, titleLimit: Math.round(height * 0.5) }
  return {
    ...others, width, height, padding: 4, background: 'transparent', description: `${title}. ${description}`,
    config: { ...spec.config, aria: false, font: 'system-ui, sans-serif', legend, axis, axisY },
  }
}
