import type { Model } from './model.js'

/**
 * Leaves out of models the columns that nobody reads. DuckDB computes every window function of a view, read or not, so a
 * strategy that reads one dot would pay for the whole geometry. Columns have one meaning under one name in all models, so
 * a column may go when its name is read nowhere: neither in `sql` nor by any column that stays.
 */
export function pruneModels(models: readonly Model[], sql: string): Model[] {
  const parsed = models.map((model) => ({ model, parts: selectItems(model.text) }))
  const items = parsed.flatMap(({ parts }) => parts)
  const needed = neededNames(items, namesIn(sql))
  const droppable = new Set(items.flatMap(({ alias }) => alias ?? []))
  const isGone = (name: string) => droppable.has(name) && !needed.has(name)
  return parsed.map(({ model, parts }) => {
    const kept = parts.filter(({ alias }) => alias === null || !isGone(alias))
    return { ...model, text: kept.map((part, index) => partText(part, kept[index - 1], isGone)).join('') }
  })
}

/** A column of a select list, or with the alias null anything else of the text, which always stays. */
interface Part {
  text: string
  alias: string | null
  /** Number of the select list that a column belongs to; null for the text between the lists. */
  list: number | null
}

/** A `*` that leaves some columns out: naming them there does not read them. */
const exclusion = /\bexclude\s*\(([^)]*)\)/gi

function neededNames(parts: readonly Part[], read: ReadonlySet<string>): Set<string> {
  const needed = new Set(read)
  let waiting = [...parts]
  for (let found = true; found;) {
    const used = waiting.filter(({ alias }) => alias === null || needed.has(alias))
    waiting = waiting.filter((part) => !used.includes(part))
    for (const { text } of used) for (const name of namesIn(text.replaceAll(exclusion, ''))) needed.add(name)
    found = used.length > 0
  }
  return needed
}

/** Returns the names of bars' columns and of all that models give to columns, whether these are theirs to the outside or not. */
export function columnNames(models: readonly Model[]): string[] {
  const own = models.flatMap(({ text }) => selectItems(text).flatMap(({ alias }) => alias ?? []))
  return [...new Set([...barColumns, ...own])].sort()
}

const barColumns = ['symbol', 'timeframe', 'bar_at', 'closed_at', 'session_date', 'open', 'high', 'low', 'close', 'volume']

/** Returns every word of some SQL, and without its prefix the name of a column of a higher timeframe. */
export function namesIn(sql: string): Set<string> {
  return new Set(wordsIn(sql).flatMap((word) => [word, word.replace(/^(?:second_)?higher_/, '')]))
}

/** Returns every word of some SQL in lower case, without those of comments and texts. */
export function wordsIn(sql: string): string[] {
  return sql.toLowerCase().replaceAll(/--[^\n]*|'(?:[^']|'')*'/g, ' ').match(/[a-z_]\w*/g) ?? []
}

function partText({ text, list }: Part, before: Part | undefined, isGone: (name: string) => boolean): string {
  const comma = list !== null && before?.list === list ? ',' : ''
  const space = list === null && before !== undefined ? '\n' : ''
  return comma + space + text.replaceAll(exclusion, (whole: string, names: string) => {
    const kept = names.split(',').map((name) => name.trim()).filter((name) => !isGone(name))
    return kept.length === 0 ? '' : whole.replace(names, kept.join(', '))
  })
}

/** `is distinct from` is one token: its `from` begins nothing. */
const token = /--[^\n]*|is (?:not )?distinct from|'(?:[^']|'')*'|"(?:[^"]|"")*"|[a-z_$]\w*|[(),]/gi

/** Cuts SQL into the columns of its select lists and the text between them. */
function selectItems(sql: string): Part[] {
  const parts: Part[] = []
  let depth = 0
  let lists = 0
  let start = 0
  let open: { depth: number; list: number } | null = null
  const cut = (end: number) => {
    const text = sql.slice(start, end)
    parts.push({ text, alias: open === null ? null : aliasOf(text), list: open?.list ?? null })
  }
  for (const { 0: word, index } of sql.matchAll(token)) {
    const inList: boolean = open !== null && depth === open.depth
    if (word === '(') depth++
    else if (word === ')') depth--
    else if (word === 'select' && open === null) {
      cut(index + word.length)
      open = { depth, list: lists++ }
      start = index + word.length
    } else if (inList && (word === ',' || word === 'from')) {
      cut(index)
      start = word === ',' ? index + 1 : index
      if (word === 'from') open = null
    }
  }
  cut(sql.length)
  return parts
}

/** The name that a column is given by `as`; null when it has none, or has it in quotes. */
function aliasOf(item: string): string | null {
  return /\bas\s+([a-z_]\w*)\s*$/.exec(item)?.[1] ?? null
}
