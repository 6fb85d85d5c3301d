import { readFileSync } from 'node:fs'
import { Command, Option } from 'commander'
import { openDatabase, type Database } from '../database/database.js'
import type { SqlOrigin } from '../database/sql-error.js'
import { usageError } from '../errors.js'
import { counted, duration } from '../format.js'
import type { Io } from '../io.js'
import { outputFormats, writeResult, type OutputFormat } from '../query/output.js'
import { relationNames } from '../models/relation-names.js'
import { createQueryRelations } from '../query/relations.js'
import { openStore } from '../store/store.js'
import { globalOptions } from './globals.js'

const description = `Runs a query over the relations of the store: bars, the models of the geometry at any timeframe,
context, instruments, corporate_actions, runs, trades, equity, symbols, signals. A timeframe that was not imported is
resampled when the query names it: where timeframe = '1d'. Nothing can be changed.`

/** The command `dgas query`. */
export function queryCommand(io: Io): Command {
  return new Command('query')
    .summary('run SQL over bars, geometry, runs, trades and equity')
    .description(description)
    .argument('[sql]', 'the query; - or nothing reads it from standard input')
    .option('-f, --file <file>', 'read the query from a file')
    .addOption(new Option('--format <format>', 'form of the output').choices(outputFormats).default('table'))
    .action(async (sql: string | undefined, options: { file?: string; format: OutputFormat }, command: Command) => {
      const { store: folder, threads, memory, json, quiet } = globalOptions(command, io)
      const query = await readQuery(sql, options.file, io)
      const started = performance.now()
      const database = await openDatabase({ threads, memory })
      const store = await openStore(database, { folder })
      await createQueryRelations(database, store, query.text)
      await assertReadOnly(database, query).catch(async (error: unknown) => {
        // among all columns there may be one that a misspelt name is near to
        await createQueryRelations(database, store, query.text, true)
        await assertReadOnly(database, query)
        throw error
      })
      await database.confine([store.folder])
      const result = await database.stream(query.text, query)
      const rows = await writeResult(result, json ? 'json' : options.format, io.out)
      const seconds = duration(performance.now() - started)
      if (!quiet) io.err(`${counted(rows, 'row')} in ${seconds}${store.isSample ? ' (sample store)' : ''}\n`)
      database.close()
    })
}

interface Query extends SqlOrigin {
  text: string
}

async function readQuery(sql: string | undefined, file: string | undefined, io: Io): Promise<Query> {
  if (file !== undefined && sql !== undefined) throw usageError({ what: 'both a query and --file are given', expected: 'one' })
  if (file !== undefined) return { text: readQueryFile(file), name: file, relations: relationNames() }
  const text = sql === undefined || sql === '-' ? await io.input() : sql
  if (text.trim() === '') throw usageError({ what: 'the query is empty', expected: 'SQL such as "select * from bars limit 5"' })
  return { text, name: 'query', relations: relationNames() }
}

function readQueryFile(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw usageError({ what: `cannot read "${file}": ${(error as Error).message}`, where: '--file' })
  }
}

async function assertReadOnly(database: Database, query: Query): Promise<void> {
  const { count, isQuery } = await database.statements(query.text, query)
  if (isQuery) return
  const what = count === 1 ? 'this statement would change something' : `there are ${count} statements`
  throw usageError({ what, where: query.name, expected: 'one query: select, with, from, describe, summarize or explain' })
}
