import { usageError } from '../errors.js'
import { instrumentColumns, writeInstruments } from '../store/instruments.js'
import { assertFound, instrumentAliases, recognised, type SourceColumn } from './columns.js'
import type { ImportedRows } from './import-rows.js'
import { textSql } from './values.js'

/** Instruments; what a row does not say stays as it was. */
export const importedInstruments: ImportedRows = {
  kind: 'instruments',
  columns: Object.fromEntries(instrumentColumns.split(', ').map((name) => [name, 'varchar'])),
  columnsOf,
  given: instrumentColumns,
  write: writeInstruments,
}

function columnsOf(columns: SourceColumn[], file: string): Record<string, string> {
  const found = recognised(columns, instrumentAliases, file)
  assertFound(found, ['symbol'], { aliases: instrumentAliases, columns, file })
  if (Object.values(found).flat().length < 2) {
    const expected = 'a column name, exchange, sector or industry'
    throw usageError({ what: 'there is nothing about the symbols', where: file, expected })
  }
  return Object.fromEntries(Object.entries(found).map(([role, named]) => [role, textSql(named.at(0))]))
}
