/** The commands of the shell besides SQL, with what they do. */
export const dotCommands = {
  '.help': 'show these commands',
  '.tables': 'list the relations',
  '.schema': '[relation]  show the columns of a relation',
  '.format': '[form]  show or choose the form of results',
  '.timing': 'on|off  tell how long each statement took',
  '.quit': 'leave, as Ctrl-D does',
} as const

/** Words of SQL that begin or join the parts of a query. */
const keywords = [
  ...['select', 'distinct', 'from', 'where', 'group by', 'order by', 'having', 'limit', 'offset', 'qualify', 'window'],
  ...['join', 'left join', 'using', 'on', 'with', 'union all', 'case', 'when', 'then', 'else', 'end', 'as', 'and', 'or'],
  ...['not', 'in', 'between', 'is null', 'is not null', 'like', 'asc', 'desc', 'over', 'partition by', 'count', 'sum'],
  ...['avg', 'min', 'max', 'round', 'describe', 'summarize', 'explain', 'date', 'timestamp', 'interval', 'lag', 'lead'],
]

/** What can stand in the shell: names of relations, those of the columns of a relation, and of forms of results. */
export interface Vocabulary {
  relations: readonly string[]
  columnsOf: (relation: string) => Promise<readonly string[]>
  formats: readonly string[]
}

/** Returns how the last word of `line` can go on, and that word; `before` are the lines of the statement above it. */
export async function completions(
  line: string,
  before: string,
  { relations, columnsOf, formats }: Vocabulary,
): Promise<[found: string[], word: string]> {
  const word = /[.\w]*$/.exec(line)![0]
  const found = (words: readonly string[]): [string[], string] => {
    return [[...new Set(words)].filter((each) => each.startsWith(word.toLowerCase())), word]
  }
  if (before === '' && line.startsWith('.')) return found(dotWords(line, relations, formats))
  const [, qualifier, part] = /(\w+)\.(\w*)$/.exec(word) ?? ['', '', word]
  const text = `${before} ${line}`.toLowerCase()
  const mentioned = relations.filter((name) => new RegExp(`\\b${name}\\b`).test(text))
  // the columns come before the relation in SQL
  const named = mentioned.length === 0 ? ['geometry', 'trades'] : mentioned
  if (/\b(?:from|join)\s+\w*$/i.test(`${before} ${line}`)) return found(relations)
  const columns = (await Promise.all(named.map(columnsOf))).flat()
  if (qualifier === '') return found([...columns, ...relations, ...keywords])
  return [[...new Set(columns)].filter((name) => name.startsWith(part.toLowerCase())).map((name) => `${qualifier}.${name}`), word]
}

function dotWords(line: string, relations: readonly string[], formats: readonly string[]): readonly string[] {
  const [command] = line.split(/\s+/)
  if (!/\s/.test(line)) return Object.keys(dotCommands)
  if (command === '.schema') return relations
  if (command === '.format') return formats
  return command === '.timing' ? ['on', 'off'] : []
}
