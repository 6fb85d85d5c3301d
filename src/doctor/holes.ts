import type { Database } from '../database/database.js'
import { counted } from '../format.js'
import { readSql } from '../models/model.js'
import { storedBarsSql } from '../models/stored-bars.js'
import { sourceTimeframes } from '../store/coverage.js'
import { barFiles, storedTimeframes, type Store } from '../store/layout.js'
import { parseTimeframes, type Timeframe } from '../store/timeframe.js'
import { ok, warning, type Finding } from './finding.js'

/** Looks for holes of more than 13 months in the bars of each stored timeframe, with those resampled where none were imported. */
export async function holeFindings(database: Database, store: Store): Promise<Finding[]> {
  const findings: Finding[] = []
  for (const timeframe of parseTimeframes(storedTimeframes(store))) findings.push(await holesOf(database, store, timeframe))
  return findings
}

async function holesOf(database: Database, store: Store, timeframe: Timeframe): Promise<Finding> {
  const sources = sourceTimeframes(store, timeframe)
  const files = sources.map(({ name }) => storedBarsSql(barFiles(store, name)))
  await database.run(`create or replace view source_bars as ${files.join(' union all by name ')}`)
  const check = `bars ${timeframe.name}: holes`
  const [{ symbols, place }] = await database.rows<{ symbols: number; place: string | null }>(`
    select count(distinct symbol) as symbols, min(symbol || ' from ' || before_hole || ' to ' || after_hole) as place
    from (${readSql('checks/store/bar_holes.sql')})`)
  if (place === null) return ok(check, 'none of more than 13 months')
  const finer = sources.filter((source) => source !== timeframe).map(({ name }) => name)
  const made = finer.length === 0 ? '' : `, with those made of ${finer.join(' and ')} bars`
  const found = `${counted(symbols, 'symbol')} without bars for more than 13 months, such as ${place}${made}`
  return warning(check, found, 'dots and other windows run across a hole: keep what lies before it and after it in two stores (--store)')
}
