import { writeActions } from '../store/corporate-actions.js'
import { actionAliases, assertFound, recognised, type SourceColumn } from './columns.js'
import type { ImportedRows } from './import-rows.js'
import { numberSql, textSql } from './values.js'

/** Splits and dividends. */
export const importedActions: ImportedRows = {
  kind: 'actions',
  columns: { symbol: 'varchar', ex_date: 'varchar', kind: 'varchar', value: 'double' },
  columnsOf,
  given: 'symbol, given_date as ex_date, kind, value',
  write: writeActions,
}

function columnsOf(columns: SourceColumn[], file: string): Record<string, string> {
  const found = recognised(columns, actionAliases, file)
  assertFound(found, ['symbol', 'ex_date', 'kind', 'value'], { aliases: actionAliases, columns, file })
  const { symbol, ex_date, kind, value } = found
  return { symbol: textSql(symbol[0]), ex_date: textSql(ex_date[0]), kind: textSql(kind[0]), value: numberSql(value[0]) }
}
