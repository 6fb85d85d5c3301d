import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { nearest, usageError } from '../errors.js'
import type { SqlValue } from '../database/quote.js'
import { readSql, sqlFiles } from '../models/model.js'
import { parameterValues, parseHeader, type StrategyHeader } from './header.js'

/** A strategy that is ready to be bound: its text and the values of its parameters. */
export interface Strategy {
  name: string
  /** The file as the user named it, or as it stands in `sql/`; used in error messages. */
  file: string
  text: string
  /** SHA-256 of the text. */
  hash: string
  header: StrategyHeader
  values: Record<string, SqlValue>
}

/** Returns the names of the strategies that come with dgas, sorted. */
export function builtInStrategies(): string[] {
  return sqlFiles('strategies').map((path) => basename(path, '.sql'))
}

/**
 * Loads a strategy: one that comes with dgas by name, or a user's own by the path of its `.sql` file. Throws a usage
 * error when there is none, or when a parameter is unknown or out of bounds.
 */
export function loadStrategy(nameOrFile: string, given: Readonly<Record<string, string>>): Strategy {
  const { name, file, text } = findStrategy(nameOrFile)
  const header = parseHeader(text, file)
  return { name, file, text, hash: hashOf(text), header, values: parameterValues(header, given, name) }
}

/** Makes a strategy of a text and values of its parameters that were recorded. */
export function recordedStrategy({ name, file, text, values }: Pick<Strategy, 'name' | 'file' | 'text' | 'values'>): Strategy {
  return { name, file, text, hash: hashOf(text), header: parseHeader(text, file), values }
}

/** Returns the hash of the text that a strategy has now, or null where its file is not to be found. */
export function presentHash({ name, file }: Pick<Strategy, 'name' | 'file'>): string | null {
  const isBuiltIn = file === builtInFile(name)
  if (isBuiltIn) return builtInStrategies().includes(name) ? hashOf(readSql(file)) : null
  return existsSync(file) ? hashOf(readOwn(file)) : null
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

function builtInFile(name: string): string {
  return `strategies/${name}.sql`
}

function findStrategy(nameOrFile: string): { name: string; file: string; text: string } {
  const names = builtInStrategies()
  if (names.includes(nameOrFile)) {
    const file = builtInFile(nameOrFile)
    return { name: nameOrFile, file, text: readSql(file) }
  }
  if (/[/\\]|\.sql$/.test(nameOrFile)) {
    return { name: basename(nameOrFile, '.sql'), file: nameOrFile, text: readOwn(nameOrFile) }
  }
  throw usageError({
    what: `there is no strategy "${nameOrFile}"`,
    where: '--strategy',
    expected: `${names.join(', ')}, or the path of a .sql file`,
    nearest: nearest(nameOrFile, names),
  })
}

function readOwn(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'there is no such file' : 'it cannot be read'
    throw usageError({ what: `${reason}: "${file}"`, where: '--strategy', expected: 'the path of a .sql file' })
  }
}
