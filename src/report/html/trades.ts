import { count, counted } from '../../format.js'
import { groupTable } from '../metric-tables.js'
import type { RunReport } from '../record.js'
import { declinedTexts } from '../rows.js'
import { html } from './markup.js'
import { detailsMarkup, tableMarkup, type Section } from './section.js'

/** How many rows of the run the page holds. */
export interface Held {
  trades: number
  declined: number
}

/** Returns the section of trades: those that the page holds, and their groups. */
export function tradesSection({ record, trade_groups }: RunReport, held: Held): Section {
  const groupings = [...new Set(trade_groups.map(({ grouping }) => grouping))]
  const isPart = held.trades < record.trades
  const part = html`<p class="notice">These are the ${count(held.trades)} of ${counted(record.trades, 'trade')} that were entered last; more would make
the page too large. All: <code>${queryOf('trades', record.run_id)}</code></p>`
  return {
    id: 'trades',
    title: 'Trades',
    content: html`${record.trades === 0 ? html`<p>The run has no trades.</p>` : null}${isPart ? part : null}
<div id="trade-table" class="table"></div>
<p class="note">Times are UTC, prices and amounts are rounded; <code>${queryOf('trades', record.run_id)}</code> has every digit.</p>
${groupings.map((grouping, index) => {
    const caption = `Trades by ${grouping.replaceAll('_', ' ')}`
    return detailsMarkup(caption, tableMarkup(groupTable(trade_groups, grouping), caption), index === 0)
  })}`,
  }
}

/** Returns the section of the entries that did not become a position. */
export function declinedSection({ record }: RunReport, held: Held): Section {
  const all = Object.values(record.declined).reduce((sum, entries) => sum + entries, 0)
  const texts = declinedTexts(record)
  const part = html`<p class="notice">The table holds the last ${count(held.declined)} of ${count(all)}. All:
<code>${queryOf('signals', record.run_id)} and declined is not null"</code></p>`
  return {
    id: 'not-taken',
    title: 'Signals not taken',
    content: texts.length === 0
      ? html`<p>Every entry became a position.</p>`
      : html`<ul class="counts">${texts.map((text) => html`<li>${text}</li>`)}</ul>
${held.declined < all ? part : null}<div id="declined-table" class="table"></div>`,
  }
}

function queryOf(relation: string, run: string): string {
  return `dgas query "select * from ${relation} where run_id = '${run}'${relation === 'trades' ? '"' : ''}`
}
