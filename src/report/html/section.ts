import type { TextTable } from '../metric-tables.js'
import { html, type Markup } from './markup.js'

/** A section of the page; its heading and its place in the list of contents. */
export interface Section {
  id: string
  title: string
  content: Markup
}

/** Returns a section with its heading. */
export function sectionMarkup({ id, title, content }: Section): Markup {
  return html`<section id="${id}" aria-labelledby="${id}-heading">
<h2 id="${id}-heading">${title}</h2>
${content}
</section>`
}

/** Returns a table of texts; the first column names its rows. */
export function tableMarkup({ columns, rows }: TextTable, caption: string): Markup {
  const kind = (index: number) => ({ markup: columns[index].isNumber ? ' class="number"' : '' })
  const cells = (row: readonly string[]) => row.map((cell, index) => {
    return index === 0 ? html`<th scope="row"${kind(0)}>${cell}</th>` : html`<td${kind(index)}>${cell}</td>`
  })
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${caption}"><table>
<caption class="hidden">${caption}</caption>
<thead><tr>${columns.map(({ name }, index) => html`<th scope="col"${kind(index)}>${name}</th>`)}</tr></thead>
<tbody>${rows.map((row) => html`<tr>${cells(row)}</tr>`)}</tbody>
</table></div>`
}

/** Returns a part that opens when it is asked for. */
export function detailsMarkup(summary: string, content: Markup, isOpen = false): Markup {
  return html`<details${isOpen ? { markup: ' open' } : null}><summary>${summary}</summary>
${content}
</details>`
}
