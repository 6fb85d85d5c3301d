import { count, decimal, type TableColumn } from '../format.js'
import type { DrawdownRow, MonthRow, RunRecord, TradeGroupRow } from './record.js'

/** A table of text. */
export interface TextTable {
  columns: readonly TableColumn[]
  rows: readonly (readonly string[])[]
}

/** Returns all metrics of a run by the names of the relation `metrics`; those that are null with the reason. */
export function metricTable({ metrics, metric_reasons }: RunRecord): TextTable {
  const rows = Object.entries(metrics).map(([name, value]) => [name, decimal(value, 4), value === null ? metric_reasons[name] ?? '' : ''])
  return { columns: [text('metric'), number('value'), text('why not')], rows }
}

const monthNames = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** Returns monthly returns in per cent with a row for each year and its return, to which the months compound. */
export function monthTable(months: readonly MonthRow[]): TextTable {
  const years = [...new Set(months.map(({ month }) => month.slice(0, 4)))]
  const rows = years.map((year) => {
    const returns = monthNames.map((_, index) => months.find(({ month }) => month === firstDay(year, index)))
    const growth = returns.reduce((product, row) => product * (1 + (row === undefined ? 0 : row.return_pct ?? NaN) / 100), 1)
    return [year, ...returns.map((row) => (row === undefined ? '' : decimal(row.return_pct))), decimal((growth - 1) * 100)]
  })
  return { columns: [text('year'), ...monthNames.map(number), number('year %')], rows }
}

function firstDay(year: string, month: number): string {
  return `${year}-${String(month + 1).padStart(2, '0')}-01`
}

/** Returns the deepest drawdowns. */
export function drawdownTable(drawdowns: readonly DrawdownRow[]): TextTable {
  return {
    columns: [...['start', 'bottom', 'recovery'].map(text), number('depth %'), number('days')],
    rows: drawdowns.slice(0, 10).map(({ start, bottom, recovery, depth_pct, length_days }) => {
      return [start, bottom, recovery ?? '–', decimal(depth_pct), count(length_days)]
    }),
  }
}

/** Returns the trades by one of their properties, `grouping`. */
export function groupTable(groups: readonly TradeGroupRow[], grouping: string): TextTable {
  const figures = ['trades', 'win %', 'net profit', 'PF', 'payoff', 'expectancy', 'R', 'bars held', 'MAE %', 'MFE %']
  const rows = groups.filter((row) => row.grouping === grouping).map((row) => [
    row.value ?? '–',
    ...[count(row.trades), decimal(row.win_rate_pct, 1), decimal(row.net_profit, 0), decimal(row.profit_factor)],
    ...[decimal(row.payoff_ratio), decimal(row.expectancy), decimal(row.expectancy_r), decimal(row.average_bars_held, 1)],
    ...[decimal(row.average_adverse_excursion_pct), decimal(row.average_favorable_excursion_pct)],
  ])
  return { columns: [text(grouping.replaceAll('_', ' ')), ...figures.map(number)], rows }
}

function text(name: string): TableColumn {
  return { name, isNumber: false }
}

function number(name: string): TableColumn {
  return { name, isNumber: true }
}
