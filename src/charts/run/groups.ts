import type { Database } from '../../database/database.js'
import { literal } from '../../database/quote.js'
import { count, counted } from '../../format.js'
import { chartFrame, type Frame, type Layer } from '../frame.js'
import { zeroWithoutUnit, type Channel } from '../panel.js'
import type { RunChart, RunChartOptions } from '../run-chart.js'
import { readRunFacts } from './facts.js'
import { hasRange, rangeNote, refuseRange, within } from './sessions.js'

/** A group of trades. */
interface GroupRow {
  value: string
  trades: number
  win_rate_pct: number
  net_profit: number
  expectancy: number
  average_bars_held: number
}

/** By what trades are grouped. */
interface Grouping {
  name: string
  /** As in the relation `trade_groups`. */
  grouping: string
  by: string
  axis: string
  /** SQL over `trades` of what it groups by; without one a range of sessions cannot be grouped. */
  column?: string
  /** Whether it groups by `entered`, the time of the entry on the clock of the exchange, and a range chooses by it. */
  byEntry?: boolean
  /** The order of the groups; default: most trades first. */
  order?: string
  /** What a run must have for it, besides trades. */
  needs?: string
  label?: (value: string) => string
}

const weekdays = `list_position(['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'], value)`

const groupings: readonly Grouping[] = [
  {
    name: 'hours', grouping: 'hour', by: 'hour of entry', axis: 'Hour of entry, clock of the exchange', order: 'value',
    column: `strftime(entered, '%H')`, byEntry: true, label: (value) => `${value}:00`,
  },
  {
    name: 'weekdays', grouping: 'weekday', by: 'weekday of entry', axis: 'Weekday of entry', order: weekdays,
    column: 'dayname(entered)', byEntry: true,
  },
  {
    name: 'market_states', grouping: 'market_state', by: 'market state', axis: 'Market state at the signal',
    needs: 'a run of dgas backtest --by-state',
    label: (value) => value.replaceAll('_', ' '),
  },
  {
    name: 'exit_reasons', grouping: 'exit_reason', by: 'exit reason', axis: 'Exit reason', column: 'exit_reason',
    label: (value) => value.replaceAll('_', ' '),
  },
  {
    name: 'entry_reasons', grouping: 'entry_reason', by: 'entry reason', axis: 'Entry reason', column: 'entry_reason',
    label: (value) => value.replaceAll('_', ' '),
  },
]

/** The results of trades by hour, weekday, market state, and reason of exit and entry. */
export const groupCharts: readonly RunChart[] = groupings.map((grouping) => ({
  name: grouping.name,
  title: `Results by ${grouping.by}`,
  description: `Net profit, mean net profit of a trade and win rate of the trades of each ${grouping.by}.`,
  needs: grouping.needs,
  async draw(database, runId, options = {}) {
    if (grouping.column === undefined) refuseRange(grouping.name, 'sums up the whole run', options)
    const run = await readRunFacts(database, runId)
    const groups = await readGroups(database, groupsSql(runId, grouping, options), grouping)
    if (groups.length === 0) return null
    const frame = chartFrame({ ...options, height: options.height ?? Math.min(900, 210 + Math.max(3, groups.length) * 38) })
    const trades = groups.reduce((sum, group) => sum + group.trades, 0)
    return frame.spec({
      title: `${run.strategy}: results by ${grouping.by}`,
      subtitle: [[`run ${run.run_id}`, counted(trades, 'trade'), rangeNote(grouping.byEntry === true ? 'entered' : 'closed', options)]],
      datasets: { groups: groups.map((group) => ({ ...group, label: labelOf(group, grouping) })), zero: [{ zero: 0 }] },
      layer: groupLayers(frame, grouping.axis),
      resolve: { scale: { x: 'independent' } },
    })
  },
}))

/** Groups that are drawn at most; the rest are summed up as one. */
const mostGroups = 15

