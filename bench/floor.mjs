// The floor: a process that opens the store, reads all bars and computes the PLdot in one window pass, and nothing else.
// Usage: node bench/floor.mjs STORE TIMEFRAME [SYMBOLS]
import { openDatabase } from '../dist/database/database.js'
import { literal } from '../dist/database/quote.js'
import { barFiles, openStore } from '../dist/store/store.js'

const [folder, timeframe, symbols] = process.argv.slice(2)
const database = await openDatabase()
const store = await openStore(database, { folder })
const files = barFiles(store, timeframe).map(literal).join(', ')
const wanted = symbols === undefined ? '' : `where symbol in (select distinct symbol from read_parquet([${files}]) order by 1 limit ${symbols})`
const [row] = await database.rows(`
  with priced as (
    select symbol, bar_at, open, volume, (high + low + close) / 3 as typical_price from read_parquet([${files}]) ${wanted}
  ),
  dots as (
    select *, (typical_price + lag(typical_price) over w + lag(typical_price, 2) over w) / 3 as pldot_next
    from priced
    window w as (partition by symbol order by bar_at)
  )
  select count(*) as bars, sum(pldot_next) as dots, sum(open) as opens, sum(volume) as volumes from dots`)
console.log(row.bars)
database.close()
