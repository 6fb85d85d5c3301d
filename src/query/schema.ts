import type { Database } from '../database/database.js'
import { nearest, usageError } from '../errors.js'
import { createInstruments } from '../models/instruments.js'
import { readSql } from '../models/model.js'
import { relationNames } from '../models/relation-names.js'
import { createMacros } from '../models/macros.js'
import { createRelations } from '../models/relations.js'
import { actionColumns } from '../store/corporate-actions.js'
import { createRunRelations } from '../store/run-relations.js'
import { parseTimeframe, usualHigher } from '../store/timeframe.js'

/** A column of a relation. */
export interface SchemaColumn {
  name: string
  /** Its SQL type. */
  type: string
  /** What it means, with its unit and when it is null; null when nobody has said it. */
  meaning: string | null
}

/** A relation that a query can read. */
export interface SchemaRelation {
  name: string
  /** What one row stands for; null when nobody has said it. */
  row: string | null
  columns: SchemaColumn[]
}

/**
 * Returns the relations of `names`, default all, with their columns as DuckDB has them: the models are bound over bars that do
 * not exist. Throws a usage error with the nearest name for one that is not there.
 */
export async function readSchema(database: Database, names: readonly string[] = relationNames()): Promise<SchemaRelation[]> {
  for (const name of names) assertRelation(name)
  const meanings = readMeanings()
  await createEmptyRelations(database, names)
  const relations: SchemaRelation[] = []
  for (const name of names) {
    const described = await database.rows<{ column_name: string; column_type: string }>(`describe ${name}`)
    const columns = described.map(({ column_name, column_type }) => {
      return { name: column_name, type: column_type, meaning: meaningOf(meanings, name, column_name) }
    })
    relations.push({ name, row: meanings.get('relations')?.get(name) ?? null, columns })
  }
  return relations
}

/** Meanings by section: `relations`, the name of a relation, or `*`. */
export type Meanings = ReadonlyMap<string, ReadonlyMap<string, string>>

/** Reads `sql/relations.txt`. */
export function readMeanings(text = readSql('relations.txt')): Meanings {
  const sections = new Map<string, Map<string, string>>()
  let current: string[] = []
  for (const line of text.split('\n').filter((each) => each !== '' && !each.startsWith('#'))) {
    const header = /^\[(.*)\]$/.exec(line)
    if (header !== null) current = header[1].split(' ')
    const at = line.indexOf(': ')
    for (const section of header === null ? current : []) {
      const meanings = sections.get(section) ?? new Map<string, string>()
      sections.set(section, meanings.set(line.slice(0, at), meanings.get(line.slice(0, at)) ?? line.slice(at + 2)))
    }
  }
  return sections
}

/** Returns what a column means: in its relation, else everywhere; of a higher timeframe's column, what it means there. */
export function meaningOf(meanings: Meanings, relation: string, column: string): string | null {
  const own = meanings.get(relation)?.get(column) ?? meanings.get('*')?.get(column)
  if (own !== undefined) return own
  const found = /^((?:second_)?higher)_(.*)$/.exec(column)
  if (found === null) return null
  const [, prefix, rest] = found
  const meant = meanings.get('*')?.get(rest)
  return meant === undefined ? null : `of the ${prefix.replace('_', ' ')} timeframe's bar: ${meant}`
}

function assertRelation(name: string): void {
  const names = relationNames()
  if (names.includes(name)) return
  throw usageError({ what: `there is no relation "${name}"`, expected: 'a name that dgas schema lists', nearest: nearest(name, names) })
}

const bars = `
  select
    null::varchar as symbol, null::varchar as exchange, null::timestamp as bar_at, null::timestamp as closed_at,
    null::date as session_date, null::double as open, null::double as high, null::double as low, null::double as close,
    null::double as volume
  limit 0`

async function createEmptyRelations(database: Database, names: readonly string[]): Promise<void> {
  const actions = Object.entries(actionColumns).map(([name, type]) => `null::${type} as ${name}`)
  await database.run(`
    create or replace view corporate_actions as select ${actions.join(', ')} limit 0;
    create or replace table sessions (exchange varchar, session_date date, opens_at timestamp, closes_at timestamp)`)
  await createMacros(database)
  await createInstruments(database, '')
  await createRunRelations(database, [], names)
  const timeframe = parseTimeframe('30m')
  const stored = new Map([[timeframe, bars]])
  await createRelations(database, { names, timeframes: [timeframe], higher: usualHigher, stored, columnsRead: null })
}
