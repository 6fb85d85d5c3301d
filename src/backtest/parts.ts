import { randomUUID } from 'node:crypto'
import { mkdirSync, renameSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Columns, NumberColumn } from '../database/columns.js'
import type { Database } from '../database/database.js'
import { enumeration, identifier, literal } from '../database/quote.js'
import { declineReasons, exitReasons, sides, type DeclinedColumn, type NumberRows } from '../rows.js'
import type { Outcomes } from '../simulation/simulate.js'
import { fileError } from '../store/files.js'
import { runRelations, type RunRelation } from '../store/run-relations.js'
import { partName } from './batch-record.js'
import { packed } from './packed.js'
import { signalColumn } from './signal-columns.js'

/** Where the rows of a run are written, and what their codes mean. */
export interface RunOutput {
  database: Database
  runId: string
  folder: string
  /** Names by the codes of symbols and accounts. */
  symbols: readonly string[]
  accounts: readonly string[]
}

/** Writes the trades of one part of a run and returns the file; `reasons` are the texts of the strategy's reasons. */
export async function writeTrades(
  output: RunOutput,
  part: string,
  { trades }: Pick<Outcomes, 'trades'>,
  reasons: readonly string[],
): Promise<string> {
  const { symbols, accounts } = output
  return writeRows(output, 'trades', part, trades as unknown as Columns, {
    ...{ account: accounts, symbol: symbols, side: sides, entry_reason: reasons, exit_reason: [...exitReasons, ...reasons] },
  })
}

/** Writes the equity of one part of a run. */
export async function writeEquity(output: RunOutput, part: string, { equity }: Pick<Outcomes, 'equity'>): Promise<void> {
  await writeRows(output, 'equity', part, equity as unknown as Columns, { account: output.accounts })
}

/** Does work with a connection of its own, so that other work can be done at the same time. */
export async function besides<T>(output: RunOutput, work: (output: RunOutput) => Promise<T>): Promise<T> {
  return output.database.beside((database) => work({ ...output, database }))
}

/** Texts that stand behind the codes of columns, by column. */
export type Dictionaries = Readonly<Record<string, readonly string[]>>

/**
 * Writes columns as one Parquet file of a run's relation, with the names and types that the relation has: codes become the
 * texts of `dictionaries`, milliseconds timestamps, days dates, NaN null. The file, which is returned, appears whole or not at all.
 */
export async function writeRows(
  output: RunOutput,
  relation: RunRelation,
  part: number | string,
  columns: Columns,
  dictionaries: Dictionaries,
): Promise<string> {
  const { database, runId } = output
  const table = `part_${relation}`
  const { columns: rows, sql, missing } = packed(columns)
  await database.put(table, rows)
  // the same texts are looked up once: those of accounts and symbols are mostly the same
  const texts: string[] = []
  const textOf = (name: string) => {
    const text = textSql(sql.get(name)!, dictionaries[name], columns[name])
    if (!texts.includes(text)) texts.push(text)
    return `text_${texts.indexOf(text)}`
  }
  const list = Object.entries(runRelations[relation]).map(([name, type]) => {
    const value = () => (name in dictionaries ? textOf(name) : columnSql(sql.get(name)!, type, missing.has(name)))
    return `${name === 'run_id' ? `${enumeration([runId])}[1]` : value()} as ${identifier(name)}`
  })
  const looked = texts.map((text, index) => `, ${text} as text_${index}`)
  return writePart(output, relation, part, `select ${list.join(', ')} from (select *${looked.join('')} from ${table})`, `drop table ${table}`)
}

/**
 * Writes the entries among the signals of the relation `table`, which has the strategy's `columns`, with what became of them; their
 * symbols are some of the consecutive `symbols`.
 */
export async function writeSignals(
  output: RunOutput,
  part: string,
  table: string,
  columns: readonly string[],
  symbols: readonly { symbol: string }[],
  declined: NumberRows<DeclinedColumn>,
): Promise<void> {
  await output.database.put('part_declined', declined as unknown as Columns)
  const first = output.symbols.indexOf(symbols[0].symbol)
  const codes = { first, end: first + symbols.length }
  await writeEntries(output, part, table, columns, { codes, afterwards: 'drop table part_declined' })
}

