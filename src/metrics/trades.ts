import { noStreaks, type Streaks } from './streaks.js'

/** Sums over closed trades, from which their metrics follow. */
export interface TradeSums extends Streaks {
  trades: number
  wins: number
  losses: number
  /** Net profit of the trades that gained, and of those that lost (above 0). */
  gained: number
  lost: number
  /** Net profit of the best trade and of the worst; 0 when none gained, or lost. */
  largest_win: number
  largest_loss: number
  costs: number
  commission: number
  borrow_fees: number
  slippage: number
  /** Value bought and sold. */
  traded_value: number
  /** Bars held by all trades; a position that is left in parts counts for each part. */
  bars_held: number
  longest_bars_held: number
  /** Positions, of which each may be left in several trades, and their bars, each counted once. */
  positions: number
  position_bars: number
  /** Of the latest trade: when its position was entered, and the bars it was held. */
  latest_entry_at: number
  latest_bars_held: number
  /** Trades with a stop, and the sums of their R multiples and of the squares of these. */
  risked: number
  r_multiples: number
  r_squares: number
  /** Sums and extremes of the excursions in per cent of the entry's value. */
  adverse_pct: number
  favorable_pct: number
  worst_adverse_pct: number
  best_favorable_pct: number
}

/** Metrics of closed trades; NaN where a metric is not defined. A win has a net profit above 0, a loss one below. */
export interface TradeMetrics {
  trades: number
  /** Positions, of which each may be left in several trades. */
  positions: number
  net_profit: number
  costs: number
  commission: number
  borrow_fees: number
  /** What slippage has cost; part of the prices and of the gross profit, not of `costs`. */
  slippage: number
  /** Share of trades with a net profit above 0, in per cent. */
  win_rate_pct: number
  /** What the winners gained ÷ what the losers lost. Schwager, "Schwager on Futures", 1996. */
  profit_factor: number
  average_win: number
  /** Above 0. */
  average_loss: number
  largest_win: number
  /** Above 0. */
  largest_loss: number
  /** Average win ÷ average loss. */
  payoff_ratio: number
  /** Mean net profit of a trade. */
  expectancy: number
  /** Mean R multiple, of the trades with a stop. Tharp, "Trade Your Way to Financial Freedom", 1998. */
  expectancy_r: number
  /** √n × mean R multiple ÷ their standard deviation, n trades with a stop. Tharp, "The Definitive Guide to Position Sizing", 2008. */
  system_quality_number: number
  /**
   * Share of equity to risk on a trade for the fastest growth: win rate - (1 - win rate) ÷ payoff ratio, in per cent; below 0
   * when the trades lose. Kelly, "A new interpretation of information rate", 1956, for bets with two outcomes.
   */
  kelly_pct: number
  average_bars_held: number
  longest_bars_held: number
  /** Most wins, and losses, in a row among the trades of one account, in the order of their exits. */
  longest_winning_streak: number
  longest_losing_streak: number
  /**
   * Excursions: the worst and best unrealised result while a position was open, in per cent of its entry's value. Sweeney,
   * "Maximum Adverse Excursion", 1997.
   */
  average_adverse_excursion_pct: number
  worst_adverse_excursion_pct: number
  average_favorable_excursion_pct: number
  best_favorable_excursion_pct: number
}

export const noTrades: Readonly<TradeSums> = {
  ...{ trades: 0, wins: 0, losses: 0, gained: 0, lost: 0, largest_win: 0, largest_loss: 0 },
  ...{ costs: 0, commission: 0, borrow_fees: 0, slippage: 0, traded_value: 0, bars_held: 0, longest_bars_held: 0 },
  ...{ positions: 0, position_bars: 0, latest_entry_at: NaN, latest_bars_held: 0 },
  ...{ risked: 0, r_multiples: 0, r_squares: 0 },
  ...{ adverse_pct: 0, favorable_pct: 0, worst_adverse_pct: 0, best_favorable_pct: 0, ...noStreaks },
}

