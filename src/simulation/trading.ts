import type { BarColumns } from '../rows.js'
import { applyActions } from './actions.js'
import { chargeBorrowing } from './carry.js'
import { closeBar } from './closes.js'
import { leaveAtOpen } from './exits.js'
import { leaveInside } from './inside.js'
import { enterAtOpen, enterInside } from './orders.js'
import { roundedShares } from './sizing.js'
import type { World } from './world.js'

/** Lets everything happen that can happen in one bar of a separate account. */
export function tradeOne(world: World, bars: BarColumns, row: number): void {
  const { state, accounts } = world
  const symbol = bars.symbol[row]
  accounts.entered[symbol] = 0
  begin(world, bars, row)
  if (state.quantity[symbol] !== 0) leaveAtOpen(world, bars, row)
  if (state.order[symbol] !== 0) enterAtOpen(world, bars, row)
  if (state.order[symbol] !== 0) enterInside(world, bars, row)
  if (state.quantity[symbol] !== 0) leaveInside(world, bars, row)
  closeBar(world, bars, row)
}

/** The same for the bars `rows` of a shared account, which begin at the same time: step by step, all bars at each. */
export function tradeAll(world: World, bars: BarColumns, rows: readonly number[]): void {
  const { state, accounts } = world
  const { symbol } = bars
  accounts.entered[0] = 0
  for (const row of rows) {
    begin(world, bars, row)
    if (state.quantity[symbol[row]] !== 0) leaveAtOpen(world, bars, row)
  }
  const waiting = ranked(world, bars, rows)
  for (const row of waiting) enterAtOpen(world, bars, row)
  for (const row of waiting) if (state.order[symbol[row]] !== 0) enterInside(world, bars, row)
  for (const row of rows) {
    if (state.quantity[symbol[row]] !== 0) leaveInside(world, bars, row)
    closeBar(world, bars, row)
  }
}

/** Begins the bar of a symbol: what was open overnight is charged, paid and split, and its volume can be filled. */
function begin(world: World, bars: BarColumns, row: number): void {
  const { state, rules } = world
  const symbol = bars.symbol[row]
  state.isFresh[symbol] = 0
  if (rules.borrow_rate > 0 && state.quantity[symbol] < 0) chargeBorrowing(world, bars, row)
  if (rules.actions === 'apply') applyActions(world, bars, row)
  state.room[symbol] = rules.participation === null ? Infinity : roundedShares(rules, rules.participation * bars.volume[row])
  if (state.cooldown[symbol] > 0) state.cooldown[symbol]--
}

/** The rows whose symbols have an entry order, best score first; ties in the order of the symbols. */
function ranked({ state }: World, bars: BarColumns, rows: readonly number[]): readonly number[] {
  const waiting = rows.filter((row) => state.order[bars.symbol[row]] !== 0)
  return waiting.sort((a, b) => {
    const [first, second] = [state.order_score[bars.symbol[a]], state.order_score[bars.symbol[b]]]
    return first === second ? bars.symbol[a] - bars.symbol[b] : second - first
  })
}
