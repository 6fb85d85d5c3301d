import { seriesMetrics, type SeriesMetrics } from '../metrics/series.js'
import { addSums, addTrade, noTrades, tradeMetrics, type TradeSums } from '../metrics/trades.js'
import { sessionCloses, totalEquity } from '../metrics/total-equity.js'
import type { SymbolRow } from '../report/record.js'
import type { EquityColumn, NumberRows, Outcome } from '../rows.js'
import type { Outcomes } from '../simulation/simulate.js'
import type { Rules } from '../simulation/rules.js'
import type { PlannedSymbol } from './plan.js'

/** The figures of a run, taken batch by batch, so that no more than a batch of rows is ever held. */
export interface Measures {
  /** Takes the figures of outcomes; separate accounts come whole. */
  add: (outcomes: Outcomes) => void
  /** Returns the row of each symbol. */
  symbols: () => SymbolRow[]
  /** Returns the curve of the shared account, or of all separate ones together, at session closes. */
  curve: () => { dates: Float64Array; equity: Float64Array }
  /** Sums over all trades. */
  total: () => TradeSums
}

/** Starts measuring a run over `planned`; symbols have their index there as their code. */
export function measures(planned: readonly PlannedSymbol[], rules: Rules): Measures {
  const isShared = rules.accounts === 'shared'
  const sums: TradeSums[] = planned.map(() => noTrades)
  const series: (SeriesMetrics | null)[] = planned.map(() => null)
  const total = totalEquity(isShared ? 1 : planned.length, rules.capital)
  return {
    add({ trades, equity }) {
      for (let row = 0; row < trades.length; row++) {
        const symbol = trades.symbol[row]
        sums[symbol] = addTrade(sums[symbol], trades, row)
      }
      total.add(equity)
      if (isShared) return
      for (const [account, rows] of byAccount(equity)) series[account] = measured(rows, rules.capital)
    },
    symbols: () => planned.map((symbol, code) => symbolRow(symbol, sums[code], series[code], rules.capital)),
    curve: total.curve,
    total: () => sums.reduce(addSums, noTrades),
  }
}

function measured(equity: NumberRows<EquityColumn>, capital: number): SeriesMetrics {
  const { dates, equity: closes } = sessionCloses(equity)
  return seriesMetrics(dates, closes, capital)
}

/** Cuts equity, ordered by account, into the rows of each account. */
function byAccount(equity: NumberRows<EquityColumn>): [account: number, rows: NumberRows<EquityColumn>][] {
  const parts: [number, NumberRows<EquityColumn>][] = []
  for (let from = 0; from < equity.length;) {
    let to = from
    while (to < equity.length && equity.account[to] === equity.account[from]) to++
    const { length: _all, ...columns } = equity
    const cut = Object.fromEntries(Object.entries(columns).map(([name, values]) => [name, values.subarray(from, to)]))
    parts.push([equity.account[from], { length: to - from, ...cut } as NumberRows<EquityColumn>])
    from = to
  }
  return parts
}

function symbolRow(planned: PlannedSymbol, sums: TradeSums, series: SeriesMetrics | null, capital: number): SymbolRow {
  const { trades, net_profit, win_rate_pct, profit_factor } = tradeMetrics(sums)
  const outcome: Outcome = 'completed'
  return {
    ...{ symbol: planned.symbol, outcome, reason: null, bars: planned.tradedBars, trades, net_profit },
    ...missingAsNull(series ?? { ...nothing, return_pct: (net_profit / capital) * 100 }),
    ...missingAsNull({ win_rate_pct, profit_factor, exposure_pct: (sums.bars_held / planned.tradedBars) * 100 }),
  }
}

/** A symbol of a shared account has no equity of its own; its return is its part of the account's. */
const nothing: SeriesMetrics = seriesMetrics([], [], 1)

/** Replaces NaN by null. */
export function missingAsNull<Name extends string>(figures: Record<Name, number>): Record<Name, number | null> {
  const entries = Object.entries<number>(figures).map(([name, value]) => [name, Number.isFinite(value) ? value : null])
  return Object.fromEntries(entries) as Record<Name, number | null>
}
