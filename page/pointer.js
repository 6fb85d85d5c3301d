import { element } from './dom.js'
import { plainNumber, words } from './format.js'
import { placeOf } from './range.js'

/**
 * Shows, on all charts over sessions at once, the session under the pointer; dragging on one of them chooses the range.
 * @param {import('./charts.js').Shown[]} charts @param {import('./range.js').TimeRange} range
 */
export function followPointer(charts, range) {
  const bubble = element('div', { class: 'bubble', hidden: '', 'aria-hidden': 'true' })
  document.body.append(bubble)
  const lines = new Map(charts.map(({ frame }) => [frame, element('div', { class: 'cursor', hidden: '' })]))
  /** @type {{ from: string, shown: import('./charts.js').Shown } | null} */
  let drag = null

  /** @param {import('./charts.js').Shown} shown @param {PointerEvent} event */
  function move(shown, event) {
    const place = placeAt(shown, event)
    if (place === null) {
      leave()
      return
    }
    for (const chart of charts) mark(chart, /** @type {HTMLElement} */ (lines.get(chart.frame)), place.session, drag?.from)
    bubble.replaceChildren(element('strong', {}, place.session), ...valuesAt(shown, place.i))
    bubble.hidden = false
    const { offsetWidth, offsetHeight } = bubble
    bubble.style.left = `${Math.min(event.clientX + 14, innerWidth - offsetWidth - 8)}px`
    bubble.style.top = `${Math.max(8, event.clientY - offsetHeight - 14)}px`
  }

  function leave() {
    bubble.hidden = true
    for (const line of lines.values()) line.hidden = true
  }

  /** @param {import('./charts.js').Shown} shown @param {PointerEvent} event */
  function end(shown, event) {
    const place = placeAt(shown, event)
    if (drag !== null && place !== null && drag.from !== place.session) {
      range.set(placeOf(range.sessions, drag.from), placeOf(range.sessions, place.session))
    }
    drag = null
    leave()
  }

  return {
    /** @param {import('./charts.js').Shown} shown */
    attach(shown) {
      if (!shown.time) return
      const { frame } = shown
      frame.append(/** @type {HTMLElement} */ (lines.get(frame)))
      frame.addEventListener('pointermove', (event) => move(shown, event))
      frame.addEventListener('pointerleave', () => drag === null && leave())
      frame.addEventListener('pointerdown', (event) => {
        const place = event.pointerType === 'mouse' && event.button === 0 ? placeAt(shown, event) : null
        if (place === null) return
        event.preventDefault()
        frame.setPointerCapture(event.pointerId)
        drag = { from: place.session, shown }
      })
      frame.addEventListener('pointerup', (event) => end(shown, event))
      frame.addEventListener('dblclick', () => range.set(0, range.sessions.length - 1))
    },
  }
}

/** Returns the session under the pointer. @param {import('./charts.js').Shown} shown @param {PointerEvent} event */
function placeAt({ view, time, frame }, event) {
  if (!time) return null
  const x = event.clientX - frame.getBoundingClientRect().left - view.origin()[0] - view.padding().left
  if (x < -4 || x > view.width() + 4) return null
  const i = Math.round(view.scale('x').invert(x))
  const [low, high] = view.signal('shown_places')
  return time.places.find((place) => place.i === i && i >= low && i <= high) ?? null
}

/** Marks a session of a chart, or the sessions from `from` to it. @param {import('./charts.js').Shown} shown @param {HTMLElement} line @param {string} session @param {string} [from] */
function mark({ view, time, frame }, line, session, from) {
  const at = time?.places.find((place) => place.session === session)
  if (!time || at === undefined) return
  const left = view.origin()[0] + view.padding().left
  const start = from === undefined ? at : (time.places.find((place) => place.session === from) ?? at)
  const ends = [start, at].map(({ i }) => left + view.scale('x')(i)).sort((a, b) => a - b)
  if (line.parentNode !== frame) frame.append(line)
  line.hidden = ends[0] < left || ends[1] > left + view.width() + 1
  line.style.left = `${ends[0]}px`
  line.style.width = `${Math.max(1, ends[1] - ends[0])}px`
  line.style.height = `${view.height()}px`
  line.style.top = `${view.origin()[1] + view.padding().top}px`
}

/** Returns lines of the values that a chart draws at a place. @param {import('./charts.js').Shown} shown @param {number} i */
function valuesAt({ view, time }, i) {
  /** @type {Map<string, number>} */
  const values = new Map()
  for (const { data, fields } of time?.drawn ?? []) {
    for (const row of view.data(data)) {
      if (row.i !== i) continue
      for (const field of fields) if (typeof row[field] === 'number') values.set(nameOf(row, field), row[field])
    }
  }
  return [...values].map(([name, value]) => element('div', {}, element('span', {}, name), element('b', {}, plainNumber(value))))
}

/** A series is called by its name when the chart has several in one field. @param {any} row @param {string} field */
function nameOf(row, field) {
  const series = row.series ?? row.name ?? row.key
  return typeof series === 'string' && /^(?:value|y)$/.test(field) ? series : words(field)
}
