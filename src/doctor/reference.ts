import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Database } from '../database/database.js'
import { messageOf } from '../errors.js'
import { counted } from '../format.js'
import { parseCalendar } from '../store/calendar.js'
import { actionsSql } from '../store/corporate-actions.js'
import { instrumentsSql } from '../store/instruments.js'
import { actionsFile, calendarsFolder, instrumentsFile, storedSymbols, storedTimeframes, universesFolder, type Store } from '../store/layout.js'
import { resolveUniverse } from '../store/universe.js'
import { ok, problem, some, warning, type Finding } from './finding.js'

/** Checks what a store holds besides bars: instruments, corporate actions, universes and calendars; absent ones say nothing. */
export async function referenceFindings(database: Database, store: Store): Promise<Finding[]> {
  const tables = [
    await tableFinding(database, 'instruments', instrumentsFile(store), instrumentsSql(store)),
    await tableFinding(database, 'corporate actions', actionsFile(store), actionsSql(store)),
  ]
  return [
    ...tables.filter((finding) => finding !== null),
    ...await universeFindings(database, store),
    ...calendarFindings(store),
  ]
}

async function tableFinding(database: Database, check: string, file: string, sql: string): Promise<Finding | null> {
  if (!existsSync(file)) return null
  try {
    const [{ rows }] = await database.rows<{ rows: number }>(`select count(*) as rows, sum(hash(columns(*))) from (${sql})`)
    return ok(check, `${counted(rows, 'row')} can be read`)
  } catch (error) {
    const remedy = 'bring the file back from a copy; or dgas doctor --repair sets it aside, and dgas import brings its rows anew'
    const reason = messageOf(error)
    return problem(check, `${file} cannot be read: ${reason}`, remedy, [{ kind: 'set_aside', file, reason, partition: null }])
  }
}

async function universeFindings(database: Database, store: Store): Promise<Finding[]> {
  const stored = knownSymbols(store)
  const findings: Finding[] = []
  for (const file of names(universesFolder(store), '.csv')) {
    const universe = file.slice(0, -'.csv'.length)
    findings.push(await universeFinding(database, store, universe, stored))
  }
  return findings
}

/** The symbols that have bars; none while a manifest cannot be read, which is a finding of its own. */
function knownSymbols(store: Store): string[] {
  try {
    return [...new Set(storedTimeframes(store).flatMap((name) => storedSymbols(store, name)))].sort()
  } catch {
    return []
  }
}

async function universeFinding(database: Database, store: Store, universe: string, stored: readonly string[]): Promise<Finding> {
  const check = `universe ${universe}`
  try {
    const symbols = await resolveUniverse(database, store, { symbols: null, universe, where: null }, stored)
    const present = new Set(stored)
    const without = symbols.filter((symbol) => !present.has(symbol))
    if (without.length === 0) return ok(check, counted(symbols.length, 'symbol'))
    const found = `${counted(symbols.length, 'symbol')}, of which ${without.length} without bars: ${some(without)}`
    return warning(check, found, 'import their bars, or take them out; a backtest skips them, and they count against --min-success')
  } catch (error) {
    return problem(check, messageOf(error), 'mend the file or delete it')
  }
}

function calendarFindings(store: Store): Finding[] {
  const folder = calendarsFolder(store)
  return names(folder, '.json').map((name) => {
    const [exchange, file] = [name.slice(0, -'.json'.length), join(folder, name)]
    try {
      const { timezone } = parseCalendar(exchange, readFileSync(file, 'utf8'), file)
      return ok(`calendar ${exchange}`, timezone)
    } catch (error) {
      return problem(`calendar ${exchange}`, messageOf(error), 'mend the file')
    }
  })
}

function names(folder: string, ending: string): string[] {
  return existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith(ending)).sort() : []
}
