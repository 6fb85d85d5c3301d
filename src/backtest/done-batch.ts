import type { Database } from '../database/database.js'
import { literal } from '../database/quote.js'
import { equityColumns, sides, tradeColumns, type NumberRows } from '../rows.js'
import type { Outcomes } from '../simulation/simulate.js'
import { runRelations } from '../store/run-relations.js'
import type { BatchRecord } from './batch-record.js'
import type { RunOutput } from './parts.js'

/**
 * Reads the trades and equity of a finished batch back, in the order in which they were written; texts of reasons, which no
 * figure needs, come as -1.
 */
export async function readOutcomes(output: RunOutput, { files }: BatchRecord): Promise<Outcomes> {
  return {
    trades: await readRows(output, 'trades', tradeColumns, Object.keys(files)),
    equity: await readRows(output, 'equity', equityColumns, Object.keys(files)),
  }
}

async function readRows<Name extends string>(
  { database, folder }: RunOutput,
  relation: 'trades' | 'equity',
  names: readonly Name[],
  files: readonly string[],
): Promise<NumberRows<Name>> {
  const types: Record<string, string> = runRelations[relation]
  const list = names.map((name) => `${numberSql(name, types[name])} as ${name}`)
  const paths = files.filter((path) => path.startsWith(`${relation}/`)).sort()
  // a batch of which every symbol has failed
  if (paths.length === 0) return noRows(names)
  const codes = (column: string) => `left join (select symbol as ${column}, code as ${column}_code from run_symbols) using (${column})`
  const joins = relation === 'trades' ? [codes('account'), codes('symbol')] : [codes('account')]
  return await columnsOf(database, `
    select ${list.join(', ')}
    from read_parquet([${paths.map((path) => literal(`${folder}/${path}`)).join(', ')}], file_row_number = true, filename = true)
    ${joins.join('\n    ')}
    order by filename, file_row_number`) as NumberRows<Name>
}

function noRows<Name extends string>(names: readonly Name[]): NumberRows<Name> {
  return { length: 0, ...Object.fromEntries(names.map((name) => [name, new Float64Array(0)])) } as NumberRows<Name>
}

async function columnsOf(database: Database, sql: string): Promise<unknown> {
  return database.columns(sql)
}

function numberSql(name: string, type: string): string {
  if (name === 'account' || name === 'symbol') return `${name}_code::double`
  if (name === 'side') return `list_position([${sides.map(literal).join(', ')}], side)::double - 1`
  if (type === 'VARCHAR') return '-1::double'
  if (type === 'TIMESTAMP') return `epoch_ms(${name})::double`
  return type === 'DATE' ? `(${name} - date '1970-01-01')::double` : `${name}::double`
}
