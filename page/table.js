import { byId, element, settled } from './dom.js'
import { counted, plural } from './format.js'

/**
 * A column: `value` sorts and `text` shows row `i`; `cell` may return an element instead of text.
 * @typedef {{ name: string, title: string, help?: string, isText?: boolean, isHeader?: boolean,
 *   value: (row: number) => number | string, text: (row: number) => string, cell?: (row: number) => Node,
 *   tone?: (row: number) => number }} Column
 * @typedef {{ noun: string, caption: string, length: number, columns: Column[], pageSize?: number,
 *   sort: { name: string, isDescending: boolean }, matches: (words: string[]) => (row: number) => boolean,
 *   hint?: string, file: string, note?: () => string }} TableSpec
 */

/**
 * Puts a table into the element `id`: sorted by its headings, searched by words, shown a page at a time, saved as CSV.
 * Returns what others change it by: `filter` limits its rows, `rows` are those shown, in order.
 * @param {string} id @param {TableSpec} spec
 */
export function showTable(id, spec) {
  const { columns, length, pageSize = 25 } = spec
  const state = { ...spec.sort, page: 0, words: /** @type {string[]} */ ([]), filter: /** @type {(row: number) => boolean} */ (() => true) }
  const body = element('tbody')
  const heads = columns.map((column) => headOf(column, () => sortBy(column)))
  const status = element('p', { class: 'status', role: 'status', 'aria-live': 'polite' })
  const pager = pagerOf(`Pages of ${spec.caption}`, (step) => go(state.page + step))
  const search = element('input', {
    type: 'search', id: `${id}-search`, placeholder: spec.hint ?? 'Search', autocomplete: 'off', spellcheck: 'false',
    input: settled(() => look(search.value)),
  })
  /** @type {number[]} */
  let rows = []
  const table = element('table', {}, element('caption', { class: 'hidden' }, spec.caption),
    element('thead', {}, element('tr', {}, ...heads.map(({ head }) => head))), body)
  byId(id).replaceChildren(
    element('div', { class: 'tools' },
      element('label', { class: 'search', for: search.id }, element('span', { class: 'hidden' }, `Search ${plural(spec.noun)}`), search),
      status,
      element('button', { type: 'button', class: 'quiet', click: () => save(spec, rows) }, 'Save as CSV')),
    element('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': spec.caption }, table), pager.element)

  /** @param {Column} column */
  function sortBy(column) {
    const isSame = state.name === column.name
    state.isDescending = isSame ? !state.isDescending : column.isText !== true
    state.name = column.name
    refresh()
  }

  /** @param {string} text */
  function look(text) {
    state.words = text.toLowerCase().split(/\s+/).filter((word) => word !== '')
    refresh()
  }

  function refresh() {
    const [found, column] = [spec.matches(state.words), columns.find(({ name }) => name === state.name) ?? columns[0]]
    rows = sorted(Array.from({ length }, (_, row) => row).filter((row) => state.filter(row) && found(row)), column, state.isDescending)
    for (const { head, name } of heads) {
      head.setAttribute('aria-sort', name !== state.name ? 'none' : state.isDescending ? 'descending' : 'ascending')
    }
    go(0)
  }

  /** @param {number} page */
  function go(page) {
    const last = Math.max(0, Math.ceil(rows.length / pageSize) - 1)
    state.page = Math.min(last, Math.max(0, page))
    const from = state.page * pageSize
    const shown = rows.slice(from, from + pageSize)
    body.replaceChildren(...shown.map((row) => rowOf(columns, row)))
    const range = rows.length > pageSize ? `${from + 1} to ${from + shown.length} of ` : ''
    const all = rows.length === length ? '' : ` of ${length.toLocaleString('en-US')}`
    status.textContent = `${range}${counted(rows.length, spec.noun)}${all}${spec.note?.() ?? ''}`
    pager.show(state.page, last)
  }

  refresh()
  return {
    /** @param {(row: number) => boolean} filter */
    filter(filter) {
      state.filter = filter
      refresh()
    },
    rows: () => rows,
  }
}

/** @param {Column} column @param {() => void} sort */
function headOf({ name, title, help, isText }, sort) {
  const button = element('button', { type: 'button', click: sort, title: help }, title)
  return { name, head: element('th', { scope: 'col', class: isText === true ? null : 'number' }, button) }
}

/** @param {Column[]} columns @param {number} row */
function rowOf(columns, row) {
  return element('tr', {}, ...columns.map(({ isHeader, isText, text, cell, tone }) => {
    const sign = tone === undefined ? 0 : Math.sign(tone(row))
    const kinds = [isText === true ? '' : 'number', sign > 0 ? 'gain' : sign < 0 ? 'loss' : ''].filter(Boolean).join(' ')
    const given = { class: kinds || null, ...(isHeader === true ? { scope: 'row' } : {}) }
    return element(isHeader === true ? 'th' : 'td', given, cell === undefined ? text(row) : cell(row))
  }))
}

/** Rows without a value come last, whatever the order. @param {number[]} rows @param {Column} column @param {boolean} isDescending */
function sorted(rows, { value, isText }, isDescending) {
  const keys = rows.map(value)
  const isMissing = (/** @type {number | string} */ key) => key === '' || Number.isNaN(key)
  const order = rows.map((_, place) => place).sort((a, b) => {
    const [x, y] = [keys[a], keys[b]]
    if (isMissing(x) || isMissing(y)) return Number(isMissing(x)) - Number(isMissing(y)) || a - b
    const step = isText === true ? (x < y ? -1 : x > y ? 1 : 0) : Number(x) - Number(y)
    return (isDescending ? -step : step) || a - b
  })
  return order.map((place) => rows[place])
}

/** @param {string} label @param {(step: number) => void} go */
function pagerOf(label, go) {
  const button = (/** @type {string} */ label, /** @type {number} */ step) => {
    return element('button', { type: 'button', class: 'quiet', click: () => go(step) }, label)
  }
  const [first, before, after, last] = [button('First', -1e9), button('Previous', -1), button('Next', 1), button('Last', 1e9)]
  const place = element('span', {})
  const made = element('nav', { class: 'pager', 'aria-label': label }, first, before, place, after, last)
  return {
    element: made,
    /** @param {number} page @param {number} end */
    show(page, end) {
      made.hidden = end === 0
      place.textContent = `Page ${page + 1} of ${end + 1}`
      for (const back of [first, before]) back.disabled = page === 0
      for (const on of [after, last]) on.disabled = page === end
    },
  }
}

/** @param {TableSpec} spec @param {number[]} rows */
function save({ columns, file }, rows) {
  const field = (/** @type {number | string} */ value) => (/[",\n]/.test(String(value)) ? `"${String(value).replaceAll('"', '""')}"` : value)
  const lines = rows.map((row) => columns.map(({ value }) => value(row)).map((value) => (Number.isNaN(value) ? '' : field(value))).join(','))
  const text = [columns.map(({ name }) => name).join(','), ...lines, ''].join('\n')
  const link = element('a', { href: URL.createObjectURL(new Blob([text], { type: 'text/csv' })), download: file })
  link.click()
  URL.revokeObjectURL(link.href)
}