/** Returns the sums of groups of trades together; streaks do not go on from one to the other. */
export function sumOf(groups: readonly Readonly<TradeSums>[]): TradeSums {
  const sums = { ...noTrades }
  for (const group of groups) {
    for (const name of additive) sums[name] += group[name]
    for (const name of highest) sums[name] = Math.max(sums[name], group[name])
    for (const name of lowest) sums[name] = Math.min(sums[name], group[name])
  }
  return sums
}

const lowest = ['largest_loss', 'worst_adverse_pct'] as const
const highest = [
  ...['largest_win', 'longest_bars_held', 'best_favorable_pct', 'longest_winning_streak', 'longest_losing_streak'] as const,
]
const additive = [
  ...['trades', 'wins', 'losses', 'gained', 'lost', 'costs', 'commission', 'borrow_fees', 'slippage', 'traded_value'] as const,
  ...['bars_held', 'positions', 'position_bars', 'risked', 'r_multiples', 'r_squares', 'adverse_pct', 'favorable_pct'] as const,
]

/** Returns the metrics of summed trades. */
export function tradeMetrics(sums: Readonly<TradeSums>): TradeMetrics {
  const { trades, wins, losses, gained, lost, costs, commission, borrow_fees, slippage } = sums
  // 0 ÷ 0 is the NaN of what is not defined
  const winRate = wins / trades
  const payoff = losses === 0 ? NaN : gained / wins / (lost / losses)
  return {
    ...{ trades, positions: sums.positions, net_profit: gained - lost, costs, commission, borrow_fees, slippage },
    win_rate_pct: winRate * 100,
    profit_factor: lost === 0 ? NaN : gained / lost,
    ...{ average_win: gained / wins, average_loss: lost / losses },
    largest_win: wins === 0 ? NaN : sums.largest_win,
    largest_loss: losses === 0 ? NaN : -sums.largest_loss,
    payoff_ratio: payoff,
    expectancy: (gained - lost) / trades,
    ...riskMetrics(sums),
    kelly_pct: (winRate - (1 - winRate) / payoff) * 100,
    average_bars_held: sums.bars_held / trades,
    longest_bars_held: trades === 0 ? NaN : sums.longest_bars_held,
    longest_winning_streak: sums.longest_winning_streak,
    longest_losing_streak: sums.longest_losing_streak,
    average_adverse_excursion_pct: sums.adverse_pct / trades,
    worst_adverse_excursion_pct: trades === 0 ? NaN : sums.worst_adverse_pct,
    average_favorable_excursion_pct: sums.favorable_pct / trades,
    best_favorable_excursion_pct: trades === 0 ? NaN : sums.best_favorable_pct,
  }
}

function riskMetrics({ risked, r_multiples, r_squares }: Readonly<TradeSums>) {
  const expectancy_r = r_multiples / risked
  const deviation = Math.sqrt(Math.max(0, r_squares - r_multiples * expectancy_r) / (risked - 1))
  const isVaried = deviation > 1e-7 * Math.abs(expectancy_r)
  return { expectancy_r, system_quality_number: isVaried ? (Math.sqrt(risked) * expectancy_r) / deviation : NaN }
}

/** Returns why metrics of summed trades are not defined, by their names. */
export function tradeReasons(sums: Readonly<TradeSums>): Record<string, string> {
  const metrics = tradeMetrics(sums)
  const missing = Object.entries<number>({ ...metrics }).filter(([, value]) => Number.isNaN(value))
  return Object.fromEntries(missing.map(([name]) => [name, reasonOf(name as keyof TradeMetrics, sums)]))
}

function reasonOf(name: keyof TradeMetrics, { trades, wins, losses, risked }: Readonly<TradeSums>): string {
  if (trades === 0) return 'no trades'
  if (name === 'expectancy_r') return 'no trade has a stop'
  if (name === 'system_quality_number') return risked < 2 ? 'fewer than two trades have a stop' : 'all R multiples are equal'
  return (name === 'average_win' || name === 'largest_win' || losses > 0) && wins === 0 ? 'no trade gained' : 'no trade lost'
}
