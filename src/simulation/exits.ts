import type { BarColumns } from '../rows.js'
import { exitCode, leave, slipped, touch } from './fills.js'
import type { World } from './world.js'

/** Leaves a position at the open when that was decided, or when the open lies beyond its stop or target. */
export function leaveAtOpen(world: World, bars: BarColumns, row: number): void {
  const { state } = world
  const symbol = bars.symbol[row]
  const open = bars.open[row]
  const direction = Math.sign(state.quantity[symbol])
  if (state.leave[symbol] === 1) {
    leave(world, bars, row, symbol, slipped(world, bars, row, open, -direction), state.leave_reason[symbol])
  } else if (direction * (open - state.stop_price[symbol]) <= 0) {
    leave(world, bars, row, symbol, slipped(world, bars, row, open, -direction), stopCode(world, symbol))
  } else if (direction * (open - state.target_price[symbol]) >= 0) {
    leave(world, bars, row, symbol, open, exitCode('target'))
  }
}

/**
 * Leaves a position when the bar reaches its stop or its target; when it reaches both, the stop counts, and for a position
 * that was entered inside the bar (`isFresh`) the stop alone: the target may have been reached before the entry.
 */
export function leaveInside(world: World, bars: BarColumns, row: number, isFresh: boolean): void {
  const { state } = world
  const symbol = bars.symbol[row]
  const isLong = state.quantity[symbol] > 0
  const stop = state.stop_price[symbol]
  const target = state.target_price[symbol]
  state.bars_held[symbol]++
  if (isLong ? bars.low[row] <= stop : bars.high[row] >= stop) {
    leave(world, bars, row, symbol, slipped(world, bars, row, stop, isLong ? -1 : 1), stopCode(world, symbol))
  } else if (!isFresh && (isLong ? bars.high[row] >= target : bars.low[row] <= target)) {
    leave(world, bars, row, symbol, target, exitCode('target'))
  } else {
    touch(world, symbol, bars.low[row], bars.high[row])
  }
}

function stopCode({ state }: World, symbol: number): number {
  const isMoved = state.stop_price[symbol] !== state.first_stop_price[symbol]
  return exitCode(isMoved ? 'trailing_stop' : 'stop')
}
