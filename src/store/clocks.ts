import { literal } from '../database/quote.js'
import { readCalendar } from './calendar.js'
import { storedBarsSql, storedTimeframes, timeframeFolder, type Store } from './layout.js'
import { readManifest } from './manifest.js'

/** Returns SQL of the symbols that the query `symbols` selects, each with the time zone of its exchange: symbol, timezone. */
export function clocksSql(store: Store, symbols: string): string {
  const names = storedTimeframes(store)
  const exchanges = [...new Set(names.flatMap((name) => readManifest(timeframeFolder(store, name)).exchanges))].sort()
  const clocks = exchanges.map((exchange) => `(${literal(exchange)}, ${literal(readCalendar(store, exchange).timezone)})`)
  // the bars need not be read to know the only exchange
  const bars = names.map((name) => `select symbol, exchange from (${storedBarsSql(store, name)})`)
  const listed = exchanges.length === 1
    ? `select symbol, ${literal(exchanges[0])} as exchange from (${symbols})`
    : `select symbol, min(exchange) as exchange from (${bars.join(' union all ')}) semi join (${symbols}) using (symbol) group by symbol`
  return `select symbol, timezone from (${listed}) join (values ${clocks.join(', ')}) as clocks(exchange, timezone) using (exchange)`
}
