import { exitReasons, orderTypes, type BarColumns, type SignalColumns } from '../rows.js'
import { enter, slipped } from './fills.js'
import { decline, type World } from './world.js'

const market = orderTypes.indexOf('market')
const limit = orderTypes.indexOf('limit')

/** Does what a signal says at the close of its bar: moves a trailing stop, asks to leave, places an order. */
export function act(world: World, signals: SignalColumns, i: number): void {
  const { state } = world
  const symbol = signals.symbol[i]
  const quantity = state.quantity[symbol]
  if (quantity !== 0) trail(world, symbol, signals.trail_price[i])
  const isLeft = (quantity > 0 && signals.exit_long[i] === 1) || (quantity < 0 && signals.exit_short[i] === 1)
  if (isLeft) {
    state.leave[symbol] = 1
    state.leave_reason[symbol] = signals.reason[i] < 0 ? exitReasons.indexOf('signal') : exitReasons.length + signals.reason[i]
  }
  const waits = state.order[symbol]
  if ((waits > 0 && signals.exit_long[i] === 1) || (waits < 0 && signals.exit_short[i] === 1)) withdraw(world, symbol)
  if (signals.entry[i] !== 0) order(world, signals, i)
}

/** Moves the stop of a position with the market, never back. */
function trail({ state }: World, symbol: number, price: number): void {
  if (Number.isNaN(price)) return
  const stop = state.stop_price[symbol]
  const isNearer = state.quantity[symbol] > 0 ? price > stop : price < stop
  if (Number.isNaN(stop) || isNearer) state.stop_price[symbol] = price
}

/** Places the entry order of a signal for the bars after it, in the place of one that still waits. */
function order(world: World, signals: SignalColumns, i: number): void {
  const { state, rules, lastBarAt } = world
  const symbol = signals.symbol[i]
  const at = signals.bar_at[i]
  const type = signals.order_type[i]
  const price = type === market ? 0 : type === limit ? signals.limit_price[i] : signals.stop_entry_price[i]
  if (signals.entry[i] < 0 && !rules.allow_short) return decline(world, symbol, at, 'shorts not allowed')
  if (state.quantity[symbol] !== 0 && state.leave[symbol] === 0) return decline(world, symbol, at, 'position open')
  if (Number.isNaN(price)) return decline(world, symbol, at, 'no price for the order')
  if (at === lastBarAt[symbol]) return decline(world, symbol, at, 'end of data')
  if (state.order[symbol] !== 0) withdraw(world, symbol)
  const valid = signals.valid_bars[i]
  state.order[symbol] = signals.entry[i]
  state.order_type[symbol] = type
  state.order_price[symbol] = price
  state.order_bars[symbol] = type === market ? 1 : Number.isNaN(valid) ? Infinity : valid
  state.order_stop[symbol] = signals.stop_price[i]
  state.order_target[symbol] = signals.target_price[i]
  state.order_size[symbol] = Number.isNaN(signals.size_factor[i]) ? 1 : signals.size_factor[i]
  state.order_score[symbol] = Number.isNaN(signals.score[i]) ? -Infinity : signals.score[i]
  state.order_reason[symbol] = signals.reason[i]
  state.order_at[symbol] = at
}

function withdraw(world: World, symbol: number): void {
  decline(world, symbol, world.state.order_at[symbol], 'order withdrawn')
  world.state.order[symbol] = 0
}

/** Fills the waiting order of a symbol if the bar's open allows it. */
export function enterAtOpen(world: World, bars: BarColumns, row: number): void {
  const { state } = world
  const symbol = bars.symbol[row]
  const open = bars.open[row]
  const direction = state.order[symbol]
  const type = state.order_type[symbol]
  const beyond = direction * (open - state.order_price[symbol])
  if (type === market) enter(world, bars, row, symbol, slipped(world, bars, row, open, direction))
  else if (type === limit) {
    if (beyond <= 0) enter(world, bars, row, symbol, open)
  } else if (beyond >= 0) enter(world, bars, row, symbol, slipped(world, bars, row, open, direction))
}

/** Fills the waiting limit or stop order of a symbol if the bar reaches its price. Returns whether it did. */
export function enterInside(world: World, bars: BarColumns, row: number): boolean {
  const { state } = world
  const symbol = bars.symbol[row]
  const price = state.order_price[symbol]
  const direction = state.order[symbol]
  const isLimit = state.order_type[symbol] === limit
  const isBelow = direction > 0 === isLimit
  if (isBelow ? bars.low[row] > price : bars.high[row] < price) return false
  enter(world, bars, row, symbol, isLimit ? price : slipped(world, bars, row, price, direction))
  return state.quantity[symbol] !== 0
}

/** Lets a waiting order grow a bar older; it ends with its last valid bar or with the data. */
export function age(world: World, symbol: number, isLastBar: boolean): void {
  const { state } = world
  if (state.order[symbol] === 0) return
  state.order_bars[symbol]--
  if (!isLastBar && state.order_bars[symbol] > 0) return
  decline(world, symbol, state.order_at[symbol], isLastBar ? 'end of data' : 'not reached')
  state.order[symbol] = 0
}
