import { whereSql } from '../database/condition.js'
import type { Database } from '../database/database.js'
import { alignedTable, count, counted, decimal, priceDecimals } from '../format.js'
import { geometryParameters, geometryTexts } from '../models/parameters.js'
import type { ContextRow } from './facts.js'
import type { Frames } from './frames.js'
import { numberIn, textIn } from './row.js'
import type { ScanSpec } from './scan.js'

/** Returns the ranked symbols as a table for the terminal, within 100 columns. */
export function scanTable(rows: readonly ContextRow[], { focus, higher }: Frames): string {
  const names = [focus.name, higher.at(0)?.name ?? 'higher']
  const columns = ['symbol', 'close', 'action', 'strength', 'risk', 'align', ...names, 'zone', 'away', 'touched']
  const numbers = ['close', 'strength', 'align', 'away']
  return alignedTable(columns.map((name) => ({ name, isNumber: numbers.includes(name) })), rows.map(cells))
}

function cells(row: ContextRow): string[] {
  const close = row.close as number
  return [
    row.symbol as string,
    decimal(close, priceDecimals(close)),
    textIn(row, 'recommended_action') ?? '–',
    decimal(numberIn(row, 'signal_strength')),
    textIn(row, 'risk_level') ?? '–',
    decimal(numberIn(row, 'alignment_score')),
    state(row, ''),
    state(row, 'higher_'),
    zone(row),
    decimal(numberIn(row, 'zone_distance')),
    touched(row),
  ]
}

/** The five states in a word each. */
const stateNames: Readonly<Record<string, string>> = {
  trend: 'trend',
  congestion_entrance: 'entrance',
  congestion_action: 'congestion',
  congestion_exit: 'exit',
  reversal: 'reversal',
}

function state(row: ContextRow, prefix: string): string {
  const name = textIn(row, `${prefix}market_state`)
  return name === null ? '–' : `${arrow(numberIn(row, `${prefix}market_direction`))} ${stateNames[name]}`
}

function arrow(direction: number | null): string {
  return direction === null || direction === 0 ? ' ' : direction > 0 ? '▲' : '▼'
}

/** On which side the nearest zone lies, and its weight. */
function zone(row: ContextRow): string {
  const role = textIn(row, 'zone_role')
  if (role === null) return '–'
  return `${role === 'support' ? 'below' : 'above'} ${decimal(numberIn(row, `${role}_zone_weight`), 1)}`
}

function touched(row: ContextRow): string {
  const lines = textIn(row, 'termination_lines') ?? ''
  return lines === '' ? '' : `${arrow(numberIn(row, 'termination_touch'))} ${lines.split(', ').length}`
}

interface ScanCounts {
  all: number
  symbols: number
  longs: number
  shorts: number
  near: number
  touched: number
  earlier: number
  latest: string
}

/** Returns a sentence on the symbols of the table `scan` that satisfy the condition, however many of them the ranking shows. */
export async function scanSummary(database: Database, { frames: { focus }, where, geometry }: ScanSpec): Promise<string> {
  const [found] = await database.rows<ScanCounts>(`
    select
      (select count(*) from scan) as all,
      count(*) as symbols,
      count(*) filter (where recommended_action = 'long') as longs,
      count(*) filter (where recommended_action = 'short') as shorts,
      count(*) filter (where zone_distance <= 0.5) as near,
      count(*) filter (where termination_lines <> '') as touched,
      count(*) filter (where closed_at < (select max(closed_at) from scan)) as earlier,
      (select strftime(max(closed_at), '%Y-%m-%d %H:%M') from scan) as latest
    from (${whereSql('select * from scan', where ?? 'true')})`)
  const { all, symbols, longs, shorts, near, touched, earlier, latest } = found
  const stale = earlier === 0 ? '' : ` (${counted(earlier, 'symbol')} earlier)`
  const signals = `${longs} long, ${shorts} short, ${near} within half a range of a zone, ${touched} at a termination line`
  const chosen = where === null ? '' : `${count(symbols)} of `
  const bars = [`${chosen}${counted(all, 'symbol')}`, `${focus.name} bars that closed at ${latest} UTC${stale}`]
  return `${[...bars, ...geometryTexts(geometryParameters(geometry))].join(', ')}\n${signals}\n`
}
