import { byId, element } from './dom.js'
import { presets } from './range.js'

const [width, height] = [1000, 56]
const drawing = 'http://www.w3.org/2000/svg'

/**
 * Shows the whole equity curve with the chosen range on it: a pointer draws or moves the range, two sliders move its ends,
 * buttons choose usual ones.
 * @param {number[]} equity at each session @param {import('./range.js').TimeRange} range
 */
export function showOverview(equity, range) {
  const last = equity.length - 1
  const strip = byId('strip')
  const shade = element('div', { class: 'shade' })
  const ends = ['from', 'to'].map((name) => element('div', {
    class: `end ${name}`, role: 'slider', tabindex: 0, 'aria-label': name === 'from' ? 'First session shown' : 'Last session shown',
    'aria-valuemin': 0, 'aria-valuemax': last, 'data-end': name,
    keydown: (/** @type {KeyboardEvent} */ event) => step(event, name === 'from', range),
  }))
  strip.replaceChildren(curveOf(equity), shade, ...ends)
  strip.addEventListener('pointerdown', (event) => drag(event, strip, range))
  byId('presets').replaceChildren(...buttons(range))
  const show = () => {
    const { from, to } = range.get()
    const share = (/** @type {number} */ place) => `${(last === 0 ? 0 : place / last) * 100}%`
    shade.style.left = ends[0].style.left = share(from)
    ends[1].style.left = share(to)
    shade.style.right = `${100 - Number.parseFloat(share(to))}%`
    ends.forEach((end, at) => {
      end.setAttribute('aria-valuenow', String(at === 0 ? from : to))
      end.setAttribute('aria-valuetext', range.dates()[at])
    })
  }
  range.follow(show)
  show()
}

/** @param {number[]} equity */
function curveOf(equity) {
  const [low, high] = equity.reduce(([least, most], value) => [Math.min(least, value), Math.max(most, value)], [Infinity, -Infinity])
  const points = equity.map((value, at) => {
    const x = equity.length === 1 ? 0 : (at / (equity.length - 1)) * width
    return `${x.toFixed(1)},${(height - 4 - ((value - low) / (high - low || 1)) * (height - 8)).toFixed(1)}`
  })
  const picture = document.createElementNS(drawing, 'svg')
  picture.setAttribute('viewBox', `0 0 ${width} ${height}`)
  picture.setAttribute('preserveAspectRatio', 'none')
  picture.setAttribute('aria-hidden', 'true')
  for (const [kind, path] of [['area', `M0,${height} L${points.join(' L')} L${width},${height} Z`], ['line', `M${points.join(' L')}`]]) {
    const shape = document.createElementNS(drawing, 'path')
    shape.setAttribute('d', path)
    shape.setAttribute('class', kind)
    picture.append(shape)
  }
  return picture
}

/** @param {KeyboardEvent} event @param {boolean} isFrom @param {import('./range.js').TimeRange} range */
function step(event, isFrom, range) {
  const { from, to } = range.get()
  const last = range.sessions.length - 1
  const [own, other] = isFrom ? [from, to] : [to, from]
  const moves = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -20, PageUp: 20, Home: -last, End: last }
  const move = /** @type {Partial<Record<string, number>>} */ (moves)[event.key]
  if (move === undefined) return
  event.preventDefault()
  const next = isFrom ? Math.min(own + move, other) : Math.max(own + move, other)
  range.set(isFrom ? next : other, isFrom ? other : next)
}

/** @param {PointerEvent} event @param {HTMLElement} strip @param {import('./range.js').TimeRange} range */
function drag(event, strip, range) {
  if (event.button !== 0) return
  const box = strip.getBoundingClientRect()
  const last = range.sessions.length - 1
  const placeOf = (/** @type {{ clientX: number }} */ { clientX }) => ((clientX - box.left) / box.width) * last
  const start = placeOf(event)
  const { from, to } = range.get()
  const grip = (12 / box.width) * last
  const isNear = (/** @type {number} */ place) => Math.abs(start - place) <= grip
  const isInside = start > from && start < to && !range.isWhole()
  const move = (/** @type {PointerEvent} */ moved) => {
    const place = placeOf(moved)
    if (isNear(from)) range.set(Math.min(place, to), to)
    else if (isNear(to)) range.set(from, Math.max(place, from))
    else if (isInside) slide(range, from, to, place - start)
    else range.set(start, place)
  }
  strip.setPointerCapture(event.pointerId)
  strip.addEventListener('pointermove', move)
  strip.addEventListener('pointerup', () => strip.removeEventListener('pointermove', move), { once: true })
}

/** Moves the range without changing its length. @param {import('./range.js').TimeRange} range @param {number} from @param {number} to @param {number} by */
function slide(range, from, to, by) {
  const last = range.sessions.length - 1
  const allowed = Math.max(-from, Math.min(last - to, Math.round(by)))
  range.set(from + allowed, to + allowed)
}

/** @param {import('./range.js').TimeRange} range */
function buttons(range) {
  const last = range.sessions.length - 1
  /** @type {[string, number][]} */
  const all = [['All', 0], ...presets(range.sessions)]
  const made = all.map(([name, from]) => element('button', { type: 'button', click: () => range.set(from, last) }, name))
  const show = () => all.forEach(([, from], at) => {
    made[at].setAttribute('aria-pressed', String(range.get().from === from && range.get().to === last))
  })
  range.follow(show)
  show()
  return made
}
