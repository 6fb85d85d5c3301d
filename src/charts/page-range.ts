import type { Spec } from './frame.js'

/** A point of the strip below a chart: the place on its horizontal axis, a date, and the height of the line. */
export interface OverviewPoint {
  i: number
  date: string
  value: number
}

type Row = Record<string, unknown>

/** Returns what the strip below a chart over time shows: its closes, or the first of its series; nothing for other charts. */
export function overviewOf(spec: Spec): OverviewPoint[] {
  const { datasets = {} } = spec as unknown as { datasets?: Partial<Record<string, readonly Row[]>> }
  const rows = (datasets.candles ?? datasets.points ?? []).filter(({ i }) => typeof i === 'number' && i >= 0)
  const field = datasets.candles === undefined ? firstSeries(rows) : 'close'
  return rows.flatMap(({ i, session, [field]: value }) => {
    return typeof value === 'number' ? [{ i: i as number, date: String(session), value: Number(value.toPrecision(6)) }] : []
  })
}

const places = new Set(['i', 'at', 'session', 'session_date'])

function firstSeries(rows: readonly Row[]): string {
  const names = Object.keys(rows[0] ?? {}).filter((name) => !places.has(name))
  return names.find((name) => rows.some((row) => typeof row[name] === 'number')) ?? 'i'
}

/** The strip of the whole time, with a slider for either end of what the chart shows. */
export const rangeMarkup = `<section id="range" aria-label="Time range">
<svg id="strip" viewBox="0 0 1000 48" preserveAspectRatio="none" aria-hidden="true">
<path id="line" fill="none" vector-effect="non-scaling-stroke"/><rect id="window" y="0" height="48"/>
</svg>
<label>from <input id="from" type="range" min="0" step="1"><output id="first"></output></label>
<label>to <input id="to" type="range" min="0" step="1"><output id="last"></output></label>
<button id="all" type="button">Show everything</button>
</section>`

export const rangeStyle = `
  #range { padding: 0 16px 12px; color: var(--ink) }
  #strip { display: block; width: 100%; height: 48px; cursor: crosshair; touch-action: none; background: #8a94a11f }
  #line { stroke: currentcolor; stroke-width: 1.2 }
  #window { fill: #0a9bde; fill-opacity: 0.25; stroke: #0a9bde }
  #range label { display: inline-flex; align-items: center; gap: 6px; margin: 8px 18px 0 0 }
  #range button { font: inherit }`

/**
 * The script of the strip. It reads `overview` and moves `view`: by dragging over the strip, by its sliders, and it follows
 * the chart where that is moved itself.
 */
export const rangeScript = `
const part = (id) => document.getElementById(id)
const [strip, from, to] = [part('strip'), part('from'), part('to')]
const length = overview.length - 1
const [low, high] = [Math.min(...overview.map((point) => point.value)), Math.max(...overview.map((point) => point.value))]
const across = (at) => length === 0 ? 500 : at / length * 1000
const up = (value) => high === low ? 24 : 44 - (value - low) / (high - low) * 40
part('line').setAttribute('d', overview.map((point, at) => (at === 0 ? 'M' : 'L') + across(at) + ' ' + up(point.value)).join(''))
from.max = to.max = length
let isOwn = false
function mark(first, last) {
  from.value = first
  to.value = last
  for (const [name, at, slider] of [['first', first, from], ['last', last, to]]) {
    part(name).textContent = overview[at].date
    slider.setAttribute('aria-valuetext', overview[at].date)
  }
  part('window').setAttribute('x', across(first))
  part('window').setAttribute('width', Math.max(2, across(last) - across(first)))
}
function show(one, other) {
  const [first, last] = one < other ? [one, other] : [other, one]
  const isAll = first === 0 && last === length
  isOwn = true
  view.signal('zoom_i', isAll ? null : [overview[first].i - 0.5, overview[last].i + 0.5]).run()
  isOwn = false
  mark(first, last)
}
function nearest(i) {
  return overview.reduce((best, point, at) => Math.abs(point.i - i) < Math.abs(overview[best].i - i) ? at : best, 0)
}
view.addSignalListener('zoom_i', (_, domain) => {
  if (!isOwn) mark(domain ? nearest(domain[0]) : 0, domain ? nearest(domain[1]) : length)
})
from.addEventListener('input', () => show(Number(from.value), Math.max(Number(from.value), Number(to.value))))
to.addEventListener('input', () => show(Math.min(Number(from.value), Number(to.value)), Number(to.value)))
part('all').addEventListener('click', () => show(0, length))
const placeOf = (event) => {
  const { left, width } = strip.getBoundingClientRect()
  return Math.round(Math.min(1, Math.max(0, (event.clientX - left) / width)) * length)
}
let start = null
strip.addEventListener('pointerdown', (event) => {
  strip.setPointerCapture(event.pointerId)
  start = placeOf(event)
})
strip.addEventListener('pointermove', (event) => {
  if (start !== null && placeOf(event) !== start) show(start, placeOf(event))
})
strip.addEventListener('pointerup', () => { start = null })
strip.addEventListener('dblclick', () => show(0, length))
mark(0, length)`
