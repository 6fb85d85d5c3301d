import type { BarColumns } from '../rows.js'
import { trail } from './decisions.js'
import { askToLeave, leaveAll } from './exits.js'
import { exitCode, leave } from './fills.js'
import { age } from './orders.js'
import { isHalted, type World } from './world.js'

const atSessionEnd = exitCode('session_end')
const atTimeStop = exitCode('time_stop')
const atEndOfData = exitCode('end_of_data')

/** Ends the bar of a symbol: closes what cannot be held any longer, moves stops, and remembers the close. */
export function closeBar(world: World, bars: BarColumns, row: number): void {
  const { state, lastBarAt, rules } = world
  const symbol = bars.symbol[row]
  const close = bars.close[row]
  const isLastBar = bars.bar_at[row] === lastBarAt[symbol]
  age(world, symbol, isLastBar)
  if (rules.exit_session_end && bars.session_end![row] === 1 && state.quantity[symbol] !== 0) leaveSession(world, bars, row)
  if (isLastBar && state.quantity[symbol] !== 0) {
    leave(world, bars, row, close, false, atEndOfData, Math.abs(state.quantity[symbol]))
  }
  if (state.quantity[symbol] === 0) return
  moveStop(world, symbol, close)
  if (state.bars_held[symbol] >= state.time_stop[symbol]) askToLeave(world, symbol, atTimeStop)
  state.last_close[symbol] = close
}

function leaveSession(world: World, bars: BarColumns, row: number): void {
  const { state } = world
  const symbol = bars.symbol[row]
  const reason = state.leave[symbol] === 1 ? state.leave_reason[symbol] : atSessionEnd
  if (isHalted(world, bars, row)) askToLeave(world, symbol, reason)
  else leaveAll(world, bars, row, bars.close[row], reason)
}

/** Lets the trailing stops of the rules follow the close. */
function moveStop(world: World, symbol: number, close: number): void {
  const { rules, state, ranges } = world
  const direction = Math.sign(state.quantity[symbol])
  if (rules.trail_pct !== null) trail(world, symbol, close - (direction * close * rules.trail_pct) / 100)
  if (rules.trail_ranges !== null) trail(world, symbol, close - direction * ranges!.mean(symbol) * rules.trail_ranges)
}