/** The groups of a whole run are those that it wrote; those of a range are made of its trades. */
function groupsSql(runId: string, { grouping, column, byEntry = false }: Grouping, options: RunChartOptions): string {
  const own = `run_id = ${literal(runId)}`
  if (column === undefined || !hasRange(options)) return `from trade_groups where ${own} and grouping = ${literal(grouping)}`
  const date = byEntry ? 'entered::date' : 'exit_at::date'
  return `
    from (
      select
        ${column} as value,
        count(*) as trades,
        count(*) filter (net_profit > 0) / count(*) * 100 as win_rate_pct,
        sum(net_profit) as net_profit,
        avg(bars_held) as average_bars_held
      from ${byEntry ? enteredSql : 'trades'} where ${own} and ${within(date, options)} group by value
    )`
}

const enteredSql = `(select *, timezone(timezone, entry_at at time zone 'UTC') as entered from trades join symbol_clocks using (symbol))`

async function readGroups(database: Database, groups: string, { order = 'trades desc, value' }: Grouping): Promise<GroupRow[]> {
  return database.rows<GroupRow>(`
    with groups as (
      select coalesce(value, 'not known') as value, trades, win_rate_pct, net_profit, average_bars_held
      ${groups}
    ),

    placed as (
      select *, row_number() over (order by ${order}) as place, row_number() over (order by trades desc, value) as size from groups
    ),

    named as (
      select * replace (if(size > ${mostGroups}, 'all others', value) as value, if(size > ${mostGroups}, 1000000, place) as place)
      from placed
    )

    select
      value,
      sum(trades) as trades,
      sum(win_rate_pct * trades) / sum(trades) as win_rate_pct,
      sum(net_profit) as net_profit,
      sum(net_profit) / sum(trades) as expectancy,
      sum(average_bars_held * trades) / sum(trades) as average_bars_held
    from named group by value, place order by place`)
}

function labelOf({ value, trades }: GroupRow, { label = (text) => text }: Grouping): string {
  return `${label(value)}  (${count(trades)})`
}

const tooltip: Channel<'tooltip'> = [
  { field: 'label', type: 'nominal', title: 'group (trades)' },
  { field: 'net_profit', type: 'quantitative', title: 'net profit', format: ',.0f' },
  { field: 'expectancy', type: 'quantitative', title: 'mean net profit', format: ',.2f' },
  { field: 'win_rate_pct', type: 'quantitative', title: 'win rate %', format: '.1f' },
  { field: 'average_bars_held', type: 'quantitative', title: 'mean bars held', format: '.1f' },
]

/** Three panels side by side: bars of the profit, bars of the mean profit, dots of the win rate. */
function groupLayers({ palette }: Frame, title: string): Layer[] {
  const y: Channel<'y'> = {
    field: 'label', type: 'ordinal', sort: null, scale: { paddingInner: 0.3, paddingOuter: 0.15 },
    axis: { title: `${title} (trades)`, labelLimit: 260, domain: false, ticks: false },
  }
  const x = (field: string, axisTitle: string | string[], [start, end]: readonly [number, number], isPercent = false): Channel<'x'> => ({
    field, type: 'quantitative',
    axis: { title: axisTitle, orient: 'bottom', format: isPercent ? ',~f' : '~s', labelExpr: zeroWithoutUnit, grid: true, tickCount: 4, domain: false },
    scale: { range: [{ expr: `width * ${start}` }, { expr: `width * ${end}` }], zero: true, nice: true, ...(isPercent ? { domain: [0, 100] } : {}) },
  })
  const color: Channel<'color'> = { condition: { test: 'datum.net_profit < 0', value: palette.loss }, value: palette.win }
  const data = { name: 'groups' }
  const bar = (channel: Channel<'x'>): Layer => ({
    layer: [
      { data, mark: { type: 'bar' }, encoding: { x: channel, y, color, tooltip } },
      { data: { name: 'zero' }, mark: { type: 'rule', strokeWidth: 1.2, color: palette.ink }, encoding: { x: { ...channel, field: 'zero' } as Channel<'x'> } },
    ],
  })
  return [
    bar(x('net_profit', ['Net profit', '(account currency)'], [0, 0.4])),
    bar(x('expectancy', ['Mean of a trade', '(account currency)'], [0.46, 0.72])),
    {
      data,
      mark: { type: 'point', filled: true, size: 110, opacity: 1, color: palette.series[0] },
      encoding: { x: x('win_rate_pct', 'Win rate (%)', [0.78, 1], true), y, tooltip },
    },
  ]
}
