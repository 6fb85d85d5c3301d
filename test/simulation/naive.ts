import { declineReasons, type DeclineReason, type TradeColumn } from '../../src/rows.js'
import type { Rules } from '../../src/simulation/rules.js'
import type { TestBar, TestSignal } from './market.js'

/**
 * The order of events of a simulation, written a second time as plainly as possible: row objects, one account after the
 * other, everything looked up and added up anew at every bar. It is slow and shares no code with the simulation.
 */

/** A trade of the naive simulation; reasons as numbers, as in the columns of trades. */
export type NaiveTrade = Record<TradeColumn, number>

/** Equity of an account at a close. */
export interface NaiveEquity {
  account: number
  bar_at: number
  cash: number
  equity: number
}

/** What a naive simulation makes. */
export interface NaiveOutcome {
  trades: NaiveTrade[]
  equity: NaiveEquity[]
  declined: { symbol: number; bar_at: number; reason: number }[]
}

interface Position {
  symbol: number
  direction: number
  shares: number
  price: number
  stop: number
  firstStop: number
  target: number
  entryAt: number
  signalAt: number
  entryReason: number
  costs: number
  low: number
  high: number
  barsHeld: number
  lastClose: number
  leaveReason: number | null
}

interface Order {
  signal: TestSignal
  direction: number
  type: string
  price: number
  barsLeft: number
}

const EXIT = { stop: 0, target: 1, trailing_stop: 2, signal: 3, end_of_data: 4 }
const OWN_REASONS = 5

/** Simulates bars and signals by `rules`. */
export function naive(bars: readonly TestBar[], signals: readonly TestSignal[], rules: Rules): NaiveOutcome {
  const symbols = [...new Set(bars.map((bar) => bar.symbol))].sort((a, b) => a - b)
  const outcome: NaiveOutcome = { trades: [], equity: [], declined: [] }
  if (rules.accounts === 'shared') simulateAccount(0, bars, signals, rules, outcome)
  else {
    for (const symbol of symbols) {
      const own = <Row extends { symbol: number }>(rows: readonly Row[]) => rows.filter((row) => row.symbol === symbol)
      simulateAccount(symbol, own(bars), own(signals), rules, outcome)
    }
  }
  return outcome
}

