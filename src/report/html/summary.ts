import { count, decimal, signedPercent } from '../../format.js'
import { drawdownTable, monthTable, type TextTable } from '../metric-tables.js'
import type { RunRecord, RunReport } from '../record.js'
import { html, type Markup } from './markup.js'
import { detailsMarkup, tableMarkup, type Section } from './section.js'

/** A headline figure with what stands below it. */
interface Tile {
  name: string
  value: string
  note: string
  /** Whether it is good (+1), bad (-1) or neither. */
  sign?: number
}

/** Returns the headline figures, the comparison with benchmark and buy-and-hold, the months and the deepest drawdowns. */
export function summarySection(report: RunReport): Section {
  const { record, monthly_returns, drawdowns } = report
  return {
    id: 'summary',
    title: 'Summary',
    content: html`<div class="tiles">${tiles(record).map(tileMarkup)}</div>
${reasonsMarkup(record)}
<div class="columns">
<div><h3>Against the market</h3>${tableMarkup(comparisonTable(record), 'Comparison with buy-and-hold and benchmark')}</div>
<div><h3>Deepest drawdowns</h3>${tableOrNone(drawdownTable(drawdowns.slice(0, 6)), 'Deepest drawdowns')}</div>
</div>
${detailsMarkup('Monthly returns in per cent', tableOrNone(monthTable(monthly_returns), 'Monthly returns in per cent'))}`,
  }
}

function tiles({ metrics, trades }: RunRecord): Tile[] {
  const { total_return_pct, net_profit } = metrics
  const held = metrics.buy_and_hold_return_pct
  const marked = metrics.benchmark_return_pct
  const others = [`buy and hold ${signedPercent(held)}`, ...(marked === null ? [] : [`benchmark ${signedPercent(marked)}`])]
  return [
    { name: 'Total return', value: signedPercent(total_return_pct), note: others.join(', '), sign: total_return_pct ?? 0 },
    { name: 'CAGR', value: signedPercent(metrics.annual_return_pct), note: `volatility ${percent(metrics.annual_volatility_pct)}` },
    { name: 'Sharpe ratio', value: decimal(metrics.sharpe_ratio), note: `Sortino ${decimal(metrics.sortino_ratio)}` },
    { name: 'Maximum drawdown', value: percent(metrics.maximum_drawdown_pct), note: `lasted ${decimal(metrics.maximum_drawdown_days, 0)} days` },
    { name: 'Win rate', value: percent(metrics.win_rate_pct), note: `payoff ratio ${decimal(metrics.payoff_ratio)}` },
    { name: 'Profit factor', value: decimal(metrics.profit_factor), note: `expectancy ${decimal(metrics.expectancy)} a trade` },
    { name: 'Trades', value: count(trades), note: `${decimal(metrics.average_bars_held, 1)} bars held on average` },
    { name: 'Exposure', value: percent(metrics.exposure_pct), note: `turnover ${decimal(metrics.annual_turnover_pct, 0)} % a year` },
    { name: 'Net profit', value: decimal(net_profit, 0), note: `costs ${decimal(metrics.costs, 0)}`, sign: net_profit ?? 0 },
  ]
}

function tileMarkup({ name, value, note, sign = 0 }: Tile): Markup {
  const tone = sign > 0 ? 'gain' : sign < 0 ? 'loss' : ''
  return html`<div class="tile"><h3>${name}</h3><p class="value ${tone}">${value}</p><p class="note">${note}</p></div>`
}

/** Says why headline figures are missing. */
function reasonsMarkup({ metrics, metric_reasons }: RunRecord): Markup {
  const shown = ['annual_return_pct', 'sharpe_ratio', 'sortino_ratio', 'win_rate_pct', 'profit_factor', 'exposure_pct', 'buy_and_hold_return_pct']
  const missing = shown.filter((name) => metrics[name] === null && name in metric_reasons)
  if (missing.length === 0) return html``
  return html`<ul class="reasons">${missing.map((name) => html`<li>${name.replaceAll('_', ' ')}: ${metric_reasons[name]}</li>`)}</ul>`
}

const comparisons: [metric: string, title: string][] = [
  ...[['return_pct', 'return %'], ['alpha_pct', 'alpha % a year'], ['beta', 'beta'], ['correlation', 'correlation']],
  ...[['tracking_error_pct', 'tracking error %'], ['information_ratio', 'information ratio']],
  ...[['up_capture_pct', 'up capture %'], ['down_capture_pct', 'down capture %']],
] as [string, string][]

function comparisonTable({ metrics, configuration }: RunRecord): TextTable {
  const { benchmark } = configuration
  const names = ['buy_and_hold', ...(typeof benchmark === 'string' ? ['benchmark'] : [])]
  const heads = ['buy and hold', ...(typeof benchmark === 'string' ? [benchmark] : [])]
  return {
    columns: [{ name: 'this run against', isNumber: false }, ...heads.map((name) => ({ name, isNumber: true }))],
    rows: comparisons.map(([metric, title]) => [title, ...names.map((name) => decimal(metrics[`${name}_${metric}`] ?? null))]),
  }
}

function tableOrNone(table: TextTable, caption: string): Markup {
  return table.rows.length === 0 ? html`<p>None.</p>` : tableMarkup(table, caption)
}

function percent(value: number | null): string {
  return value === null ? '–' : `${decimal(value)} %`
}
