import type { Database } from '../../src/database/database.js'
import type { Parameters } from '../../src/database/parameters.js'
import { literal } from '../../src/database/quote.js'
import { differsSql, type PriceChange } from './column-kinds.js'

/** Copies of all symbols of the table `test_bars`, each named by its symbol and a name. */
export interface Copies extends PriceChange {
  name: string
  /** SQL of a sum over a symbol: the close of the last bar that is copied; default: all bars are. */
  until?: string
}

/** Distances in shares of the price would depend on where the price's zero is: parameters for copies whose prices are moved. */
export const absolute: Parameters = { touch_tolerance: 0, approach_tolerance: 0 }

/** Copies of all bars, turned upside down within the prices that a symbol has had. */
export const turned: Copies = { name: 'turned', factor: -1, shift: 'ceil(max(high) + min(low))' }

/** Copies of the bars up to one of each symbol, which lies early in some and late in others. */
export const cut: Copies = {
  ...{ name: 'cut', factor: 1, shift: '0' },
  until: 'list(closed_at order by closed_at)[(1 + hash(symbol) % count(*))::bigint]',
}

/** Adds copies, which is of use before `geometry` is read. */
export async function addCopies(database: Database, copies: readonly Copies[]): Promise<void> {
  await database.run('create table copies (name varchar, symbol varchar, plain_symbol varchar, factor double, shift double, until timestamp)')
  for (const { name, factor, shift, until = 'null' } of copies) {
    await database.run(`
      insert into copies
      select ${literal(name)}, symbol || ' ' || ${literal(name)}, symbol, ${factor}, ${shift}, ${until} from test_bars group by symbol`)
  }
  await database.run(`
    insert into test_bars by name
    select test_bars.* replace (
      copies.symbol as symbol, open * factor + shift as open, close * factor + shift as close,
      if(factor < 0, low, high) * factor + shift as high, if(factor < 0, high, low) * factor + shift as low
    )
    from test_bars join copies on copies.plain_symbol = test_bars.symbol
    where until is null or closed_at <= until`)
}

/**
 * Returns the columns of `geometry` in which the rows of copies are not what becomes of the rows that they are copies of, each with
 * one of its places. Of a symbol that is cut, the bars count that had closed by then, and must be the same to the last bit.
 */
export async function differencesOf(database: Database, copies: Copies): Promise<string[]> {
  const columns = await database.rows<{ column_name: string; column_type: string }>('describe geometry')
  const differing = columns.filter(({ column_name }) => column_name !== 'symbol').map(({ column_name: name, column_type: type }) => {
    const differs = copies.until === undefined ? differsSql(name, type, copies) : `plain.${name} is distinct from copy.${name}`
    return `any_value(place) filter (where ${differs}) as ${name}`
  })
  const isCounted = `copies.name = ${literal(copies.name)} and (until is null or closed_at <= until)`
  const [{ rows, expected, ...places }] = await database.rows(`
    select
      count(*) as rows,
      (select count(*) from geometry join copies on geometry.symbol = plain_symbol where ${isCounted}) as expected,
      ${differing.join(',\n      ')}
    from (
      select plain, copy, factor, shift, plain_symbol || ' ' || copy.timeframe || ' ' || copy.bar_at as place
      from (select geometry as copy, copies.* from geometry join copies using (symbol) where ${isCounted})
      join geometry as plain
        on plain.symbol = plain_symbol and plain.timeframe = copy.timeframe and plain.bar_at = copy.bar_at
    )`)
  const found = Object.entries(places).filter(([, place]) => place !== null).map(([name, place]) => `${name} of ${String(place)}`)
  return rows === expected && Number(rows) > 0 ? found : [`${String(rows)} rows instead of ${String(expected)}`, ...found]
}
