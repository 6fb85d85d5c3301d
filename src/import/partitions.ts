import type { Database } from '../database/database.js'
import { literal } from '../database/quote.js'
import { readSql } from '../models/model.js'
import { barColumns } from '../store/partition-file.js'
import type { PartitionRows } from '../store/write-bars.js'
import { withMalformedSql } from './malformed.js'
import { valueNames } from './stage.js'

/** What the written bars are, added up partition by partition. */
export interface Tally {
  symbols: Set<string>
  firstSession: string
  lastSession: string
  withoutVolume: number
}

/** The tally of no bars. */
export function emptyTally(): Tally {
  return { symbols: new Set(), firstSession: '9999-12-31', lastSession: '0000-01-01', withoutVolume: 0 }
}

/**
 * Yields the usable bars of the staged files (a Parquet glob), one partition in memory at a time, and adds them to `tally`.
 * Bars that repeat or contradict each other go to the table `import_repeats`.
 */
export async function* stagedPartitions(
  database: Database,
  staged: string,
  tally: Tally,
): AsyncGenerator<PartitionRows> {
  const from = `read_parquet(${literal(staged)})`
  await database.run(`create or replace temp table import_repeats as from ${from} limit 0`)
  const keys = await database.rows<{ key: string }>(
    `select distinct partition_key as key from ${from} where partition_key is not null order by key`,
  )
  for (const { key } of keys) {
    await database.run(`
      create or replace temp table import_partition as from ${from} where partition_key = ${literal(key)}`)
    await separateRepeats(database)
    if (await addToTally(database, tally)) yield { key, rows: `select ${barColumns} from import_partition` }
  }
  await database.run('drop table if exists import_partition')
}

async function separateRepeats(database: Database): Promise<void> {
  await database.run(`create or replace temp table import_partition_repeats as ${readSql('import/repeated_bars.sql')}`)
  await database.run(`
    insert into import_repeats by name from import_partition_repeats;
    delete from import_partition where (file, row) in (select (file, row) from import_partition_repeats);
    drop table import_partition_repeats`)
}

/** Returns whether the partition has bars. */
async function addToTally(database: Database, tally: Tally): Promise<boolean> {
  const [facts] = await database.rows<{ first: string | null; last: string; missing: number; symbols: string }>(`
    select
      min(session_date)::varchar as first,
      max(session_date)::varchar as last,
      count(*) - count(volume) as missing,
      to_json(list(distinct symbol))::varchar as symbols
    from import_partition`)
  if (facts.first === null) return false
  for (const symbol of JSON.parse(facts.symbols) as string[]) tally.symbols.add(symbol)
  if (facts.first < tally.firstSession) tally.firstSession = facts.first
  if (facts.last > tally.lastSession) tally.lastSession = facts.last
  tally.withoutVolume += facts.missing
  return true
}

/**
 * Returns SQL of all rejected rows: `row` counts the rows of a file from 1, `line` is the line of a text file that is no usable
 * row; then the reason, the values as they were given, and the text of such a line.
 */
export function rejectedBarsSql(staged: string, files: readonly string[]): string {
  const originals = valueNames.map((name) => `coalesce(original_${name}, ${name}::varchar) as ${name}`)
  const readable = `
    select file, row, null::bigint as line, reason, symbol, time_text as time, ${originals.join(', ')}, null::varchar as text
    from (
      from read_parquet(${literal(staged)}) where reason is not null
      union all by name
      from import_repeats
    )`
  return withMalformedSql(readable, files)
}

/** Returns how many rows and lines were read. */
export async function rowsRead(database: Database, staged: string): Promise<number> {
  const sql = `select (select count(*) from read_parquet(${literal(staged)})) + (select count(*) from import_malformed)`
  return Number(await database.value(sql))
}
