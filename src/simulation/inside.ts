import type { BarColumns, FinerBars } from '../rows.js'
import { leaveAtOpen, leaveAtStop, leaveAtTargets, reachesStop, reachesTarget } from './exits.js'
import { touch } from './fills.js'
import { isHalted, type World } from './world.js'

/**
 * Leaves a position when the bar reaches its stop or its targets. When it reaches both sides, the stop counts, and for a
 * position that was entered inside the bar the stop alone: the target may have been reached before the entry. The
 * optimistic order is the other way round; finer bars tell what came first.
 */
export function leaveInside(world: World, bars: BarColumns, row: number): void {
  const { state, rules } = world
  const symbol = bars.symbol[row]
  state.bars_held[symbol]++
  if (state.leave[symbol] === 0 && !isHalted(world, bars, row)) {
    if (rules.intrabar === 'optimistic') leaveOptimistically(world, bars, row)
    else if (rules.intrabar === 'finer' && isAmbiguous(world, bars, row, state.isFresh[symbol] === 1)) {
      leaveByFinerBars(world, bars, row, bars.finer!)
    } else leavePessimistically(world, bars, row, state.isFresh[symbol] === 1)
  }
  if (state.quantity[symbol] !== 0) touch(world, symbol, bars.low[row], bars.high[row])
}

function leaveOptimistically(world: World, bars: BarColumns, row: number): void {
  leaveAtTargets(world, bars, row)
  if (world.state.quantity[bars.symbol[row]] !== 0) leaveAtStop(world, bars, row)
}

function leavePessimistically(world: World, bars: BarColumns, row: number, isFresh: boolean): void {
  if (!leaveAtStop(world, bars, row) && !isFresh) leaveAtTargets(world, bars, row)
}

/** Whether a bar does not tell what happened first. */
function isAmbiguous(world: World, bars: BarColumns, row: number, isFresh: boolean): boolean {
  const isStop = reachesStop(world, bars, row)
  return isFresh ? isStop || reachesTarget(world, bars, row) : isStop && reachesTarget(world, bars, row)
}

/** Goes through the finer bars of a bar, from the one of the entry on; what they do not tell either is pessimistic. */
function leaveByFinerBars(world: World, bars: BarColumns, row: number, finer: FinerBars): void {
  const { state } = world
  const symbol = bars.symbol[row]
  world.ambiguousBars++
  if (!hasSameRange(bars, row, finer)) return leavePessimistically(world, bars, row, state.isFresh[symbol] === 1)
  const isFromAbove = bars.open[row] > state.order_price[symbol]
  let isEntered = state.isFresh[symbol] === 0
  let isResolved = true
  for (let part = finer.first[row]; part < finer.first[row + 1]; part++) {
    const isEntry = !isEntered
    if (isEntry && !reachesPrice(finer, part, state.order_price[symbol], isFromAbove)) continue
    isEntered = true
    if (isHalted(world, finer, part)) continue
    if (!isEntry) leaveAtOpen(world, finer, part)
    if (isGone(world, symbol)) break
    if (isAmbiguous(world, finer, part, isEntry)) isResolved = false
    leavePessimistically(world, finer, part, isEntry)
    if (isGone(world, symbol)) break
  }
  if (isResolved) world.resolvedBars++
}

function isGone({ state }: World, symbol: number): boolean {
  return state.quantity[symbol] === 0 || state.leave[symbol] === 1
}

function reachesPrice(bars: BarColumns, row: number, price: number, isFromAbove: boolean): boolean {
  return isFromAbove ? bars.low[row] <= price : bars.high[row] >= price
}

/** Finer bars that lack a part of the bar, or come from elsewhere, tell nothing. */
function hasSameRange(bars: BarColumns, row: number, finer: FinerBars): boolean {
  let [low, high] = [Infinity, -Infinity]
  for (let part = finer.first[row]; part < finer.first[row + 1]; part++) {
    low = Math.min(low, finer.low[part])
    high = Math.max(high, finer.high[part])
  }
  return low === bars.low[row] && high === bars.high[row]
}
