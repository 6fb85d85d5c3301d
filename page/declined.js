import { instant } from './format.js'
import { showTable } from './table.js'
import { beginningsOf } from './trades.js'
import { textAt } from './unpack.js'

/** Shows the entries that did not become a position. @param {import('./unpack.js').Table} declined */
export function showDeclined(declined) {
  if (declined.length === 0) return
  const { number } = declined
  const text = (/** @type {string} */ name, /** @type {string} */ title) => {
    const value = (/** @type {number} */ row) => textAt(declined, name, row) ?? ''
    return { name, title, isText: true, value, text: value }
  }
  const side = (/** @type {number} */ row) => (number.entry[row] > 0 ? 'long' : 'short')
  showTable('declined-table', {
    noun: 'entry', caption: 'Entries not taken', length: declined.length, pageSize: 15, file: 'entries-not-taken.csv',
    sort: { name: 'bar_at', isDescending: true }, hint: 'Symbol, reason',
    matches: (words) => beginningsOf(declined, ['symbol', 'declined', 'reason'], words),
    columns: [
      { ...text('symbol', 'symbol'), isHeader: true },
      { name: 'bar_at', title: 'decided on UTC', value: (row) => number.bar_at[row], text: (row) => instant(number.bar_at[row]) },
      { name: 'entry', title: 'side', isText: true, value: side, text: side },
      text('reason', 'why in'), text('declined', 'why not'),
    ],
  })
}
