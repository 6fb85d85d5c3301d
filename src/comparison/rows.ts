import type { Database } from '../database/database.js'
import { identifier, literal } from '../database/quote.js'
import { createRunRelations, runRelations } from '../store/run-relations.js'
import type { RunFolder } from '../store/runs.js'

/** A row that only one of two runs has, or of which some fields differ. */
export interface RowDifference {
  kind: 'only_a' | 'only_b' | 'changed'
  /** The columns by which rows are matched, as text. */
  key: string
  /** Fields that differ, as text; none for a row of one run. */
  changes: { field: string; a: string | null; b: string | null }[]
}

/** How the rows of one relation differ. */
export interface RelationDifference {
  relation: string
  rows_a: number
  rows_b: number
  only_a: number
  only_b: number
  changed: number
  /** Rows of which a field differs, by field. */
  fields: Record<string, number>
  /** The first rows that differ, by their keys. */
  first: RowDifference[]
}

/** By which columns rows are matched; a repetition of them is told apart by `order`. */
const relations = [
  { relation: 'trades', keys: ['symbol', 'account', 'side', 'entry_at'], order: 'exit_at, quantity' },
  { relation: 'equity', keys: ['account', 'bar_at'], order: null },
  { relation: 'symbols', keys: ['symbol'], order: null },
  { relation: 'metrics', keys: ['metric'], order: null },
] as const

/** Makes the relations of two runs available as `a.trades`, `b.trades` and so on. */
export async function openRuns(database: Database, a: RunFolder, b: RunFolder): Promise<void> {
  for (const [schema, run] of [['a', a], ['b', b]] as const) {
    await database.run(`create schema ${schema}; set schema = ${literal(schema)}`)
    await createRunRelations(database, [run], relations.map(({ relation }) => relation))
  }
  await database.run(`set schema = 'main'`)
}

/** Compares the rows of the runs that `openRuns` opened, of all relations or some; at most `limit` rows of each are returned. */
export async function relationDifferences(database: Database, limit: number, names?: readonly string[]): Promise<RelationDifference[]> {
  const found: RelationDifference[] = []
  for (const spec of relations.filter(({ relation }) => names?.includes(relation) ?? true)) {
    await database.run(differencesSql(spec))
    found.push(await summary(database, spec.relation, limit))
  }
  return found
}

type Compared = (typeof relations)[number]

/** Keeps the rows that differ in the table `differences`; the others are only joined, and never leave the database. */
function differencesSql({ relation, keys, order }: Compared): string {
  const fields = Object.keys(runRelations[relation]).filter((name) => name !== 'run_id' && !(keys as readonly string[]).includes(name))
  const using = [...keys, 'repetition'].join(', ')
  const numbered = order === null ? '1' : `row_number() over (partition by ${keys.join(', ')} order by ${order})`
  const changes = fields.map(identifier).map((name) => {
    const change = `{field: ${literal(name.slice(1, -1))}, a: a.${name}::varchar, b: b.${name}::varchar}`
    return `if(a.${name} is distinct from b.${name}, ${change}, null)`
  })
  return `
    create or replace temp table differences as
    with a as (
      select *, ${numbered} as repetition from a.${relation}
    ),

    b as (
      select *, ${numbered} as repetition from b.${relation}
    ),

    joined as (
      select
        case when b.run_id is null then 'only_a' when a.run_id is null then 'only_b' else 'changed' end as kind,
        concat_ws(' ', ${keys.join(', ')}) as key,
        case when a.run_id is null or b.run_id is null then []
          else list_filter([${changes.join(', ')}], lambda change: change is not null) end as changes
      from a full join b using (${using})
    )

    select * from joined where kind <> 'changed' or len(changes) > 0`
}

async function summary(database: Database, relation: string, limit: number): Promise<RelationDifference> {
  const [counts] = await database.rows<Omit<RelationDifference, 'relation' | 'fields' | 'first'>>(`
    select
      (select count(*) from a.${relation}) as rows_a,
      (select count(*) from b.${relation}) as rows_b,
      count(*) filter (where kind = 'only_a') as only_a,
      count(*) filter (where kind = 'only_b') as only_b,
      count(*) filter (where kind = 'changed') as changed
    from differences`)
  const fields = await database.rows<{ field: string; rows: number }>(`
    select change.field, count(*) as rows
    from (select unnest(changes) as change from differences)
    group by change.field order by rows desc, change.field`)
  const first = await database.rows<Omit<RowDifference, 'changes'> & { changes: string }>(`
    select kind, key, to_json(changes)::varchar as changes from differences order by key, kind limit ${limit}`)
  return {
    relation,
    ...counts,
    fields: Object.fromEntries(fields.map(({ field, rows }) => [field, rows])),
    first: first.map((row) => ({ ...row, changes: JSON.parse(row.changes) as RowDifference['changes'] })),
  }
}
