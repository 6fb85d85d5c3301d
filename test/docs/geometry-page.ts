import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'

const root = resolve(import.meta.dirname, '../..')

/** The text of docs/geometry.md. */
export const page = readFileSync(resolve(root, 'docs/geometry.md'), 'utf8')

/** A table of the page: its header and its rows, cells trimmed. */
export interface PageTable {
  header: string[]
  rows: string[][]
}

/** Every table of the page. */
export const tables: readonly PageTable[] = (page.match(/(?:^\|.*\n)+/gm) ?? []).map((text) => {
  const [header, , ...rows] = text.trim().split('\n').map((line) => line.split('|').slice(1, -1).map((cell) => cell.trim()))
  return { header, rows }
})

/** A column that a table defines, and the model that is said to make it. */
export interface PageColumn {
  column: string
  model: string
}

/** Every column that a table defines. */
export const pageColumns: readonly PageColumn[] = tables.filter(({ header }) => header[0] === 'column').flatMap(({ rows }) => {
  return rows.flatMap((cells) => {
    const model = /\[(\w+)\]\(\.\.\/sql\/\1\.sql\)$/.exec(cells.at(-1)!)?.[1] ?? ''
    return quoted(cells[0]).map((column) => ({ column, model }))
  })
})

/** A number or word of an example: the value of a column at the close of a bar. */
export interface PageValue {
  set: string
  bar: string
  column: string
  /** The envelope's method; undefined: the default. */
  method?: string
  shown: string
}

/** Every value of the examples: of tables with a bar, or an envelope's method, above each column. */
export const pageValues: readonly PageValue[] = tables.flatMap(({ header: [first, ...others], rows }) => {
  const isMethods = isBar(first)
  if (!isMethods && !(first === '' && others.every(isBar))) return []
  return rows.flatMap(([name, ...cells]) => cells.map((shown, at) => {
    const [set, bar] = (isMethods ? first : others[at]).split(' ')
    return { set, bar, column: quoted(name)[0], shown, ...(isMethods ? { method: quoted(others[at])[0] } : {}) }
  }))
})

/** Every calculation of the page, `expression = value`. */
export const calculations: readonly { expression: string; value: string }[] = quoted(page).flatMap((text) => {
  const [expression, value = '', ...others] = text.split(' = ')
  const isCalculation = others.length === 0 && /^-?[\d.]+$/.test(value) && /\d [-+*/] /.test(expression)
  return isCalculation ? [{ expression, value }] : []
})

/** Every command of the page, with the output that is shown of it; undefined: none is. */
export const commands: readonly { command: string; output?: string }[] = [
  ...blocks('console').flatMap((block) => block.split(/^\$ /m).slice(1)).map((text) => {
    const [command, ...output] = text.trimEnd().split('\n')
    return { command, output: output.join('\n') }
  }),
  ...blocks('').flatMap((block) => block.trim().split('\n')).map((command) => ({ command })),
]

/** The files that the page shows or links to, relative to its folder, and whether each exists. */
export const links: readonly { path: string; isThere: boolean }[] = [
  ...new Set([...page.matchAll(/\]\((?!#|https?:)([^)]+)\)/g)].map(([, path]) => path)),
].map((path) => ({ path, isThere: existsSync(resolve(root, 'docs', path)) }))

/** Whatever a text has between backticks. */
export function quoted(text: string): string[] {
  return [...text.replaceAll(/^```[\s\S]*?^```$/gm, '').matchAll(/`([^`]+)`/g)].map(([, name]) => name)
}

function isBar(text: string): boolean {
  return /^[A-Z]+ \w+$/.test(text)
}

function blocks(language: string): string[] {
  return [...page.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)].filter((match) => match[1] === language).map((match) => match[2])
}
