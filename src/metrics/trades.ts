import type { NumberRows, TradeColumn } from '../rows.js'

/** Sums over closed trades, from which their metrics follow; sums of parts add up to the sum of the whole. */
export interface TradeSums {
  trades: number
  wins: number
  /** Net profit of the trades that gained, and of those that lost (above 0). */
  gained: number
  lost: number
  costs: number
  /** Bars with an open position. */
  bars_held: number
}

/** Metrics of closed trades; NaN where a metric is not defined. */
export interface TradeMetrics {
  trades: number
  net_profit: number
  costs: number
  /** Share of trades with a net profit above 0, in per cent. */
  win_rate_pct: number
  /** What the winners gained ÷ what the losers lost. */
  profit_factor: number
}

export const noTrades: TradeSums = { trades: 0, wins: 0, gained: 0, lost: 0, costs: 0, bars_held: 0 }

/** Returns `sums` with the trade in `row` added. */
export function addTrade(sums: TradeSums, trades: NumberRows<TradeColumn>, row: number): TradeSums {
  const net = trades.net_profit[row]
  return {
    trades: sums.trades + 1,
    wins: sums.wins + (net > 0 ? 1 : 0),
    gained: sums.gained + Math.max(0, net),
    lost: sums.lost + Math.max(0, -net),
    costs: sums.costs + trades.costs[row],
    bars_held: sums.bars_held + trades.bars_held[row],
  }
}

/** Returns the sums of two groups of trades together. */
export function addSums(a: TradeSums, b: TradeSums): TradeSums {
  return {
    trades: a.trades + b.trades,
    wins: a.wins + b.wins,
    gained: a.gained + b.gained,
    lost: a.lost + b.lost,
    costs: a.costs + b.costs,
    bars_held: a.bars_held + b.bars_held,
  }
}

/** Returns the metrics of summed trades. */
export function tradeMetrics({ trades, wins, gained, lost, costs }: TradeSums): TradeMetrics {
  return {
    ...{ trades, net_profit: gained - lost, costs },
    win_rate_pct: trades === 0 ? NaN : (wins / trades) * 100,
    profit_factor: lost === 0 ? NaN : gained / lost,
  }
}

/** Why a metric of trades is not defined, by its name. */
export function tradeReasons({ trades, profit_factor }: TradeMetrics): Record<string, string> {
  if (trades === 0) return { win_rate_pct: 'no trades', profit_factor: 'no trades' }
  return Number.isNaN(profit_factor) ? { profit_factor: 'no trade lost' } : {}
}
