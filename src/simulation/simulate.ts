import type { BarColumns, DeclinedColumn, EquityColumn, NumberRows, SignalColumns, TradeColumn } from '../rows.js'
import { splitRanges } from './actions.js'
import { payInterest } from './carry.js'
import { act } from './decisions.js'
import { markSeparate, markShared } from './marks.js'
import type { Ranges } from './ranges.js'
import type { Rules } from './rules.js'
import { tradeAll, tradeOne } from './trading.js'
import { World, type SymbolFacts } from './world.js'

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
  /**
   * Does the same for separate accounts in steps of some bars, so that others can have the thread in between: what it yields
   * has to be asked for to the end.
   */
  steps: (bars: BarColumns, signals: SignalColumns, barsPerStep: number) => Iterable<void>
  /** Returns the outcomes since the last call. */
  take: () => Outcomes
  /** Returns the signals that were declined since the last call. */
  takeDeclined: () => NumberRows<DeclinedColumn>
  /** How often the ledger was found to add up. */
  ledgerChecks: () => number
  /** Bars whose order of events was looked up in finer bars, and those of them in which it was found. */
  finerBars: () => { ambiguous: number; resolved: number }
}

/** Starts a simulation of the symbols of which `facts` tells. */
export function startSimulation(rules: Rules, facts: SymbolFacts): Simulation {
  const world = new World(rules, facts)
  return {
    advance: world.isShared
      ? (bars, signals) => advanceShared(world, bars, signals)
      : (bars, signals) => void advanceSeparate(world, bars, signals, { from: 0, to: bars.length, next: 0 }),
    steps: (bars, signals, barsPerStep) => separateSteps(world, bars, signals, barsPerStep),
    take: () => ({ trades: world.trades.take(), equity: world.equity.take() }),
    takeDeclined: () => world.declined.take(),
    ledgerChecks: () => world.ledgerChecks,
    finerBars: () => ({ ambiguous: world.ambiguousBars, resolved: world.resolvedBars }),
  }
}

function* separateSteps(world: World, bars: BarColumns, signals: SignalColumns, barsPerStep: number): Iterable<void> {
  let next = 0
  for (let from = 0; from < bars.length; from += barsPerStep) {
    next = advanceSeparate(world, bars, signals, { from, to: Math.min(from + barsPerStep, bars.length), next })
    yield
  }
}

/** Goes from the bar `from` to the one before `to`; `next` is the first signal that is not behind them. Returns the first one after them. */
function advanceSeparate(world: World, bars: BarColumns, signals: SignalColumns, { from, to, next }: Record<'from' | 'to' | 'next', number>): number {
  const { state, ranges } = world
  const { isActive } = state
  const { symbol, bar_at, session_date } = bars
  const paysInterest = world.rules.cash_rate > 0
  // as a rule, one signal enters and another one leaves
  world.trades.expect(signals.length >> 1)
  const last = bars.length - 1
  for (let row = from; row < to; row++) {
    const at = symbol[row]
    // to read behind the end of an array would make this loop slow
    const isSessionEnd = row === last || symbol[row + 1] !== at || session_date[row + 1] !== session_date[row]
    const isDecided = next < signals.length && signals.bar_at[next] === bar_at[row] && signals.symbol[next] === at
    if (ranges !== null) takeRange(world, ranges, bars, row)
    if (paysInterest) payInterest(world, at, session_date[row])
    if (isActive[at] === 0 && !isDecided && !isSessionEnd) continue
    if (isActive[at] === 1) tradeOne(world, bars, row)
    markSeparate(world, bars, row, isSessionEnd)
    if (isDecided) act(world, signals, next++)
    settle(world, at)
  }
  return next
}

function advanceShared(world: World, bars: BarColumns, signals: SignalColumns): void {
  const { state, ranges } = world
  const { symbol, bar_at, session_date } = bars
  const paysInterest = world.rules.cash_rate > 0
  const active: number[] = []
  let next = 0
  for (let from = 0; from < bars.length;) {
    let to = from
    active.length = 0
    if (paysInterest) payInterest(world, 0, session_date[from])
    for (; to < bars.length && bar_at[to] === bar_at[from]; to++) {
      if (ranges !== null) takeRange(world, ranges, bars, to)
      if (state.isActive[symbol[to]] === 1) active.push(to)
    }
    tradeAll(world, bars, active)
    markShared(world, bars, from)
    for (; next < signals.length && signals.bar_at[next] === bar_at[from]; next++) {
      act(world, signals, next)
      state.isActive[signals.symbol[next]] = 1
    }
    for (const row of active) settle(world, symbol[row])
    from = to
  }
}

function takeRange({ rules }: World, ranges: Ranges, bars: BarColumns, row: number): void {
  if (rules.actions === 'apply') splitRanges(ranges, bars, row)
  ranges.add(bars, row)
}

/** Forgets a symbol that has neither position nor order and may be entered again. */
function settle({ state }: World, symbol: number): void {
  const isActive = state.quantity[symbol] !== 0 || state.order[symbol] !== 0 || state.cooldown[symbol] > 0
  state.isActive[symbol] = isActive ? 1 : 0
}
