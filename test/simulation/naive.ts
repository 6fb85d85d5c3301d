import { declineReasons, exitReasons, type DeclineReason, type TradeColumn } from '../../src/rows.js'
import type { Rules } from '../../src/simulation/rules.js'
import { isSessionEnd, sectorOf, sessionOf, type TestBar, type TestSignal } from './market.js'

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
  interest: number
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
  firstTarget: number
  timeStop: number
  /** Of the limit or stop order by which it was entered. */
  orderPrice: number
  entryAt: number
  signalAt: number
  entryReason: number
  commission: number
  fees: number
  slippage: number
  dividends: number
  paidUntil: number
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
  stop: number
  target: number
  firstTarget: number
  /** Of the order to the other side. */
  otherPrice: number
  barsLeft: number
  restBarsLeft: number
  /** null: nothing is filled yet. */
  rest: number | null
  range: number
  /** Stop and target of the order to the other side. */
  otherStop: number
  otherTarget: number
}

type ExitReason = (typeof exitReasons)[number]

const codeOf = (reason: ExitReason) => exitReasons.indexOf(reason)

/** Simulates bars and signals by `rules`. */
export function naive(bars: readonly TestBar[], signals: readonly TestSignal[], rules: Rules): NaiveOutcome {
  const symbols = [...new Set(bars.map((bar) => bar.symbol))].sort((a, b) => a - b)
  const outcome: NaiveOutcome = { trades: [], equity: [], declined: [] }
  if (rules.accounts === 'shared') simulateAccount(0, bars, signals, rules, outcome)
  else {
    const [ownBars, ownSignals] = [grouped(bars, (bar) => bar.symbol), grouped(signals, (signal) => signal.symbol)]
    for (const symbol of symbols) simulateAccount(symbol, ownBars.get(symbol)!, ownSignals.get(symbol) ?? [], rules, outcome)
  }
  return outcome
}

