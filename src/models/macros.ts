import type { Database } from '../database/database.js'
import { readSql, sqlFiles } from './model.js'
import { wordsIn } from './prune.js'

/** Creates the SQL macros of the geometry, which the models and every query may use. */
export async function createMacros(database: Database): Promise<void> {
  for (const path of sqlFiles('macros')) await database.run(readSql(path), { name: path })
}

/** Creates those macros that some SQL calls, itself or through others: to create all takes as long as to read a batch of bars. */
export async function createMacrosOf(database: Database, sql: string): Promise<void> {
  const statements = macrosCalled(sql)
  if (statements.length > 0) await database.run(statements.join('\n'))
}

/** Returns whether some SQL names a macro. */
export function callsMacro(sql: string): boolean {
  return macrosCalled(sql).length > 0
}

/** Returns the statements that create the macros that some SQL names, and those that these name, in the order of the files. */
function macrosCalled(sql: string): string[] {
  const macros = readMacros()
  const called = new Set<string>()
  const waiting = wordsIn(sql)
  for (let word = waiting.pop(); word !== undefined; word = waiting.pop()) {
    if (!macros.has(word) || called.has(word)) continue
    called.add(word)
    waiting.push(...wordsIn(macros.get(word)!))
  }
  return [...macros].filter(([name]) => called.has(name)).map(([, statement]) => statement)
}

/** Returns the statement that creates each macro, by its name. */
function readMacros(): Map<string, string> {
  const statements = sqlFiles('macros').flatMap((path) => readSql(path).match(/^create or replace macro [^;]*;/gm) ?? [])
  return new Map(statements.map((statement) => [/macro (\w+)/.exec(statement)![1], statement]))
}
