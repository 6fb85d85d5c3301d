import { alignedTable, counted } from '../format.js'
import { cut } from './fit.js'
import type { SchemaRelation } from './schema.js'

/** Returns the relations as a table with lines of at most `width` characters: name, number of columns, what a row is. */
export function relationsText(relations: readonly SchemaRelation[], width: number): string {
  const rows = relations.map(({ name, columns, row }) => [name, String(columns.length), row ?? ''])
  return narrowed([['relation', false], ['columns', true], ['one row is', false]], rows, width)
}

/** Returns a relation with its columns as a table with lines of at most `width` characters. */
export function relationText({ name, row, columns }: SchemaRelation, width: number): string {
  const rows = columns.map((column) => [column.name, column.type, column.meaning ?? ''])
  const table = narrowed([['column', false], ['type', false], ['meaning', false]], rows, width)
  const heading = `${name}: ${counted(columns.length, 'column')}; one row is ${row ?? 'not described'}`
  return `${width === Infinity ? heading : cut(heading, width)}\n\n${table}`
}

/** Returns the page `docs/relations.md`. */
export function relationsPage(relations: readonly SchemaRelation[]): string {
  const parts = relations.map(({ name, row, columns }) => {
    const shown = columns.filter(({ name: column }) => name !== 'context' || !isOfHigherBar(column))
    const lines = shown.map(({ name: column, type, meaning }) => `| \`${column}\` | ${type} | ${cell(meaning ?? '')} |`)
    const more = shown.length < columns.length ? `\n${higherNote}\n` : ''
    return `## ${name}\n\nOne row is ${row ?? ''}.\n${more}\n| column | type | meaning |\n| --- | --- | --- |\n${lines.join('\n')}\n`
  })
  return `${introduction}\n${parts.join('\n')}`
}

const introduction = `# Relations

What \`dgas query\` can read, with every column. \`dgas schema\` shows the same in the terminal. Times are UTC; \`_pct\` is per
cent, \`_bars\` a number of bars, \`_next\` a level for the next bar. [geometry.md](geometry.md) explains the method.
`

const higherNote = `Besides those below it has every column of \`geometry\` once more with the prefix \`higher_\`, and once with \`second_higher_\`:
those of the last bar of that timeframe that had ended when this bar opened.`

function isOfHigherBar(column: string): boolean {
  return /^(?:second_)?higher_/.test(column) && column !== 'higher_strength'
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('*', '\\*')
}

function narrowed(columns: [name: string, isNumber: boolean][], rows: string[][], width: number): string {
  const table = alignedTable(columns.map(([name, isNumber]) => ({ name, isNumber })), rows)
  if (width === Infinity) return table
  return table.split('\n').map((line) => cut(line, width)).join('\n')
}