function grouped<Row>(rows: readonly Row[], keyOf: (row: Row) => number): Map<number, Row[]> {
  const groups = new Map<number, Row[]>()
  for (const row of rows) {
    const group = groups.get(keyOf(row))
    if (group === undefined) groups.set(keyOf(row), [row])
    else group.push(row)
  }
  return groups
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
  let interest = 0
  let lastSession: number | null = null
  let isCalled = false
  let enteredNow = 0
  let positions: Position[] = []
  let orders: Order[] = []
  /** Time and symbol of bars in which a stop was hit. */
  const stops: { symbol: number; time: number }[] = []
  /** Shares filled in the present bars, by symbol. */
  let filledNow = new Map<number, number>()

  const barsAt = grouped(bars, (bar) => bar.time)
  const barsOf = grouped(bars, (bar) => bar.symbol)
  const signalsAt = grouped(signals, (signal) => signal.time)
  const lastTimes = new Map([...barsOf].map(([symbol, own]) => [symbol, Math.max(...own.map((bar) => bar.time))]))
  const symbolCount = Math.max(...barsOf.keys()) + 1
  const times = [...barsAt.keys()].sort((a, b) => a - b)
  const barsUntil = (symbol: number, time: number) => {
    return barsOf.get(symbol)!.filter((bar) => bar.time <= time).sort((a, b) => a.time - b.time)
  }
  const lastTime = (symbol: number) => lastTimes.get(symbol)!
  const positionOf = (symbol: number) => positions.find((position) => position.symbol === symbol)
  const orderOf = (symbol: number) => orders.find((order) => order.signal.symbol === symbol)
  const sum = (values: number[]) => values.reduce((total, value) => total + value, 0)
  const valueOf = (position: Position) => position.shares * position.lastClose
  const longValue = () => sum(positions.filter(({ direction }) => direction > 0).map(valueOf))
  const shortValue = () => sum(positions.filter(({ direction }) => direction < 0).map(valueOf))
  const decline = (signal: TestSignal, reason: DeclineReason) => {
    outcome.declined.push({ symbol: signal.symbol, bar_at: signal.time, reason: declineReasons.indexOf(reason) })
  }
  const drop = (order: Order) => {
    orders = orders.filter((other) => other !== order)
  }
  const dropRest = (symbol: number) => {
    orders = orders.filter((order) => order.signal.symbol !== symbol || order.rest === null)
  }
  const wholeShares = (shares: number) => {
    const forgiven = shares + shares * 2 ** -36
    return rules.fractional_shares ? Math.floor(forgiven * 1e6) / 1e6 : Math.floor(forgiven)
  }
  const volumeOf = (bar: TestBar) => bar.volume ?? 1000
  const isHalted = (bar: TestBar) => rules.require_volume && volumeOf(bar) === 0
  const roomIn = (bar: TestBar) => {
    if (rules.participation === null) return Infinity
    return wholeShares(rules.participation * volumeOf(bar)) - (filledNow.get(bar.symbol) ?? 0)
  }
  const useRoom = (symbol: number, shares: number) => filledNow.set(symbol, (filledNow.get(symbol) ?? 0) + shares)

  const commissionOf = (shares: number, price: number) => {
    const value = shares * price
    const commission = value * rules.commission_rate + shares * rules.commission_per_share + rules.commission_per_trade
    return commission < rules.commission_minimum ? rules.commission_minimum : commission
  }

  const slip = (bar: TestBar, price: number, direction: number) => {
    const worse = price + direction * ((price * rules.slippage_bps) / 10000 + (bar.high - bar.low) * rules.slippage_range)
    if (rules.slippage_beyond_bar) return worse < 0 ? 0 : worse
    if (worse > bar.high) return bar.high
    if (worse < bar.low) return bar.low
    return worse
  }

  const meanRange = (symbol: number, time: number) => {
    const past = barsUntil(symbol, time)
    if (past.length < rules.range_bars) return NaN
    const splitOf = (bar: TestBar) => (rules.actions === 'apply' ? (bar.split ?? 1) : 1)
    const ranges = past.map((bar, index) => {
      const later = past.slice(index + 1).reduce((ratio, next) => ratio * splitOf(next), 1)
      if (index === 0) return (bar.high - bar.low) / later
      const before = past[index - 1].close / splitOf(bar)
      return Math.max(bar.high - bar.low, Math.abs(bar.high - before), Math.abs(before - bar.low)) / later
    })
    return sum(ranges.slice(-rules.range_bars)) / rules.range_bars
  }

  const exit = (bar: TestBar, position: Position, shares: number, raw: number, price: number, reason: number) => {
    const { direction } = position
    const part = shares / position.shares
    const isPaidOut = reason === codeOf('split')
    const exitCommission = isPaidOut ? 0 : commissionOf(shares, price)
    const commission = position.commission * part + exitCommission
    const fees = position.fees * part
    const dividends = position.dividends * part
    const slippage = position.slippage * part + shares * Math.abs(price - raw)
    cash = cash + direction * shares * price - exitCommission
    position.low = Math.min(position.low, price)
    position.high = Math.max(position.high, price)
    const gross = direction * shares * (price - position.price)
    const net = gross + dividends - commission - fees
    const atLow = direction * shares * (position.low - position.price)
    const atHigh = direction * shares * (position.high - position.price)
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
      costs: commission + fees,
      commission,
      borrow_fees: fees,
      slippage,
      dividends,
      net_profit: net,
      return_pct: (net / (shares * position.price)) * 100,
      r_multiple: net / (shares * Math.abs(position.price - position.firstStop)),
      bars_held: position.barsHeld,
      maximum_adverse_excursion: Math.min(0, atLow, atHigh),
      maximum_favorable_excursion: Math.max(0, atLow, atHigh),
      entry_reason: position.entryReason,
      exit_reason: reason,
    })
    if (reason === codeOf('stop') || reason === codeOf('trailing_stop')) stops.push({ symbol: position.symbol, time: bar.time })
    if (!isPaidOut || shares === position.shares) dropRest(position.symbol)
    if (!isPaidOut) useRoom(position.symbol, shares)
    position.commission -= position.commission * part
    position.fees -= position.fees * part
    position.slippage -= position.slippage * part
    position.dividends -= dividends
    if (shares === position.shares) positions = positions.filter((other) => other !== position)
    else position.shares -= shares
  }

  const wantToLeave = (position: Position, reason: number) => {
    position.leaveReason ??= reason
    dropRest(position.symbol)
  }

  /** As a market order or a stop: slips, and what is not filled is left at the next open. */
  const exitAll = (bar: TestBar, position: Position, price: number, reason: number) => {
    const shares = Math.min(position.shares, roomIn(bar))
    const isWhole = shares === position.shares
    if (shares > 0) exit(bar, position, shares, price, slip(bar, price, -position.direction), reason)
    if (!isWhole) wantToLeave(position, reason)
  }

  /** As a limit order. */
  const exitPart = (bar: TestBar, position: Position, price: number, reason: ExitReason, part: number) => {
    const shares = Math.min(position.shares, roomIn(bar), part)
    if (shares > 0) exit(bar, position, shares, price, price, codeOf(reason))
  }

  const scaleOut = (bar: TestBar, position: Position, price: number) => {
    position.firstTarget = NaN
    exitPart(bar, position, price, 'first_target', wholeShares(position.shares * rules.first_target_share))
  }

  /** Most shares so that what they take of `room`, and `factor` times their commission, fit into it. */
  const fitting = (room: number, each: number, price: number, factor: number) => {
    if (room <= (cash + longValue() - shortValue()) / 1e6) return 0
    // commission is the larger of two straight lines, so the shares are the fewer of two quotients
    const perShare = price * rules.commission_rate + rules.commission_per_share
    const byRate = (room - factor * rules.commission_per_trade) / (each + factor * perShare)
    const byMinimum = (room - factor * rules.commission_minimum) / each
    return Math.max(0, Math.min(byRate, byMinimum))
  }

  const allowed = (order: Order, price: number, wanted: number): number | DeclineReason => {
    const gross = longValue() + shortValue()
    const net = longValue() - shortValue()
    const worth = cash + net
    const power = rules.leverage * worth - gross
    if (power <= worth / 1e6) return 'not enough cash'
    const limits: [number, DeclineReason][] = [[wanted, 'less than one share']]
    limits.push([fitting(power, price, price, rules.leverage), 'not enough cash'])
    const { max_gross_exposure, max_net_exposure, max_open_risk } = rules
    if (max_gross_exposure !== null) {
      limits.push([fitting(max_gross_exposure * worth - gross, price, price, max_gross_exposure), 'gross exposure'])
    }
    if (max_net_exposure !== null) {
      const room = max_net_exposure * worth - order.direction * net
      limits.push([fitting(room, price, price, max_net_exposure), 'net exposure'])
    }
    if (max_open_risk !== null) {
      const risks = positions.map((position) => {
        if (Number.isNaN(position.stop)) return valueOf(position)
        return Math.max(0, position.direction * position.shares * (position.lastClose - position.stop))
      })
      const each = Number.isNaN(order.stop) ? price : Math.abs(price - order.stop)
      limits.push([fitting(max_open_risk * worth - sum(risks), each, price, max_open_risk), 'open risk'])
    }
    const least = Math.min(...limits.map(([shares]) => shares))
    const shares = wholeShares(least)
    return shares > 0 ? shares : limits.find(([most]) => most === least)![1]
  }

  const wantedShares = (order: Order, price: number) => {
    const money = Math.max(0, equity)
    const size = order.signal.size_factor ?? 1
    if (rules.sizing === 'risk' && !Number.isNaN(order.stop)) return (size * rules.risk_fraction * money) / Math.abs(price - order.stop)
    if (rules.sizing === 'risk' || rules.sizing === 'fraction') return (size * rules.fraction * money) / price
    if (rules.sizing === 'notional') return (size * rules.notional!) / price
    if (rules.sizing === 'volatility') return (size * rules.risk_fraction * money) / order.range
    const places = rules.accounts === 'separate' ? 1 : Math.min(symbolCount, rules.max_positions ?? symbolCount)
    return (size * money) / places / price
  }

  const refusal = (order: Order, price: number): DeclineReason | null => {
    const isUp = order.direction > 0
    if (isUp ? order.stop >= price : order.stop <= price) return 'stop on the wrong side'
    if (isUp ? order.target <= price : order.target >= price) return 'target on the wrong side'
    if (isUp ? order.firstTarget <= price : order.firstTarget >= price) return 'target on the wrong side'
    if (rules.max_positions !== null && positions.length >= rules.max_positions) return 'too many positions'
    if (rules.max_new_positions !== null && enteredNow >= rules.max_new_positions) return 'too many new positions'
    const sector = sectorOf(order.signal.symbol)
    const inSector = positions.filter((position) => sectorOf(position.symbol) === sector).length
    const isFull = rules.max_sector_positions !== null && inSector >= rules.max_sector_positions
    return isFull ? 'too many positions of the sector' : null
  }

  /** Takes shares into a position and keeps what is not filled. */
  const fill = (bar: TestBar, order: Order, position: Position, shares: number, raw: number, price: number): void => {
    const filled = Math.min(shares, roomIn(bar))
    const commission = commissionOf(filled, price)
    cash = cash - order.direction * filled * price - commission
    position.price = (position.shares * position.price + filled * price) / (position.shares + filled)
    position.shares += filled
    position.commission += commission
    position.slippage += filled * Math.abs(price - raw)
    useRoom(bar.symbol, filled)
    const rest = wholeShares(shares - filled)
    if (rest === 0) return drop(order)
    if (order.rest === null) {
      order.barsLeft = order.restBarsLeft
      order.otherPrice = NaN
      if (order.type === 'stop') order.type = 'market'
    }
    order.rest = rest
  }

  const enter = (bar: TestBar, order: Order, raw: number, price: number): void => {
    const position = positionOf(bar.symbol)
    if (position !== undefined) {
      const more = allowed(order, price, order.rest!)
      if (typeof more === 'string') drop(order)
      else fill(bar, order, position, more, raw, price)
      return
    }
    const shares = refusal(order, price) ?? allowed(order, price, wantedShares(order, price))
    if (typeof shares === 'string') {
      decline(order.signal, shares)
      return drop(order)
    }
    const isBefore = order.direction > 0 ? order.firstTarget < order.target : order.firstTarget > order.target
    const made: Position = {
      symbol: bar.symbol,
      direction: order.direction,
      shares: 0,
      price,
      stop: order.stop,
      firstStop: order.stop,
      target: order.target,
      firstTarget: Number.isNaN(order.target) || isBefore ? order.firstTarget : NaN,
      timeStop: order.signal.time_stop_bars ?? rules.time_stop_bars ?? Infinity,
      orderPrice: order.price,
      entryAt: bar.time,
      signalAt: order.signal.time,
      entryReason: order.signal.reason ?? -1,
      commission: 0,
      fees: 0,
      slippage: 0,
      dividends: 0,
      paidUntil: sessionOf(bar),
      low: price,
      high: price,
      barsHeld: 0,
      lastClose: price,
      leaveReason: null,
    }
    positions.push(made)
    enteredNow++
    fill(bar, order, made, shares, raw, price)
  }

  const stopReason = (position: Position) => codeOf(position.stop === position.firstStop ? 'stop' : 'trailing_stop')

  const leaveAtOpen = (bar: TestBar, position: Position): void => {
    const isLong = position.direction > 0
    if (isHalted(bar)) return
    if (position.leaveReason !== null) exitAll(bar, position, bar.open, position.leaveReason)
    else if (isLong ? bar.open <= position.stop : bar.open >= position.stop) exitAll(bar, position, bar.open, stopReason(position))
    else if (isLong ? bar.open >= position.target : bar.open <= position.target) exitPart(bar, position, bar.open, 'target', Infinity)
    else if (isLong ? bar.open >= position.firstTarget : bar.open <= position.firstTarget) scaleOut(bar, position, bar.open)
  }

  const mayEnter = (bar: TestBar, order: Order) => {
    if (isHalted(bar) || roomIn(bar) <= 0) return false
    return order.rest !== null || positionOf(bar.symbol) === undefined
  }

  /** Makes an order the one to its other side. */
  const turn = (order: Order) => {
    order.direction = -order.direction
    order.price = order.otherPrice
    order.stop = order.otherStop
    order.target = order.otherTarget
    order.firstTarget = NaN
  }

  const isOpenBeyond = (bar: TestBar, type: string, direction: number, price: number) => {
    if (type === 'limit') return direction > 0 ? bar.open <= price : bar.open >= price
    return direction > 0 ? bar.open >= price : bar.open <= price
  }

  const enterAtOpen = (bar: TestBar, order: Order): void => {
    if (!mayEnter(bar, order)) return
    const isOwn = order.type === 'market' || isOpenBeyond(bar, order.type, order.direction, order.price)
    if (!isOwn) {
      if (!isOpenBeyond(bar, order.type, -order.direction, order.otherPrice)) return
      turn(order)
    }
    enter(bar, order, bar.open, order.type === 'limit' ? bar.open : slip(bar, bar.open, order.direction))
  }

  const isInside = (bar: TestBar, type: string, direction: number, price: number) => {
    if (type === 'limit') return direction > 0 ? bar.low <= price : bar.high >= price
    return direction > 0 ? bar.high >= price : bar.low <= price
  }

  const enterInside = (bar: TestBar, order: Order): void => {
    if (order.type === 'market' || !mayEnter(bar, order)) return
    const candidates: { price: number; isOther: boolean }[] = []
    if (isInside(bar, order.type, order.direction, order.price)) candidates.push({ price: order.price, isOther: false })
    if (isInside(bar, order.type, -order.direction, order.otherPrice)) candidates.push({ price: order.otherPrice, isOther: true })
    const [nearest] = candidates.sort((a, b) => Math.abs(a.price - bar.open) - Math.abs(b.price - bar.open))
    if (candidates.length === 0) return
    if (nearest.isOther) turn(order)
    enter(bar, order, nearest.price, order.type === 'limit' ? nearest.price : slip(bar, nearest.price, order.direction))
  }

  const hitStop = (bar: TestBar, position: Position) => {
    const isHit = position.direction > 0 ? bar.low <= position.stop : bar.high >= position.stop
    if (isHit) exitAll(bar, position, position.stop, stopReason(position))
    return isHit
  }

  const hitTargets = (bar: TestBar, position: Position) => {
    const isReached = (price: number) => (position.direction > 0 ? bar.high >= price : bar.low <= price)
    if (isReached(position.firstTarget)) scaleOut(bar, position, position.firstTarget)
    if (positions.includes(position) && isReached(position.target)) exitPart(bar, position, position.target, 'target', Infinity)
  }

  /** What came first, told by the bars inside a bar; false when they do not fit it. */
  const walkFiner = (bar: TestBar, position: Position, entryPrice: number | null) => {
    const finer = bar.finer ?? []
    const highest = Math.max(...finer.map((part) => part.high))
    const lowest = Math.min(...finer.map((part) => part.low))
    if (highest !== bar.high || lowest !== bar.low) return false
    let waitsFor = entryPrice
    for (const part of finer) {
      const inside: TestBar = { ...bar, ...part, volume: bar.volume }
      let isEntry = false
      if (waitsFor !== null) {
        const isThere = bar.open > waitsFor ? part.low <= waitsFor : part.high >= waitsFor
        if (!isThere) continue
        waitsFor = null
        isEntry = true
      }
      const isOpen = () => positions.includes(position) && position.leaveReason === null
      if (rules.require_volume && part.volume === 0) continue
      if (!isEntry) leaveAtOpen(inside, position)
      if (!isOpen()) break
      const isHit = hitStop(inside, position)
      if (!isHit && !isEntry) hitTargets(inside, position)
      if (!isOpen()) break
    }
    return true
  }

  const leaveInside = (bar: TestBar, position: Position, isFresh: boolean): void => {
    position.barsHeld++
    if (position.leaveReason === null && !isHalted(bar)) {
      const isUp = position.direction > 0
      const isStopInside = isUp ? bar.low <= position.stop : bar.high >= position.stop
      const isTargetInside = [position.target, position.firstTarget].some((price) => (isUp ? bar.high >= price : bar.low <= price))
      const isUnclear = isFresh ? isStopInside || isTargetInside : isStopInside && isTargetInside
      if (rules.intrabar === 'optimistic') {
        hitTargets(bar, position)
        if (positions.includes(position)) hitStop(bar, position)
      } else if (rules.intrabar === 'finer' && isUnclear && walkFiner(bar, position, isFresh ? position.orderPrice : null)) {
        // it is told what happened
      } else {
        const isHit = hitStop(bar, position)
        if (!isHit && !isFresh) hitTargets(bar, position)
      }
    }
    position.low = Math.min(position.low, bar.low)
    position.high = Math.max(position.high, bar.high)
  }

  const moveStop = (position: Position, price: number) => {
    if (Number.isNaN(price)) return
    const isNearer = position.direction > 0 ? price > position.stop : price < position.stop
    if (Number.isNaN(position.stop) || isNearer) position.stop = price
  }

  const ageOrder = (bar: TestBar, order: Order, isLast: boolean) => {
    order.barsLeft--
    order.restBarsLeft--
    if (!isLast && order.barsLeft > 0) return
    drop(order)
    if (order.rest !== null) return
    if (isLast) decline(order.signal, 'end of data')
    else if (positionOf(bar.symbol) !== undefined) decline(order.signal, 'position open')
    else decline(order.signal, order.type === 'market' ? 'no volume' : 'not reached')
  }

  const atClose = (bar: TestBar): void => {
    const isLast = bar.time === lastTime(bar.symbol)
    const order = orderOf(bar.symbol)
    if (order !== undefined) ageOrder(bar, order, isLast)
    const position = positionOf(bar.symbol)
    if (position === undefined) return
    if (rules.exit_session_end && isSessionEnd(bars, bar)) {
      const reason = position.leaveReason ?? codeOf('session_end')
      if (isHalted(bar)) wantToLeave(position, reason)
      else exitAll(bar, position, bar.close, reason)
    }
    if (!positions.includes(position)) return
    if (isLast) return exit(bar, position, position.shares, bar.close, bar.close, codeOf('end_of_data'))
    const { direction } = position
    if (rules.trail_pct !== null) moveStop(position, bar.close - (direction * bar.close * rules.trail_pct) / 100)
    if (rules.trail_ranges !== null) {
      moveStop(position, bar.close - direction * meanRange(bar.symbol, bar.time) * rules.trail_ranges)
    }
    if (position.barsHeld >= position.timeStop) wantToLeave(position, codeOf('time_stop'))
    position.lastClose = bar.close
  }

  const act = (signal: TestSignal) => {
    const position = positionOf(signal.symbol)
    const isExit = (direction: number) => (direction > 0 ? signal.exit_long : signal.exit_short) === 1
    if (position !== undefined) {
      moveStop(position, signal.trail_price ?? NaN)
      const reason = signal.reason === undefined ? codeOf('signal') : exitReasons.length + signal.reason
      if (isExit(position.direction)) wantToLeave(position, reason)
    }
    const waiting = orderOf(signal.symbol)
    if (waiting !== undefined && waiting.rest === null && isExit(waiting.direction)) {
      decline(waiting.signal, 'order withdrawn')
      drop(waiting)
    }
    if ((signal.entry ?? 0) !== 0) place(signal)
  }

  const isCooling = (symbol: number, time: number) => {
    if (rules.cooldown_bars === 0) return false
    return stops.some((stop) => {
      const since = barsUntil(symbol, time).filter((bar) => bar.time >= stop.time).length
      return stop.symbol === symbol && since <= rules.cooldown_bars
    })
  }

  const place = (signal: TestSignal): void => {
    const direction = signal.entry!
    const position = positionOf(signal.symbol)
    const type = ['market', 'limit', 'stop'][signal.order_type ?? 0]
    const price = type === 'market' ? 0 : ((type === 'limit' ? signal.limit_price : signal.stop_entry_price) ?? NaN)
    const range = rules.sizing === 'volatility' ? meanRange(signal.symbol, signal.time) : NaN
    if (direction < 0 && !rules.allow_short) return decline(signal, 'shorts not allowed')
    if (isCalled) return decline(signal, 'margin call')
    if (position !== undefined && position.leaveReason === null) return decline(signal, 'position open')
    if (isCooling(signal.symbol, signal.time)) return decline(signal, 'cooling down')
    if (Number.isNaN(price)) return decline(signal, 'no price for the order')
    if (signal.time === lastTime(signal.symbol)) return decline(signal, 'end of data')
    if (rules.sizing === 'volatility' && Number.isNaN(range)) return decline(signal, 'mean range not known')
    const waiting = orderOf(signal.symbol)
    if (waiting !== undefined) {
      decline(waiting.signal, 'order withdrawn')
      drop(waiting)
    }
    const hasOther = type !== 'market' && (direction < 0 || rules.allow_short)
    orders.push({
      signal,
      direction,
      type,
      price,
      stop: signal.stop_price ?? NaN,
      target: signal.target_price ?? NaN,
      firstTarget: signal.first_target_price ?? NaN,
      otherPrice: hasOther ? (signal.other_entry_price ?? NaN) : NaN,
      barsLeft: signal.valid_bars ?? (type === 'market' ? 1 : Infinity),
      restBarsLeft: signal.valid_bars ?? Infinity,
      rest: null,
      range,
      otherStop: signal.other_stop_price ?? NaN,
      otherTarget: signal.other_target_price ?? NaN,
    })
  }

  const byRank = (a: Order, b: Order) => {
    const difference = (b.signal.score ?? -Infinity) - (a.signal.score ?? -Infinity)
    return difference > 0 || difference < 0 ? difference : a.signal.symbol - b.signal.symbol
  }

  /** What the nights before this bar cost and earn. */
  const passNights = (now: readonly TestBar[]) => {
    const session = sessionOf(now[0])
    if (lastSession !== null && session > lastSession) {
      const earned = ((cash - shortValue()) * rules.cash_rate * (session - lastSession)) / 365
      cash += earned
      interest += earned
    }
    lastSession = session
    for (const bar of now) {
      const position = positionOf(bar.symbol)
      if (position === undefined || position.direction > 0) continue
      const fee = (valueOf(position) * rules.borrow_rate * (sessionOf(bar) - position.paidUntil)) / 365
      position.paidUntil = sessionOf(bar)
      position.fees += fee
      cash -= fee
    }
  }

  /** Dividends first, on the shares that were held; then splits. */
  const applyActions = (bar: TestBar) => {
    const { split = 1, dividend = 0 } = bar
    const position = positionOf(bar.symbol)
    const order = orderOf(bar.symbol)
    if (position !== undefined) {
      cash += position.direction * position.shares * dividend
      position.dividends += position.direction * position.shares * dividend
    }
    if (split === 1) return
    if (position !== undefined) {
      position.shares *= split
      const prices = ['price', 'stop', 'firstStop', 'target', 'firstTarget', 'low', 'high', 'lastClose'] as const
      for (const name of prices) position[name] /= split
      const odd = rules.fractional_shares ? 0 : position.shares - wholeShares(position.shares)
      if (odd > 0) exit(bar, position, odd, bar.open, bar.open, codeOf('split'))
      else if (odd < 0) position.shares -= odd
    }
    if (order === undefined || !orders.includes(order)) return
    for (const name of ['price', 'stop', 'target', 'firstTarget', 'otherPrice', 'otherStop', 'otherTarget', 'range'] as const) {
      order[name] /= split
    }
    if (order.rest !== null) order.rest = wholeShares(order.rest * split)
    if (order.rest === 0) drop(order)
  }

  const callMargin = () => {
    const gross = longValue() + shortValue()
    const hasDebt = cash < 0 || shortValue() > 0
    isCalled = hasDebt && equity < rules.maintenance_margin * gross
    if (!isCalled) return
    for (const position of positions) wantToLeave(position, codeOf('margin_call'))
    for (const order of orders) decline(order.signal, 'margin call')
    orders = []
  }

  for (const time of times) {
    const now = barsAt.get(time)!.sort((a, b) => a.symbol - b.symbol)
    const barOf = (symbol: number) => now.find((bar) => bar.symbol === symbol)
    enteredNow = 0
    filledNow = new Map()
    passNights(now)
    if (rules.actions === 'apply') now.forEach(applyActions)
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
    equity = cash + longValue() - shortValue()
    outcome.equity.push({ account, bar_at: time, cash, interest, equity })
    callMargin()
    for (const signal of signalsAt.get(time) ?? []) act(signal)
  }
}
