import { exitReasons, orderTypes, type DeclineReason, type SignalColumns } from '../rows.js'
import { askToLeave } from './exits.js'
import { accountOf, decline, type World } from './world.js'

const market = orderTypes.indexOf('market')
const limit = orderTypes.indexOf('limit')
const signalled = exitReasons.indexOf('signal')

/** Does what a signal says at the close of its bar: moves a trailing stop, asks to leave, places an order. */
export function act(world: World, signals: SignalColumns, i: number): void {
  const { state } = world
  const symbol = signals.symbol[i]
  const quantity = state.quantity[symbol]
  if (quantity !== 0) trail(world, symbol, signals.trail_price[i])
  if ((quantity > 0 && signals.exit_long[i] === 1) || (quantity < 0 && signals.exit_short[i] === 1)) {
    askToLeave(world, symbol, signals.reason[i] < 0 ? signalled : exitReasons.length + signals.reason[i])
  }
  const waits = state.order_rest[symbol] > 0 ? 0 : state.order[symbol]
  if ((waits > 0 && signals.exit_long[i] === 1) || (waits < 0 && signals.exit_short[i] === 1)) {
    withdraw(world, symbol, 'order withdrawn')
  }
  if (signals.entry[i] !== 0) order(world, signals, i)
}

/** Moves the stop of a position with the market, never back. */
export function trail({ state }: World, symbol: number, price: number): void {
  if (Number.isNaN(price)) return
  const stop = state.stop_price[symbol]
  const isNearer = state.quantity[symbol] > 0 ? price > stop : price < stop
  if (Number.isNaN(stop) || isNearer) state.stop_price[symbol] = price
}

/** Places the entry order of a signal for the bars after it, in the place of one that still waits. */
function order(world: World, signals: SignalColumns, i: number): void {
  const { state, rules } = world
  const symbol = signals.symbol[i]
  const refused = refusal(world, signals, i)
  if (refused !== null) return decline(world, symbol, signals.bar_at[i], refused)
  if (state.order[symbol] !== 0) withdraw(world, symbol, 'order withdrawn')
  const type = signals.order_type[i]
  const valid = signals.valid_bars[i]
  const isOtherBarred = signals.entry[i] > 0 && !rules.allow_short
  state.order[symbol] = signals.entry[i]
  state.order_type[symbol] = type
  state.order_price[symbol] = orderPrice(signals, i)
  state.order_bars[symbol] = Number.isNaN(valid) ? (type === market ? 1 : Infinity) : valid
  state.order_rest_bars[symbol] = Number.isNaN(valid) ? Infinity : valid
  state.order_rest[symbol] = 0
  state.order_stop[symbol] = signals.stop_price[i]
  state.order_target[symbol] = signals.target_price[i]
  state.order_first_target[symbol] = signals.first_target_price[i]
  state.order_time_stop[symbol] = otherwise(signals.time_stop_bars[i], rules.time_stop_bars ?? Infinity)
  state.order_other_price[symbol] = type === market || isOtherBarred ? NaN : signals.other_entry_price[i]
  state.order_other_stop[symbol] = signals.other_stop_price[i]
  state.order_other_target[symbol] = signals.other_target_price[i]
  state.order_range[symbol] = world.ranges === null ? NaN : world.ranges.mean(symbol)
  state.order_size[symbol] = otherwise(signals.size_factor[i], 1)
  state.order_score[symbol] = otherwise(signals.score[i], -Infinity)
  state.order_reason[symbol] = signals.reason[i]
  state.order_at[symbol] = signals.bar_at[i]
}

function otherwise(value: number, missing: number): number {
  return Number.isNaN(value) ? missing : value
}

function orderPrice(signals: SignalColumns, i: number): number {
  const type = signals.order_type[i]
  return type === market ? 0 : type === limit ? signals.limit_price[i] : signals.stop_entry_price[i]
}

/** Returns why an entry must not become an order, or null. */
function refusal(world: World, signals: SignalColumns, i: number): DeclineReason | null {
  const { state, rules, lastBarAt, accounts, ranges } = world
  const symbol = signals.symbol[i]
  if (signals.entry[i] < 0 && !rules.allow_short) return 'shorts not allowed'
  if (accounts.is_called[accountOf(world, symbol)] === 1) return 'margin call'
  if (state.quantity[symbol] !== 0 && state.leave[symbol] === 0) return 'position open'
  if (state.cooldown[symbol] > 0) return 'cooling down'
  if (Number.isNaN(orderPrice(signals, i))) return 'no price for the order'
  if (signals.bar_at[i] === lastBarAt[symbol]) return 'end of data'
  return rules.sizing === 'volatility' && Number.isNaN(ranges!.mean(symbol)) ? 'mean range not known' : null
}

/** Takes back the order of a symbol of which nothing is filled. */
export function withdraw(world: World, symbol: number, reason: DeclineReason): void {
  decline(world, symbol, world.state.order_at[symbol], reason)
  world.state.order[symbol] = 0
}
