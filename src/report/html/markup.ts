/** A piece of HTML in which every text is escaped. */
export interface Markup {
  markup: string
}

type Part = string | number | null | undefined | Markup | readonly Markup[]

/** Returns HTML of a template: what stands in `${}` is escaped, except for pieces of HTML; null and undefined are nothing. */
export function html(texts: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  return { markup: texts.map((text, index) => text + (index < parts.length ? markupOf(parts[index]) : '')).join('') }
}

/** Returns text with the characters that HTML gives a meaning replaced. */
export function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}

/** Returns a script of the page; an end tag within its text does not end it. */
export function script(text: string, attributes = ''): Markup {
  return { markup: `<script${attributes}>${text.replaceAll(/<(?=\/script|!--)/gi, '\\u003c')}</script>` }
}

function markupOf(part: Part): string {
  if (part === null || part === undefined) return ''
  if (typeof part === 'string' || typeof part === 'number') return escaped(String(part))
  return 'markup' in part ? part.markup : part.map(({ markup }) => markup).join('\n')
}
