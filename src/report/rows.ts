import { count, counted, decimal, signedPercent } from '../format.js'
import { geometryParameters, geometryTexts } from '../models/parameters.js'
import type { RunRecord, RunReport, SymbolRow } from './record.js'

/** The headline figures of a run: name and value, in the order in which they are shown. */
export function headline({ record }: RunReport): [name: string, value: string][] {
  const { metrics } = record
  return [
    ['Total return', signedPercent(metrics.total_return_pct)],
    ['Annual return (CAGR)', signedPercent(metrics.annual_return_pct)],
    ['Annual volatility', percent(metrics.annual_volatility_pct)],
    ['Sharpe ratio', decimal(metrics.sharpe_ratio)],
    ['Sortino ratio', decimal(metrics.sortino_ratio)],
    ['Maximum drawdown', percent(metrics.maximum_drawdown_pct)],
    ['… lasted', `${optionalCount(metrics.maximum_drawdown_days)} days`],
    ['Trades', count(record.trades)],
    ['Win rate', percent(metrics.win_rate_pct)],
    ['Profit factor', decimal(metrics.profit_factor)],
    ['Exposure', percent(metrics.exposure_pct)],
    ['Net profit', decimal(metrics.net_profit, 0)],
    ['Costs', decimal(metrics.costs, 0)],
  ]
}

/** The names of the metrics among the headline figures. */
export const shownMetrics = [
  ...['total_return_pct', 'annual_return_pct', 'annual_volatility_pct', 'sharpe_ratio', 'sortino_ratio'],
  ...['maximum_drawdown_pct', 'maximum_drawdown_days', 'win_rate_pct', 'profit_factor', 'exposure_pct', 'net_profit', 'costs'],
]

/** What was simulated, in one line. */
export function title(record: RunRecord): string {
  const { strategy, timeframe, accounts, symbols, first_session, last_session, configuration } = record
  const who = accounts === 'shared' ? 'one shared account' : 'separate accounts'
  const simulated = [`${strategy} on ${counted(symbols, 'symbol')}`, timeframe, `${first_session ?? '–'} to ${last_session ?? '–'}`, who]
  return [...simulated, ...geometryTexts(geometryParameters(configuration))].join(', ')
}

/** The columns of the tables of symbols. */
export const symbolColumns = [
  { name: 'symbol', isNumber: false },
  ...['return %', 'CAGR %', 'volatility %', 'Sharpe', 'Sortino', 'max DD %', 'DD days', 'trades', 'win %', 'PF', 'exposure %'].map(
    (name) => ({ name, isNumber: true }),
  ),
]

/** Says why the tables of symbols of a shared account lack figures; empty for separate accounts. */
export function symbolNote({ accounts }: RunRecord): string {
  const lacks = 'and so no CAGR, volatility, ratios and drawdown of them'
  return accounts === 'shared' ? `A shared account has no equity of single symbols, ${lacks}.` : ''
}

/** Returns the cells of a symbol, in the order of `symbolColumns`. */
export function symbolCells(row: SymbolRow): string[] {
  return [
    row.symbol,
    decimal(row.return_pct),
    decimal(row.annual_return_pct, 1),
    decimal(row.annual_volatility_pct, 1),
    decimal(row.sharpe_ratio),
    decimal(row.sortino_ratio),
    decimal(row.maximum_drawdown_pct),
    optionalCount(row.maximum_drawdown_days),
    count(row.trades),
    decimal(row.win_rate_pct, 1),
    decimal(row.profit_factor),
    decimal(row.exposure_pct, 1),
  ]
}

/** Returns the symbols that completed, best return first; ties by name. */
export function ranked(symbols: readonly SymbolRow[]): SymbolRow[] {
  return symbols
    .filter(({ outcome }) => outcome === 'completed')
    .sort((a, b) => (b.return_pct ?? -Infinity) - (a.return_pct ?? -Infinity) || (a.symbol < b.symbol ? -1 : 1))
}

/** Returns the entries that were declined for each reason, most frequent first, as text. */
export function declinedTexts({ declined }: RunRecord): string[] {
  return Object.entries(declined).map(([reason, entries]) => `${count(entries)} × ${reason}`)
}

/** Returns how many symbols were left out for each reason, most frequent first. */
export function reasons(left: readonly { reason: string }[]): [reason: string, symbols: number][] {
  const counts = new Map<string, number>()
  for (const { reason } of left) counts.set(reason, (counts.get(reason) ?? 0) + 1)
  return [...counts].sort((a, b) => b[1] - a[1])
}

/** Returns a reason in a form in which the number of bars and the name of their timeframe do not run into each other. */
export function reasonText(reason: string): string {
  const found = /^(\d+) (\w+) bars; the strategy (\S+) needs (\d+)$/.exec(reason)
  if (found === null) return reason
  const [, bars, timeframe, strategy, least] = found
  return `${counted(Number(bars), 'bar')} of ${timeframe}, ${strategy} needs ${least}`
}

function percent(value: number | null): string {
  return value === null ? '–' : `${decimal(value)} %`
}

function optionalCount(value: number | null): string {
  return value === null ? '–' : count(value)
}
