import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { openDatabase, type Database } from '../../src/database/database.js'
import type { Parameters } from '../../src/database/parameters.js'
import { literal } from '../../src/database/quote.js'
import { createMacros } from '../../src/models/macros.js'
import { createRelations } from '../../src/models/relations.js'
import { builtInCalendars } from '../../src/store/calendar.js'
import { sessionsSql } from '../../src/store/sessions.js'
import { parseTimeframe } from '../../src/store/timeframe.js'
import type { TestBar } from './bars.js'

const folder = resolve(import.meta.dirname, '../../../shared/data')

/** Whether the files of real bars are here; without them the tests on them are skipped. */
export const hasRealBars = existsSync(folder)

/** Which bars of a file to take: `file` without `.parquet`, its timeframe, and coarser ones to resample from it. */
export interface RealBarsSpec {
  file: string
  timeframe: string
  coarser?: readonly string[]
  /** SQL condition on `symbol` and `ts`; default: all bars. */
  condition?: string
  /** Values of the models' parameters that differ from their defaults. */
  parameters?: Parameters
  /** Higher timeframes of the relation `context`, which is there too when there are any. */
  higher?: readonly string[]
}

/** Opens a database with the relation `geometry` over real bars; bars that contradict themselves are left out. */
export async function openRealGeometry(spec: RealBarsSpec): Promise<Database> {
  const { file, timeframe, coarser = [], condition, higher = [], parameters } = spec
  const database = await openDatabase({ threads: 2 })
  await database.run(`create table test_bars as ${realBarsSql(file, timeframe, condition)}`)
  const sessions = sessionsSql(builtInCalendars, { from: '2013-01-01', to: '2026-12-31' })
  await database.run(`create table sessions as ${sessions}`)
  await createMacros(database)
  await createRelations(database, {
    names: higher.length === 0 ? ['geometry'] : ['geometry', 'context'],
    timeframes: [timeframe, ...coarser].map((name) => parseTimeframe(name)),
    higher: () => higher.map((name) => parseTimeframe(name)),
    stored: new Map([[parseTimeframe(timeframe), 'select * from test_bars']]),
    columnsRead: null,
    parameters,
  })
  return database
}

/** The files with their timeframes. */
export const realFiles: readonly RealBarsSpec[] = [
  { file: 'sp500_30m_2026', timeframe: '30m', coarser: ['1d', '1w'] },
  { file: 'us_30m_2018', timeframe: '30m', coarser: ['1d', '1w'] },
  { file: 'sp500_1d_2013_2018', timeframe: '1d', coarser: ['1w'] },
]

/** Whether tests that look at some symbols of the files look at all of them, which takes ten times as long: part after part. */
const isEverySymbol = process.env.EVERY_SYMBOL === '1'

/** Returns conditions in SQL, of which each holds for every `step`th symbol of a file by name: the first, or all that there are. */
export function someSymbols(file: string, step: number): { part: number; condition: string }[] {
  const symbols = `select distinct symbol from read_parquet(${literal(join(folder, `${file}.parquet`))})`
  return Array.from({ length: isEverySymbol ? step : 1 }, (_, part) => {
    return { part, condition: `symbol in (select symbol from (${symbols}) qualify row_number() over (order by symbol) % ${step} = ${(part + 1) % step})` }
  })
}

/** Returns SQL of the bars of a file in the columns of the store. */
export function realBarsSql(file: string, timeframe: string, condition = 'true'): string {
  const { minutes } = parseTimeframe(timeframe)
  return `
    select
      symbol,
      'XNYS' as exchange,
      ts as bar_at,
      ${minutes === undefined ? 'ts::date + interval 20 hour' : `ts + interval ${minutes} minute`} as closed_at,
      ts::date as session_date,
      open, high, low, close,
      volume::double as volume
    from read_parquet(${literal(join(folder, `${file}.parquet`))})
    where high >= greatest(open, close) and low <= least(open, close) and (${condition})`
}

/** Returns the bars of some symbols of a file, sorted by symbol and time. */
export async function readRealBars(file: string, symbols: readonly string[]): Promise<TestBar[]> {
  const database = await openDatabase({ threads: 2 })
  const chosen = `symbol in (${symbols.map(literal).join(', ')})`
  const bars = await database.rows<TestBar>(`
    select symbol, high, low, close from (${realBarsSql(file, '30m', chosen)}) order by symbol, bar_at`)
  database.close()
  return bars
}
