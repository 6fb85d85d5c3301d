import { byId, element, settled } from './dom.js'
import { counted, decimal, signed } from './format.js'
import { entrySessions } from './trades.js'

/**
 * Says what happened in the chosen range: return and drawdown of the equity, and what the trades entered in it made.
 * @param {{ sessions: string[], equity: number[], capital: number }} curve @param {import('./unpack.js').Table} trades
 * @param {boolean} isWhole whether the page holds all trades @param {import('./range.js').TimeRange} range
 */
export function showRangeFigures(curve, trades, isWhole, range) {
  const entered = entrySessions(trades, curve.sessions)
  const show = () => {
    const { from, to } = range.get()
    const [first, last] = range.dates()
    const text = `${first} to ${last}, ${counted(to - from + 1, 'session')}`
    const facts = [...equityFacts(curve, from, to), ...(isWhole ? tradeFacts(trades, entered, from, to) : [])]
    byId('range-figures').replaceChildren(
      element('strong', {}, text),
      ...facts.map(([name, value]) => element('span', {}, `${name} `, element('b', {}, value))))
  }
  range.follow(settled(show, 60))
  show()
}

/** @param {{ equity: number[], capital: number }} curve @param {number} from @param {number} to @returns {[string, string][]} */
function equityFacts({ equity, capital }, from, to) {
  const start = from === 0 ? capital : equity[from - 1]
  let [peak, deepest] = [start, 0]
  for (const value of equity.slice(from, to + 1)) {
    peak = Math.max(peak, value)
    deepest = Math.min(deepest, (value / peak - 1) * 100)
  }
  return [['return', `${signed((equity[to] / start - 1) * 100)} %`], ['drawdown', `${decimal(-deepest)} %`]]
}

/** @param {import('./unpack.js').Table} trades @param {Int32Array} entered @param {number} from @param {number} to @returns {[string, string][]} */
function tradeFacts({ length, number }, entered, from, to) {
  let [count, won, profit] = [0, 0, 0]
  for (let row = 0; row < length; row++) {
    if (entered[row] < from || entered[row] > to) continue
    count += 1
    won += number.net_profit[row] > 0 ? 1 : 0
    profit += number.net_profit[row]
  }
  const rate = count === 0 ? NaN : (won / count) * 100
  return [['trades entered', decimal(count, 0)], ['won', `${decimal(rate, 1)} %`], ['net profit', signed(profit, 0)]]
}
