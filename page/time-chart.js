import { sessionTicks } from './ticks.js'

/**
 * A chart over sessions: rows with a place `i` and a date `session`, on a horizontal scale that counts places.
 * @typedef {{ i: number, session: string } & Record<string, unknown>} Place
 * @typedef {{ scale: string, data: string, fields: string[] }} Drawn what a vertical scale is for
 * @typedef {{ vegaSpec: any, places: Place[], domain: [number, number], drawn: Drawn[], grids: string[],
 *   domains: Record<string, [number, number]> }} TimeChart
 */

const pixelsPerLabel = 58

/**
 * Returns the places of the sessions of a chart, one a session, or null when it is none over sessions.
 * @param {any} spec a Vega-Lite specification @returns {Place[] | null}
 */
export function sessionPlaces(spec) {
  if (!(spec.params ?? []).some((/** @type {any} */ { name }) => name === 'barTicks')) return null
  const rows = Object.values(spec.datasets ?? {}).flat().filter((/** @type {any} */ row) => typeof row.session === 'string' && row.i >= 0)
  const places = new Map(rows.map((/** @type {any} */ row) => [row.i, row]))
  return places.size === 0 ? null : [...places.values()].sort((a, b) => a.i - b.i)
}

/**
 * Returns a chart over sessions whose ticks and visible part the page decides, instead of the chart itself.
 * @param {any} spec @param {Place[]} places @param {number} width @returns {any}
 */
export function withTicks(spec, places, width) {
  const ticks = ticksOf(places, width)
  const values = { barTicks: [ticks], barLevel: 0 }
  const params = spec.params.map((/** @type {any} */ param) => {
    return param.name in values ? { name: param.name, value: values[/** @type {keyof typeof values} */ (param.name)] } : param
  })
  const layer = spec.layer.map((/** @type {any} */ { params: own = [], ...others }) => {
    const kept = own.filter((/** @type {any} */ { bind }) => bind !== 'scales')
    return { ...others, ...(kept.length === 0 ? {} : { params: kept }), ...(isGrid(others.data?.values) ? { data: { values: gridOf(ticks) } } : {}) }
  })
  return { ...spec, params, layer }
}

/** @param {Place[]} places @param {number} width */
function ticksOf(places, width) {
  const ticks = sessionTicks(places, width / pixelsPerLabel)
  return { values: ticks.map(({ i }) => i), labels: Object.fromEntries(ticks.map(({ i, label }) => [i, label])) }
}

/** @param {{ values: number[] }} ticks */
function gridOf({ values }) {
  return values.map((i) => ({ i, level: 0 }))
}

/**
 * Makes the scales of a compiled chart follow signals: `shown_places` the horizontal one, `shown_<scale>` the vertical ones.
 * @param {any} vegaSpec @param {Place[]} places @returns {TimeChart | null}
 */
export function timeChart(vegaSpec, places) {
  const horizontal = vegaSpec.scales.find((/** @type {any} */ scale) => scale.name === 'x' && isNumbers(scale.domain))
  if (horizontal === undefined) return null
  /** @type {TimeChart} */
  const chart = { vegaSpec, places, domain: horizontal.domain, drawn: [], grids: [], domains: {} }
  vegaSpec.signals = [...(vegaSpec.signals ?? []), { name: 'shown_places', value: chart.domain }]
  horizontal.domain = { signal: 'shown_places' }
  for (const axis of vegaSpec.axes ?? []) if (axis.scale === 'x') delete axis.title
  for (const { name, values } of vegaSpec.data) if (isGrid(values)) chart.grids.push(name)
  for (const mark of vegaSpec.marks) visitMark(mark, chart)
  for (const scale of vegaSpec.scales) followVertical(scale, chart)
  return chart
}

/** @param {any} mark @param {TimeChart} chart */
function visitMark(mark, chart, data = mark.from?.data) {
  mark.clip = true
  if (mark.type === 'group') {
    const facet = mark.from?.facet
    for (const child of mark.marks ?? []) visitMark(child, chart, facet !== undefined && child.from?.data === facet.name ? facet.data : child.from?.data)
    return
  }
  const encoded = { ...mark.encode?.enter, ...mark.encode?.update }
  for (const channel of [encoded.y, encoded.y2, encoded.yc].flat()) {
    if (channel?.field === undefined || typeof channel.field !== 'string' || data === undefined) continue
    chart.drawn.push({ scale: channel.scale, data, fields: [channel.field] })
  }
}

/** @param {any} scale @param {TimeChart} chart */
function followVertical(scale, chart) {
  if (!isNumbers(scale.domain) || !chart.drawn.some(({ scale: name }) => name === scale.name)) return
  chart.domains[scale.name] = scale.domain
  chart.vegaSpec.signals.push({ name: `shown_${scale.name}`, value: scale.domain })
  scale.domain = { signal: `shown_${scale.name}` }
}

/**
 * Shows the sessions between two dates: their part of the axis with labels of its own, and the heights that they need.
 * @param {any} view @param {TimeChart} chart @param {string} from @param {string} to @param {boolean} isWhole
 */
export function showDates(view, chart, from, to, isWhole) {
  const inside = chart.places.filter(({ session }) => session >= from && session <= to)
  const shown = inside.length === 0 ? chart.places : inside
  const [first, last] = [shown[0].i, shown[shown.length - 1].i]
  const ticks = ticksOf(shown, view.width())
  view.signal('shown_places', isWhole ? chart.domain : [first - 0.5, last + 0.5])
  view.signal('barTicks', [ticks])
  for (const name of chart.grids) view.data(name, gridOf(ticks))
  for (const [scale, whole] of Object.entries(chart.domains)) {
    view.signal(`shown_${scale}`, isWhole ? whole : heights(view, chart, scale, whole, first, last))
  }
  view.run()
}

/** @param {any} view @param {TimeChart} chart @param {string} scale @param {[number, number]} whole @param {number} first @param {number} last */
function heights(view, chart, scale, whole, first, last) {
  let [low, high] = [Infinity, -Infinity]
  for (const { scale: name, data, fields } of chart.drawn) {
    if (name !== scale) continue
    for (const row of view.data(data)) {
      if (!(row.i >= first - 1 && row.i <= last + 1)) continue
      for (const field of fields) {
        const value = row[field]
        if (typeof value === 'number' && Number.isFinite(value)) [low, high] = [Math.min(low, value), Math.max(high, value)]
      }
    }
  }
  if (low >= high) return whole
  const margin = (high - low) / 20
  // an end at 0 is a floor, such as that of drawdowns
  return [whole[0] === 0 ? 0 : low - margin * (whole[1] === 0 ? 5 : 1), whole[1] === 0 ? 0 : high + margin]
}

/** @param {unknown} value @returns {value is [number, number]} */
function isNumbers(value) {
  return Array.isArray(value) && value.length === 2 && value.every((end) => typeof end === 'number')
}

/** @param {unknown} values */
function isGrid(values) {
  return Array.isArray(values) && values.length > 0 && values.every((row) => Object.keys(row).join() === 'i,level')
}
