import { orderTypes, type BarColumns } from '../rows.js'
import { enter } from './entries.js'
import { decline, isHalted, type World } from './world.js'

const market = orderTypes.indexOf('market')
const limit = orderTypes.indexOf('limit')

/** Fills the waiting order of a symbol, or its rest, if the bar's open allows it. */
export function enterAtOpen(world: World, bars: BarColumns, row: number): void {
  const { state } = world
  const symbol = bars.symbol[row]
  const open = bars.open[row]
  const direction = state.order[symbol]
  const type = state.order_type[symbol]
  if (!canEnter(world, bars, row)) return
  if (type === market || isBeyond(type, direction, open, state.order_price[symbol])) {
    enter(world, bars, row, open, type !== limit)
  } else if (isBeyond(type, -direction, open, state.order_other_price[symbol])) {
    turn(world, symbol)
    enter(world, bars, row, open, type !== limit)
  }
}

/** Whether `price` is as good as that of a limit order, or as bad as that of a stop order. */
function isBeyond(type: number, direction: number, price: number, orderPrice: number): boolean {
  const beyond = direction * (price - orderPrice)
  return type === limit ? beyond <= 0 : beyond >= 0
}

/** Fills the waiting limit or stop order of a symbol, or its rest, if the bar reaches its price. */
export function enterInside(world: World, bars: BarColumns, row: number): void {
  const { state } = world
  const symbol = bars.symbol[row]
  const type = state.order_type[symbol]
  const direction = state.order[symbol]
  if (type === market || !canEnter(world, bars, row)) return
  const price = state.order_price[symbol]
  const other = state.order_other_price[symbol]
  const isReached = reaches(bars, row, type, direction, price)
  const isOtherReached = reaches(bars, row, type, -direction, other)
  if (!isReached && !isOtherReached) return
  const open = bars.open[row]
  const isOther = isOtherReached && (!isReached || Math.abs(other - open) < Math.abs(price - open))
  if (isOther) turn(world, symbol)
  const isNew = state.quantity[symbol] === 0
  enter(world, bars, row, isOther ? other : price, type !== limit)
  if (isNew && state.quantity[symbol] !== 0) state.isFresh[symbol] = 1
}

function reaches(bars: BarColumns, row: number, type: number, direction: number, price: number): boolean {
  const isBelow = direction > 0 === (type === limit)
  return isBelow ? bars.low[row] <= price : bars.high[row] >= price
}

/** Whether anything can be filled and no position of before is in the way. */
function canEnter(world: World, bars: BarColumns, row: number): boolean {
  const { state } = world
  const symbol = bars.symbol[row]
  if (state.quantity[symbol] !== 0 && state.order_rest[symbol] === 0) return false
  return state.room[symbol] > 0 && !isHalted(world, bars, row)
}

/** Lets the other of two orders take the place of the first, which it cancels. */
function turn({ state }: World, symbol: number): void {
  state.order[symbol] = -state.order[symbol]
  state.order_stop[symbol] = state.order_other_stop[symbol]
  state.order_target[symbol] = state.order_other_target[symbol]
  state.order_first_target[symbol] = NaN
  state.order_price[symbol] = state.order_other_price[symbol]
}

/** Lets a waiting order grow a bar older; it ends with its last valid bar or with the data. */
export function age(world: World, symbol: number, isLastBar: boolean): void {
  const { state } = world
  if (state.order[symbol] === 0) return
  state.order_bars[symbol]--
  state.order_rest_bars[symbol]--
  if (!isLastBar && state.order_bars[symbol] > 0) return
  if (state.order_rest[symbol] === 0) decline(world, symbol, state.order_at[symbol], expiry(world, symbol, isLastBar))
  state.order[symbol] = state.order_rest[symbol] = 0
}

function expiry({ state }: World, symbol: number, isLastBar: boolean) {
  if (isLastBar) return 'end of data'
  if (state.quantity[symbol] !== 0) return 'position open'
  return state.order_type[symbol] === market ? 'no volume' : 'not reached'
}