function simulateAccount(
  account: number,
  bars: readonly TestBar[],
  signals: readonly TestSignal[],
  rules: Rules,
  outcome: NaiveOutcome,
): void {
  let cash = rules.capital
  let equity = rules.capital
  let positions: Position[] = []
  let orders: Order[] = []
  const times = [...new Set(bars.map((bar) => bar.time))].sort((a, b) => a - b)
  const lastTime = (symbol: number) => Math.max(...bars.filter((bar) => bar.symbol === symbol).map((bar) => bar.time))
  const positionOf = (symbol: number) => positions.find((position) => position.symbol === symbol)
  const orderOf = (symbol: number) => orders.find((order) => order.signal.symbol === symbol)
  const decline = (signal: TestSignal, reason: DeclineReason) => {
    outcome.declined.push({ symbol: signal.symbol, bar_at: signal.time, reason: declineReasons.indexOf(reason) })
  }
  const drop = (order: Order) => {
    orders = orders.filter((other) => other !== order)
  }

  const slip = (bar: TestBar, price: number, direction: number) => {
    const worse = price + (direction * price * rules.slippage_bps) / 10000
    if (worse > bar.high) return bar.high
    if (worse < bar.low) return bar.low
    return worse
  }

  const close = (bar: TestBar, position: Position, price: number, reason: number) => {
    const { shares, direction } = position
    const commission = shares * price * rules.commission_rate
    cash = cash + direction * shares * price - commission
    position.low = Math.min(position.low, price)
    position.high = Math.max(position.high, price)
    const gross = direction * shares * (price - position.price)
    const costs = position.costs + commission
    const atLow = direction * shares * (position.low - position.price)
    const atHigh = direction * shares * (position.high - position.price)
    const risked = shares * Math.abs(position.price - position.firstStop)
    outcome.trades.push({
      account,
      symbol: position.symbol,
      side: direction > 0 ? 0 : 1,
      quantity: shares,
      signal_at: position.signalAt,
      entry_at: position.entryAt,
      entry_price: position.price,
      exit_at: bar.time,
      exit_price: price,
      stop_price: position.firstStop,
      target_price: position.target,
      gross_profit: gross,
      costs,
      net_profit: gross - costs,
      return_pct: ((gross - costs) / (shares * position.price)) * 100,
      r_multiple: (gross - costs) / risked,
      bars_held: position.barsHeld,
      maximum_adverse_excursion: Math.min(0, atLow, atHigh),
      maximum_favorable_excursion: Math.max(0, atLow, atHigh),
      entry_reason: position.entryReason,
      exit_reason: reason,
    })
    positions = positions.filter((other) => other !== position)
  }

  const open = (bar: TestBar, order: Order, price: number): void => {
    const { signal, direction } = order
    drop(order)
    const stop = signal.stop_price ?? NaN
    const target = signal.target_price ?? NaN
    if (direction > 0 ? stop >= price : stop <= price) return decline(signal, 'stop on the wrong side')
    if (direction > 0 ? target <= price : target >= price) return decline(signal, 'target on the wrong side')
    if (rules.max_positions !== null && positions.length >= rules.max_positions) return decline(signal, 'too many positions')
    let wanted = (rules.fraction * equity) / price
    if (rules.sizing === 'risk' && !Number.isNaN(stop)) wanted = (rules.risk_fraction * equity) / Math.abs(price - stop)
    wanted = wanted * (signal.size_factor ?? 1)
    let power = cash
    for (const position of positions) if (position.direction < 0) power -= 2 * position.shares * position.lastClose
    let shares = Math.max(0, Math.min(wanted, power / (price * (1 + rules.commission_rate))))
    if (rules.fractional_shares) shares = Math.floor((shares + shares * 2 ** -36) * 1e6) / 1e6
    else shares = Math.floor(shares + shares * 2 ** -36)
    if (shares === 0) return decline(signal, 'not enough cash')
    const commission = shares * price * rules.commission_rate
    cash = cash - direction * shares * price - commission
    positions.push({
      symbol: bar.symbol,
      direction,
      shares,
      price,
      stop,
      firstStop: stop,
      target,
      entryAt: bar.time,
      signalAt: signal.time,
      entryReason: signal.reason ?? -1,
      costs: commission,
      low: price,
      high: price,
      barsHeld: 0,
      lastClose: price,
      leaveReason: null,
    })
  }

  const stopReason = (position: Position) => (position.stop === position.firstStop ? EXIT.stop : movedStop(position))

  const leaveAtOpen = (bar: TestBar, position: Position) => {
    const isLong = position.direction > 0
    const price = slip(bar, bar.open, -position.direction)
    if (position.leaveReason !== null) close(bar, position, price, position.leaveReason)
    else if (isLong ? bar.open <= position.stop : bar.open >= position.stop) close(bar, position, price, stopReason(position))
    else if (isLong ? bar.open >= position.target : bar.open <= position.target) close(bar, position, bar.open, EXIT.target)
  }

  const enterAtOpen = (bar: TestBar, order: Order) => {
    const isBuy = order.direction > 0
    if (order.type === 'market') open(bar, order, slip(bar, bar.open, order.direction))
    if (order.type === 'limit' && (isBuy ? bar.open <= order.price : bar.open >= order.price)) open(bar, order, bar.open)
    if (order.type === 'stop' && (isBuy ? bar.open >= order.price : bar.open <= order.price)) {
      open(bar, order, slip(bar, bar.open, order.direction))
    }
  }

  const enterInside = (bar: TestBar, order: Order) => {
    const isBuy = order.direction > 0
    if (order.type === 'limit' && (isBuy ? bar.low <= order.price : bar.high >= order.price)) open(bar, order, order.price)
    if (order.type === 'stop' && (isBuy ? bar.high >= order.price : bar.low <= order.price)) {
      open(bar, order, slip(bar, order.price, order.direction))
    }
  }

  const leaveInside = (bar: TestBar, position: Position, isFresh: boolean): void => {
    const isLong = position.direction > 0
    position.barsHeld++
    if (isLong ? bar.low <= position.stop : bar.high >= position.stop) {
      close(bar, position, slip(bar, position.stop, -position.direction), stopReason(position)); return;
    }
    if (!isFresh && (isLong ? bar.high >= position.target : bar.low <= position.target)) {
      close(bar, position, position.target, EXIT.target); return;
    }
    position.low = Math.min(position.low, bar.low)
    position.high = Math.max(position.high, bar.high)
  }

  const atClose = (bar: TestBar) => {
    const isLast = bar.time === lastTime(bar.symbol)
    const order = orderOf(bar.symbol)
    if (order !== undefined) {
      order.barsLeft--
      if (isLast || order.barsLeft <= 0) {
        decline(order.signal, isLast ? 'end of data' : 'not reached')
        drop(order)
      }
    }
    const position = positionOf(bar.symbol)
    if (position !== undefined && isLast) close(bar, position, bar.close, EXIT.end_of_data)
    if (position !== undefined) position.lastClose = bar.close
  }

  const act = (signal: TestSignal) => {
    const position = positionOf(signal.symbol)
    const isExit = (direction: number) => (direction > 0 ? signal.exit_long : signal.exit_short) === 1
    if (position !== undefined) {
      const trail = signal.trail_price ?? NaN
      const isNearer = position.direction > 0 ? trail > position.stop : trail < position.stop
      if (!Number.isNaN(trail) && (Number.isNaN(position.stop) || isNearer)) position.stop = trail
      if (isExit(position.direction)) position.leaveReason = signal.reason === undefined ? EXIT.signal : OWN_REASONS + signal.reason
    }
    const waiting = orderOf(signal.symbol)
    if (waiting !== undefined && isExit(waiting.direction)) {
      decline(waiting.signal, 'order withdrawn')
      drop(waiting)
    }
    if ((signal.entry ?? 0) !== 0) place(signal)
  }

  const place = (signal: TestSignal): void => {
    const direction = signal.entry!
    const position = positionOf(signal.symbol)
    const type = ['market', 'limit', 'stop'][signal.order_type ?? 0]
    const price = type === 'market' ? 0 : ((type === 'limit' ? signal.limit_price : signal.stop_entry_price) ?? NaN)
    if (direction < 0 && !rules.allow_short) return decline(signal, 'shorts not allowed')
    if (position !== undefined && position.leaveReason === null) return decline(signal, 'position open')
    if (Number.isNaN(price)) return decline(signal, 'no price for the order')
    if (signal.time === lastTime(signal.symbol)) return decline(signal, 'end of data')
    const waiting = orderOf(signal.symbol)
    if (waiting !== undefined) {
      decline(waiting.signal, 'order withdrawn')
      drop(waiting)
    }
    orders.push({ signal, direction, type, price, barsLeft: type === 'market' ? 1 : (signal.valid_bars ?? Infinity) })
  }

  const byRank = (a: Order, b: Order) => {
    const difference = (b.signal.score ?? -Infinity) - (a.signal.score ?? -Infinity)
    return difference > 0 || difference < 0 ? difference : a.signal.symbol - b.signal.symbol
  }

  for (const time of times) {
    const now = bars.filter((bar) => bar.time === time).sort((a, b) => a.symbol - b.symbol)
    const barOf = (symbol: number) => now.find((bar) => bar.symbol === symbol)
    for (const bar of now) {
      const position = positionOf(bar.symbol)
      if (position !== undefined) leaveAtOpen(bar, position)
    }
    for (const order of [...orders].sort(byRank)) {
      const bar = barOf(order.signal.symbol)
      if (bar !== undefined) enterAtOpen(bar, order)
    }
    const before = new Set(positions)
    for (const order of [...orders].sort(byRank)) {
      const bar = barOf(order.signal.symbol)
      if (bar !== undefined) enterInside(bar, order)
    }
    for (const bar of now) {
      const position = positionOf(bar.symbol)
      if (position !== undefined) leaveInside(bar, position, !before.has(position))
      atClose(bar)
    }
    equity = cash
    for (const position of positions) equity += position.direction * position.shares * position.lastClose
    outcome.equity.push({ account, bar_at: time, cash, equity })
    for (const signal of signals) if (signal.time === time) act(signal)
  }
}

function movedStop(position: Position): number {
  // no stop at entry and none now
  return Number.isNaN(position.stop) && Number.isNaN(position.firstStop) ? EXIT.stop : EXIT.trailing_stop
}
