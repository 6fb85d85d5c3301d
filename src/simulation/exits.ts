import type { BarColumns } from '../rows.js'
import { exitCode, leave } from './fills.js'
import { roundedShares } from './sizing.js'
import { isHalted, type World } from './world.js'

const stopped = exitCode('stop')
const trailed = exitCode('trailing_stop')
const atTarget = exitCode('target')
const atFirstTarget = exitCode('first_target')

/** Leaves a position at the open when that was decided, or when the open lies beyond its stop or target. */
export function leaveAtOpen(world: World, bars: BarColumns, row: number): void {
  const { state } = world
  const symbol = bars.symbol[row]
  const open = bars.open[row]
  const direction = Math.sign(state.quantity[symbol])
  if (isHalted(world, bars, row)) return
  if (state.leave[symbol] === 1) leaveAll(world, bars, row, open, state.leave_reason[symbol])
  else if (direction * (open - state.stop_price[symbol]) <= 0) leaveAll(world, bars, row, open, stopCode(world, symbol))
  else if (direction * (open - state.target_price[symbol]) >= 0) leaveSome(world, bars, row, open, atTarget, Infinity)
  else if (direction * (open - state.first_target_price[symbol]) >= 0) scaleOut(world, bars, row, open)
}

/** Leaves a position at its stop if the bar reaches it; returns whether it does. */
export function leaveAtStop(world: World, bars: BarColumns, row: number): boolean {
  const symbol = bars.symbol[row]
  const isHit = reachesStop(world, bars, row)
  if (isHit) leaveAll(world, bars, row, world.state.stop_price[symbol], stopCode(world, symbol))
  return isHit
}

/** Whether a bar reaches the stop of its symbol's position. */
export function reachesStop({ state }: World, bars: BarColumns, row: number): boolean {
  const symbol = bars.symbol[row]
  const stop = state.stop_price[symbol]
  return state.quantity[symbol] > 0 ? bars.low[row] <= stop : bars.high[row] >= stop
}

/** Whether a bar reaches the target of its symbol's position, or the first target. */
export function reachesTarget({ state }: World, bars: BarColumns, row: number): boolean {
  const symbol = bars.symbol[row]
  const [first, target] = [state.first_target_price[symbol], state.target_price[symbol]]
  if (state.quantity[symbol] > 0) return bars.high[row] >= first || bars.high[row] >= target
  return bars.low[row] <= first || bars.low[row] <= target
}

/** Leaves a part of a position at its first target and the rest at its target, as far as the bar reaches them. */
export function leaveAtTargets(world: World, bars: BarColumns, row: number): void {
  const { state } = world
  const symbol = bars.symbol[row]
  const isLong = state.quantity[symbol] > 0
  const first = state.first_target_price[symbol]
  const target = state.target_price[symbol]
  if (isLong ? bars.high[row] >= first : bars.low[row] <= first) scaleOut(world, bars, row, first)
  if (state.quantity[symbol] === 0) return
  if (isLong ? bars.high[row] >= target : bars.low[row] <= target) leaveSome(world, bars, row, target, atTarget, Infinity)
}

function scaleOut(world: World, bars: BarColumns, row: number, price: number): void {
  const { state, rules } = world
  const symbol = bars.symbol[row]
  state.first_target_price[symbol] = NaN
  const part = roundedShares(rules, rules.first_target_share * Math.abs(state.quantity[symbol]))
  leaveSome(world, bars, row, price, atFirstTarget, part)
}

/** Leaves a position at a price that slips; what the bar's volume does not allow follows at the next opens. */
export function leaveAll(world: World, bars: BarColumns, row: number, price: number, reason: number): void {
  const { state } = world
  const symbol = bars.symbol[row]
  const shares = Math.min(Math.abs(state.quantity[symbol]), state.room[symbol])
  if (shares > 0) leave(world, bars, row, price, true, reason, shares)
  if (state.quantity[symbol] !== 0) askToLeave(world, symbol, reason)
}

/** Leaves at most `part` shares at a price that does not slip. */
function leaveSome(world: World, bars: BarColumns, row: number, price: number, reason: number, part: number): void {
  const { state } = world
  const symbol = bars.symbol[row]
  const shares = Math.min(Math.abs(state.quantity[symbol]), state.room[symbol], part)
  if (shares > 0) leave(world, bars, row, price, false, reason, shares)
}

/** Has a position left at the next open, for the first reason given; what was still to be bought is given up. */
export function askToLeave({ state }: World, symbol: number, reason: number): void {
  if (state.leave[symbol] === 1) return
  state.leave[symbol] = 1
  state.leave_reason[symbol] = reason
  if (state.order_rest[symbol] > 0) state.order[symbol] = state.order_rest[symbol] = 0
}

function stopCode({ state }: World, symbol: number): number {
  const isMoved = state.stop_price[symbol] !== state.first_stop_price[symbol]
  return isMoved ? trailed : stopped
}
