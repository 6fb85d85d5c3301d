import type { BarColumns } from '../rows.js'
import { exitCode, leave } from './fills.js'
import type { Ranges } from './ranges.js'
import { roundedShares } from './sizing.js'
import type { SymbolState } from './state.js'
import { accountOf, type World } from './world.js'

const inLieu = exitCode('split')

/** Pays the dividend of a bar on the position of its symbol, then splits position and order. */
export function applyActions(world: World, bars: BarColumns, row: number): void {
  if (bars.actions === undefined) return
  const dividend = bars.actions.dividend[row]
  const ratio = bars.actions.split[row]
  const symbol = bars.symbol[row]
  if (dividend !== 0 && world.state.quantity[symbol] !== 0) pay(world, symbol, dividend)
  if (ratio === 1) return
  if (world.state.quantity[symbol] !== 0) splitPosition(world, bars, row, ratio)
  if (world.state.order[symbol] !== 0) splitOrder(world, symbol, ratio)
}

/** Lets the ranges before a bar follow its split. */
export function splitRanges(ranges: Ranges, { actions, symbol }: BarColumns, row: number): void {
  if (actions !== undefined && actions.split[row] !== 1) ranges.split(symbol[row], actions.split[row])
}

/** A short position pays what a long one receives. */
function pay(world: World, symbol: number, dividend: number): void {
  const { state, accounts } = world
  const paid = state.quantity[symbol] * dividend
  state.dividends[symbol] += paid
  accounts.cash[accountOf(world, symbol)] += paid
}

const positionPrices = [
  ...(['entry_price', 'stop_price', 'first_stop_price', 'target_price', 'first_target_price'] as const),
  ...(['lowest', 'highest', 'last_close'] as const),
]

/** Gives a position its new shares and prices; a fraction that is not allowed is paid for at the open. */
function splitPosition(world: World, bars: BarColumns, row: number, ratio: number): void {
  const { state, rules } = world
  const symbol = bars.symbol[row]
  divide(state, positionPrices, symbol, ratio)
  state.quantity[symbol] *= ratio
  if (rules.fractional_shares) return
  const shares = Math.abs(state.quantity[symbol])
  const whole = roundedShares(rules, shares)
  if (whole < shares) leave(world, bars, row, bars.open[row], false, inLieu, shares - whole)
  else state.quantity[symbol] = Math.sign(state.quantity[symbol]) * whole
}

const orderPrices = [
  ...(['order_price', 'order_stop', 'order_target', 'order_first_target', 'order_range'] as const),
  ...(['order_other_price', 'order_other_stop', 'order_other_target'] as const),
]

/** Gives a waiting order its new prices and, if a part of it is filled, the shares that are still to come. */
function splitOrder({ state, rules }: World, symbol: number, ratio: number): void {
  divide(state, orderPrices, symbol, ratio)
  if (state.order_rest[symbol] === 0) return
  state.order_rest[symbol] = roundedShares(rules, state.order_rest[symbol] * ratio)
  if (state.order_rest[symbol] === 0) state.order[symbol] = 0
}

function divide(
  state: SymbolState,
  names: readonly (typeof positionPrices | typeof orderPrices)[number][],
  symbol: number,
  ratio: number,
): void {
  for (const name of names) state[name][symbol] /= ratio
}
