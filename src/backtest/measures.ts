import { addTrades } from '../metrics/add-trades.js'
import { periodReturns, type PeriodReturn } from '../metrics/returns.js'
import { seriesMetrics, sessionsPerYear, type SeriesMetrics } from '../metrics/series.js'
import { goOn, noStreaks } from '../metrics/streaks.js'
import { sessionCloses, totalEquity } from '../metrics/total-equity.js'
import { noTrades, sumOf, tradeMetrics, type TradeMetrics, type TradeSums } from '../metrics/trades.js'
import { declineReasons, type DeclinedColumn, type NumberRows } from '../rows.js'
import type { Outcomes } from '../simulation/simulate.js'
import type { Timeframe } from '../store/timeframe.js'
import type { BacktestConfig } from './config.js'
import type { PlannedSymbol } from './plan.js'

/** The figures of a run, taken batch by batch, so that no more than a batch of rows is ever held. */
export interface Measures {
  /** Takes the figures of outcomes; separate accounts come whole. */
  add: (outcomes: Outcomes) => void
  /** Does the same in steps, so that others can have the thread in between: what it yields has to be asked for to the end. */
  steps: (outcomes: Outcomes) => Iterable<void>
  /** Adds how many signals did not become a position, by the codes of the reasons. */
  addDeclined: (counts: readonly number[]) => void
  /** Returns how many entries were declined for each reason, most frequent first. */
  declined: () => Record<string, number>
  /** Returns the figures of each symbol. */
  symbols: () => SymbolFigures[]
  /** Returns the curve of the shared account, or of all separate ones together but `idle` unused ones, at session closes. */
  curve: (idle?: number) => { dates: Float64Array; equity: Float64Array }
  /** Interest of all accounts. */
  interest: () => number
  /** Sums over all trades. */
  total: () => TradeSums
}

/** Metrics of a symbol, NaN where they are not defined, and the monthly returns of its account; of a shared one none. */
export interface SymbolFigures {
  /** Of the account of the symbol, or its part of the return of a shared one. */
  return_pct: number
  exposure_pct: number
  series: SeriesMetrics
  trades: TradeMetrics
  months: readonly PeriodReturn[]
}

/** Trades or curves of so many accounts are a few milliseconds of work. */
const stretchesPerStep = 25

/** Starts measuring a run over `planned`; symbols have their index there as their code. */
export function measures(planned: readonly PlannedSymbol[], { rules, timeframe }: BacktestConfig): Measures {
  const perYear = closesPerYear(timeframe)
  const isShared = rules.accounts === 'shared'
  const sums: TradeSums[] = planned.map(() => ({ ...noTrades }))
  const curves = planned.map(() => noCurve)
  const shared = { ...noStreaks }
  const declined = declineReasons.map(() => 0)
  const total = totalEquity(isShared ? 1 : planned.length, rules.capital)
  const steps = function* ({ trades, equity }: Outcomes): Iterable<void> {
    for (const [index, [symbol, from, to]] of stretches(trades.symbol).entries()) {
      if (index % stretchesPerStep === 0) yield
      addTrades(sums[symbol], trades, from, to)
    }
    if (isShared) goOn(shared, trades.net_profit, 0, trades.length)
    total.add(equity)
    if (isShared) return
    for (const [index, [account, from, to]] of stretches(equity.account).entries()) {
      if (index % stretchesPerStep === 0) yield
      curves[account] = measured(sessionCloses(equity, from, to), rules.capital, perYear)
    }
  }
  return {
    add: (outcomes) => void Array.from(steps(outcomes)),
    steps,
    addDeclined(counts) {
      counts.forEach((entries, code) => (declined[code] += entries))
    },
    declined: () => {
      const counts = declineReasons.map((reason, code): [string, number] => [reason, declined[code]])
      return Object.fromEntries(counts.filter(([, entries]) => entries > 0).sort((a, b) => b[1] - a[1]))
    },
    symbols: () => planned.map((symbol, code) => figuresOf(symbol, sums[code], curves[code], isShared ? rules.capital : null)),
    ...{ curve: total.curve, interest: total.interest },
    total: () => ({ ...sumOf(sums), ...(isShared ? shared : {}) }),
  }
}

/** Counts declined signals by the codes of the reasons. */
export function countDeclined({ length, reason }: NumberRows<DeclinedColumn>): number[] {
  const counts = declineReasons.map(() => 0)
  for (let row = 0; row < length; row++) counts[reason[row]]++
  return counts
}

/** What is kept of the curve of an account. */
interface MeasuredCurve {
  series: SeriesMetrics
  months: readonly PeriodReturn[]
}

/** A symbol of a shared account has no equity of its own. */
const noCurve: MeasuredCurve = { series: seriesMetrics([], [], 1), months: [] }

function measured({ dates, equity }: { dates: Float64Array; equity: Float64Array }, capital: number, perYear: number): MeasuredCurve {
  const series = seriesMetrics(dates, equity, capital, null, perYear)
  return { series, months: periodReturns(dates, equity, capital, 'month') }
}

/** Returns where a code begins and where another one follows it. */
function stretches(codes: Float64Array): [code: number, from: number, to: number][] {
  const found: [number, number, number][] = []
  for (let from = 0; from < codes.length;) {
    let to = from + 1
    while (to < codes.length && codes[to] === codes[from]) to++
    found.push([codes[from], from, to])
    from = to
  }
  return found
}

/** The return of a symbol in a shared account is its part of the return of `sharedCapital`. */
function figuresOf(
  { tradedBars }: PlannedSymbol,
  sums: TradeSums,
  { series, months }: MeasuredCurve,
  sharedCapital: number | null,
): SymbolFigures {
  const trades = tradeMetrics(sums)
  const return_pct = sharedCapital === null ? series.return_pct : (trades.net_profit / sharedCapital) * 100
  return { return_pct, exposure_pct: (sums.position_bars / tradedBars) * 100, series, trades, months }
}

/** Returns how many closes of equity a year has: one a session, or one a bar of more than a day. */
export function closesPerYear({ unit }: Timeframe): number {
  return unit === undefined ? sessionsPerYear : { day: sessionsPerYear, week: 52, month: 12, quarter: 4, year: 1 }[unit]
}

/** Replaces NaN by null. */
export function missingAsNull<Name extends string>(figures: Record<Name, number>): Record<Name, number | null> {
  const entries = Object.entries<number>(figures).map(([name, value]) => [name, Number.isFinite(value) ? value : null])
  return Object.fromEntries(entries) as Record<Name, number | null>
}
