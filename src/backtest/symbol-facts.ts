import type { Database } from '../database/database.js'
import { DgasError } from '../errors.js'
import type { Rules } from '../simulation/rules.js'
import type { SymbolFacts } from '../simulation/world.js'
import type { Plan } from './plan.js'

/**
 * Returns what a simulation knows of the planned symbols before their first bar. Throws a `DgasError` when a rule needs
 * sectors and the store knows none.
 */
export async function symbolFacts(database: Database, { symbols }: Plan, rules: Rules): Promise<SymbolFacts> {
  const lastBarAt = Float64Array.from(symbols, (symbol) => symbol.lastBarAt)
  return rules.max_sector_positions === null ? { lastBarAt } : { lastBarAt, sectors: await sectorCodes(database) }
}

async function sectorCodes(database: Database): Promise<Int32Array> {
  const rows = await database.rows<{ sector: string | null }>(`
    select any_value(sector) as sector from run_symbols left join instruments using (symbol)
    group by code order by code`)
  const names = [...new Set(rows.map(({ sector }) => sector))].filter((name) => name !== null)
  if (names.length > 0) return Int32Array.from(rows, ({ sector }) => (sector === null ? -1 : names.indexOf(sector)))
  const expected = 'instruments with a sector: dgas import --instruments'
  throw new DgasError({ what: 'the sector of no symbol is known', where: '--max-sector-positions', expected, exit: 2 })
}