/**
 * Writes the entries among the signals of the relation `table`; `part_declined` says which of them were declined. The codes of their
 * symbols lie from `first` to below `end`; `afterwards` is a statement that is run then.
 */
export async function writeEntries(
  output: RunOutput,
  part: string,
  table: string,
  columns: readonly string[],
  { codes = { first: 0, end: Infinity }, afterwards = '' }: { codes?: { first: number; end: number }; afterwards?: string } = {},
): Promise<void> {
  const { symbols, runId } = output
  const own = Object.entries(runRelations.signals).slice(3, -1)
  const given = own.filter(([name]) => columns.includes(name)).map(([name, type]) => `, ${signalColumn(name, columns)}::${type} as ${name}`)
  const all = own.map(([name, type]) => (columns.includes(name) ? name : `${signalColumn(name, columns)}::${type} as ${name}`))
  await writePart(output, 'signals', part, `
    with signals as (
      select code, bar_at${given.join('')} from ${table} where ${columns.includes('entry') ? 'entry <> 0' : 'false'}
    ),

    declined as (
      select
        symbol::integer as code,
        epoch_ms(bar_at::bigint) as bar_at,
        list_extract(${enumeration(declineReasons)}, reason::integer + 1) as declined
      from part_declined
    ),

    -- sorted before the columns are added that the strategy does not give
    sorted as (
      select * from signals left join declined using (code, bar_at) order by code, bar_at
    )

    select
      ${enumeration([runId])}[1] as run_id,
      list_extract(${enumeration(symbols.slice(codes.first, codes.end))}, code + ${1 - codes.first}) as symbol,
      bar_at,
      ${all.join(', ')},
      declined
    from sorted`, afterwards)
}

/** Tells the unfinished files of this process from those of another one that works on the same run. */
const own = randomUUID().slice(0, 8)

/**
 * Writes the result of a query as one Parquet file of a run, which appears whole or not at all, and returns the file. `afterwards`
 * is a statement that is run as soon as it is written.
 */
export async function writePart(
  { database, folder }: Pick<RunOutput, 'database' | 'folder'>,
  relation: RunRelation | 'computed',
  part: number | string,
  sql: string,
  afterwards = '',
): Promise<string> {
  const file = join(folder, relation, `${typeof part === 'number' ? partName(part) : part}.parquet`)
  const beside = `${file}.${own}.tmp`
  try {
    mkdirSync(dirname(file), { recursive: true })
    // most numbers of trades differ from each other: the sooner that is noticed, the less is looked for what repeats
    const options = 'format parquet, compression snappy, dictionary_size_limit 5000, use_tmp_file false'
    const copy = `copy (${sql}) to ${literal(beside)} (${options})`
    await database.run(`${copy}; ${afterwards}`, { name: file })
    // not waited for until it is on the disk: what a power cut takes is computed again
    renameSync(beside, file)
    return file
  } catch (error) {
    rmSync(beside, { force: true })
    throw fileError(error, file)
  }
}

/** SQL of the texts for which the codes of a column stand, in SQL `value`; those outside their range are left out of it. */
function textSql(value: string, texts: readonly string[], codes: NumberColumn): string {
  const [least, most] = rangeOf(codes)
  // to a missing one, -1, belongs the place 0, where there is none
  const first = Math.max(0, Math.min(least, texts.length))
  return `list_extract(${enumeration(texts.slice(first, most + 1))}, ${value}::integer + ${1 - first})`
}

/** The least and the greatest of some whole numbers. */
function rangeOf(codes: NumberColumn): [least: number, most: number] {
  let [least, most] = [Infinity, -1]
  for (let row = 0; row < codes.length; row++) {
    const code = codes[row]
    if (code < least) least = code
    if (code > most) most = code
  }
  return [least, most]
}

/** SQL of a column of this type from the number `value`, which may be missing or not. */
function columnSql(value: string, type: string, isMissing: boolean): string {
  if (!isMissing && type !== 'TIMESTAMP' && type !== 'DATE') return `${value}::${type}`
  if (type === 'TIMESTAMP') return `epoch_ms(${value}::bigint)`
  if (type === 'DATE') return `date '1970-01-01' + if(isnan(${value}::double), null, ${value})::integer`
  return `if(isnan(${value}::double), null, ${value})::${type}`
}
