import type { NumberRows, TradeColumn } from '../rows.js'
import { goOn } from './streaks.js'
import type { TradeSums } from './trades.js'

/**
 * Adds the trade in `row` to `sums` of one symbol, in place; the trades of a symbol come in the order of their exits, so that
 * the parts of a position follow each other.
 */
export function addTrade(sums: TradeSums, trades: NumberRows<TradeColumn>, row: number): void {
  const net = trades.net_profit[row]
  sums.trades++
  if (net > 0) {
    sums.wins++
    sums.gained += net
    sums.largest_win = Math.max(sums.largest_win, net)
  } else if (net < 0) {
    sums.losses++
    sums.lost -= net
    sums.largest_loss = Math.min(sums.largest_loss, net)
  }
  goOn(sums, net)
  addCosts(sums, trades, row)
  addHolding(sums, trades, row)
  addRisk(sums, trades, row)
}

function addCosts(sums: TradeSums, { costs, commission, borrow_fees, slippage }: NumberRows<TradeColumn>, row: number): void {
  sums.costs += costs[row]
  sums.commission += commission[row]
  sums.borrow_fees += borrow_fees[row]
  sums.slippage += slippage[row]
}

function addHolding(sums: TradeSums, trades: NumberRows<TradeColumn>, row: number): void {
  const entered = trades.quantity[row] * trades.entry_price[row]
  const adverse = (trades.maximum_adverse_excursion[row] / entered) * 100
  const favorable = (trades.maximum_favorable_excursion[row] / entered) * 100
  sums.traded_value += entered + trades.quantity[row] * trades.exit_price[row]
  sums.bars_held += trades.bars_held[row]
  sums.longest_bars_held = Math.max(sums.longest_bars_held, trades.bars_held[row])
  addPosition(sums, trades.entry_at[row], trades.bars_held[row])
  sums.adverse_pct += adverse
  sums.favorable_pct += favorable
  sums.worst_adverse_pct = Math.min(sums.worst_adverse_pct, adverse)
  sums.best_favorable_pct = Math.max(sums.best_favorable_pct, favorable)
}

function addPosition(sums: TradeSums, entryAt: number, barsHeld: number): void {
  const isSame = sums.latest_entry_at === entryAt
  if (!isSame) sums.positions++
  sums.position_bars += isSame ? barsHeld - sums.latest_bars_held : barsHeld
  sums.latest_entry_at = entryAt
  sums.latest_bars_held = barsHeld
}

function addRisk(sums: TradeSums, { r_multiple }: NumberRows<TradeColumn>, row: number): void {
  const multiple = r_multiple[row]
  if (Number.isNaN(multiple)) return
  sums.risked++
  sums.r_multiples += multiple
  sums.r_squares += multiple ** 2
}
