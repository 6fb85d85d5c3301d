import { showCharts } from './charts.js'
import { showDeclined } from './declined.js'
import { byId } from './dom.js'
import { showOverview } from './overview.js'
import { showRangeFigures } from './range-figures.js'
import { timeRange } from './range.js'
import { symbolView } from './symbol-view.js'
import { showSymbols } from './symbols.js'
import { showTrades } from './trades.js'
import { readData, unpack } from './unpack.js'

const data = await readData('run')
const [trades, prices] = [unpack(await readData('trades')), unpack(data.prices)]
const range = timeRange(data.curve.sessions)
const symbol = symbolView({ ...data, trades, prices }, range)
if (data.curve.sessions.length > 0) {
  showOverview(data.curve.equity, range)
  showRangeFigures(data.curve, trades, data.holdsAllTrades, range)
}
symbol.follow(showSymbols(data.symbols, symbol.open))
if (trades.length > 0) showTrades(trades, byId('trades-heading').textContent, range, symbol.open)
showDeclined(unpack(data.declined))
await showCharts(data.charts, data.palettes, range)
document.documentElement.dataset.ready = 'true'
