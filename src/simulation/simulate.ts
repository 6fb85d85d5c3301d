import type { BarColumns, DeclinedColumn, EquityColumn, NumberRows, SignalColumns, TradeColumn } from '../rows.js'
import { closeBar, markSeparate, markShared } from './closes.js'
import { leaveAtOpen, leaveInside } from './exits.js'
import { act, enterAtOpen, enterInside } from './orders.js'
import type { Rules } from './rules.js'
import { newWorld, type World } from './world.js'

/** What a simulation has made since it was last asked. */
export interface Outcomes {
  trades: NumberRows<TradeColumn>
  equity: NumberRows<EquityColumn>
}

/** A simulation in progress. It is pure: the same bars, signals and rules give the same outcomes. */
export interface Simulation {
  /**
   * Goes on with more bars and the signals of these bars, both ordered by symbol and time for separate accounts, by time
   * and symbol for a shared one. Separate accounts need all bars of a symbol at once, a shared one all bars of a time.
   */
  advance: (bars: BarColumns, signals: SignalColumns) => void
  /** Returns the outcomes since the last call. */
  take: () => Outcomes
  /** Returns the signals that were declined since the last call. */
  takeDeclined: () => NumberRows<DeclinedColumn>
  /** How often the ledger was found to add up. */
  ledgerChecks: () => number
}

/** Starts a simulation of as many symbols as `lastBarAt` has entries: the opening instants of their last bars. */
export function startSimulation(rules: Rules, lastBarAt: Float64Array): Simulation {
  const world = newWorld(rules, lastBarAt)
  return {
    advance: world.isShared
      ? (bars, signals) => advanceShared(world, bars, signals)
      : (bars, signals) => advanceSeparate(world, bars, signals),
    take: () => ({ trades: world.trades.take(), equity: world.equity.take() }),
    takeDeclined: world.declined.take,
    ledgerChecks: () => world.ledgerChecks,
  }
}

function advanceSeparate(world: World, bars: BarColumns, signals: SignalColumns): void {
  const { isActive } = world.state
  const { symbol, bar_at, session_date } = bars
  const one = [0]
  let next = 0
  for (let row = 0; row < bars.length; row++) {
    const at = symbol[row]
    const isSessionEnd = symbol[row + 1] !== at || session_date[row + 1] !== session_date[row]
    const isDecided = next < signals.length && signals.bar_at[next] === bar_at[row] && signals.symbol[next] === at
    if (isActive[at] === 0 && !isDecided && !isSessionEnd) continue
    one[0] = row
    if (isActive[at] === 1) trade(world, bars, one)
    markSeparate(world, bars, row, isSessionEnd)
    if (isDecided) act(world, signals, next++)
    settle(world, at)
  }
}

function advanceShared(world: World, bars: BarColumns, signals: SignalColumns): void {
  const { isActive } = world.state
  const { symbol, bar_at } = bars
  const active: number[] = []
  let next = 0
  for (let from = 0; from < bars.length;) {
    let to = from
    active.length = 0
    for (; to < bars.length && bar_at[to] === bar_at[from]; to++) if (isActive[symbol[to]] === 1) active.push(to)
    trade(world, bars, active)
    markShared(world, bars, from)
    for (; next < signals.length && signals.bar_at[next] === bar_at[from]; next++) {
      act(world, signals, next)
      isActive[signals.symbol[next]] = 1
    }
    for (const row of active) settle(world, symbol[row])
    from = to
  }
}

/** Lets everything happen that can happen in the bars `rows`, which begin at the same time. */
function trade(world: World, bars: BarColumns, rows: readonly number[]): void {
  const { state } = world
  for (const row of rows) if (state.quantity[bars.symbol[row]] !== 0) leaveAtOpen(world, bars, row)
  const waiting = ranked(world, bars, rows)
  for (const row of waiting) enterAtOpen(world, bars, row)
  const fresh = waiting.filter((row) => state.order[bars.symbol[row]] !== 0 && enterInside(world, bars, row))
  for (const row of rows) {
    if (state.quantity[bars.symbol[row]] !== 0) leaveInside(world, bars, row, fresh.includes(row))
    closeBar(world, bars, row)
  }
}

const nothing: readonly number[] = []

/** The rows whose symbols have an entry order, best score first; ties in the order of the symbols. */
function ranked({ state }: World, bars: BarColumns, rows: readonly number[]): readonly number[] {
  if (rows.length === 1) return state.order[bars.symbol[rows[0]]] === 0 ? nothing : rows
  const waiting = rows.filter((row) => state.order[bars.symbol[row]] !== 0)
  return waiting.sort((a, b) => {
    const [first, second] = [state.order_score[bars.symbol[a]], state.order_score[bars.symbol[b]]]
    return first === second ? bars.symbol[a] - bars.symbol[b] : second - first
  })
}

/** Forgets a symbol that has neither position nor order. */
function settle({ state }: World, symbol: number): void {
  state.isActive[symbol] = state.quantity[symbol] !== 0 || state.order[symbol] !== 0 ? 1 : 0
}
