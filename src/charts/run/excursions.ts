import type { Database } from '../../database/database.js'
import { literal } from '../../database/quote.js'
import { count, counted, decimal } from '../../format.js'
import { chartFrame, type Frame, type Layer } from '../frame.js'
import { legendColors } from '../legend.js'
import type { Channel } from '../panel.js'
import type { RunChart, RunChartOptions } from '../run-chart.js'
import { readRunFacts } from './facts.js'
import { rangeNote, within } from './sessions.js'

/** Trades that lie so near to each other that they share a point. */
interface Spot {
  kind: 'adverse' | 'favorable'
  outcome: 'winning trade' | 'losing trade'
  excursion_pct: number
  return_pct: number
  trades: number
}

/** How far trades went against and for the position, beside what they returned. */
export const excursions: RunChart = {
  name: 'excursions',
  title: 'Adverse and favorable excursions',
  description: 'The return of trades beside how far the price had gone against them (left) and for them (right) while they lasted.',
  async draw(database, runId, options = {}) {
    const run = await readRunFacts(database, runId)
    const spots = await readSpots(database, runId, options)
    if (spots.length === 0) return null
    const frame = chartFrame(options)
    const trades = spots.reduce((sum, spot) => sum + (spot.kind === 'adverse' ? spot.trades : 0), 0)
    return frame.spec({
      title: `${run.strategy}: excursions of trades`,
      subtitle: [
        [`run ${run.run_id}`, counted(trades, 'trade'), spots.length < trades * 2 ? `trades near each other share a point, ${count(spots.length)} in all` : '', rangeNote('closed', options)],
        [`losing trades had been ahead by ${decimal(meanOf(spots, 'favorable', 'losing trade'))} % on average`,
          `winning trades behind by ${decimal(meanOf(spots, 'adverse', 'winning trade'))} %`],
      ],
      datasets: { spots, zero: [{ zero: 0 }] },
      layer: spotLayers(frame),
      resolve: { scale: { x: 'independent' } },
    })
  },
}

function meanOf(spots: readonly Spot[], kind: Spot['kind'], outcome: Spot['outcome']): number | null {
  const own = spots.filter((spot) => spot.kind === kind && spot.outcome === outcome)
  const trades = own.reduce((sum, spot) => sum + spot.trades, 0)
  return trades === 0 ? null : own.reduce((sum, spot) => sum + spot.excursion_pct * spot.trades, 0) / trades
}

/** Points of a panel side by side, and below each other. */
const fields = { columns: 90, rows: 60 }

/** A point is the mean of the trades in one field of a grid; where trades are alone, as the extremes are, it is the trade. */
async function readSpots(database: Database, runId: string, options: RunChartOptions): Promise<Spot[]> {
  return database.rows<Spot>(`
    with measured as (
      select
        net_profit > 0 as is_gain,
        return_pct,
        -maximum_adverse_excursion / (quantity * entry_price) * 100 as adverse,
        maximum_favorable_excursion / (quantity * entry_price) * 100 as favorable
      from trades
      where run_id = ${literal(runId)} and ${within('exit_at::date', options)}
        and maximum_adverse_excursion is not null and maximum_favorable_excursion is not null
    ),

    sides as (
      select 'adverse' as kind, adverse as excursion, is_gain, return_pct from measured
      union all
      select 'favorable', favorable, is_gain, return_pct from measured
    ),

    ranges as (
      select kind, max(excursion) as widest, min(return_pct) as low, max(return_pct) as high from sides group by kind
    )

    select
      kind,
      if(is_gain, 'winning trade', 'losing trade') as outcome,
      round(avg(excursion), 3) as excursion_pct,
      round(avg(return_pct), 3) as return_pct,
      count(*) as trades
    from sides join ranges using (kind)
    group by
      kind,
      is_gain,
      floor(sqrt(greatest(excursion, 0) / nullif(widest, 0)) * ${fields.columns}),
      floor((return_pct - low) / nullif(high - low, 0) * ${fields.rows} * 2)
    order by kind desc, trades desc, excursion_pct, return_pct`)
}

function spotLayers({ palette, plotWidth }: Frame): Layer[] {
  const colors = legendColors([['losing trade', palette.loss], ['winning trade', palette.win]], plotWidth)
  const y: Channel<'y'> = {
    field: 'return_pct', type: 'quantitative', scale: { type: 'symlog', constant: 2, nice: true },
    axis: { title: 'Return of the trade (%), finer near 0', format: ',~f', grid: true, values: [-50, -20, -10, -5, -2, -1, 0, 1, 2, 5, 10, 20, 50] },
  }
  const x = (title: string, [start, end]: readonly [number, number]): Channel<'x'> => ({
    field: 'excursion_pct', type: 'quantitative',
    scale: { type: 'sqrt', range: [{ expr: `width * ${start}` }, { expr: `width * ${end}` }], nice: true, zero: true },
    axis: { title, orient: 'bottom', format: ',~f', grid: true, tickCount: 6 },
  })
  const panel = (kind: Spot['kind'], channel: Channel<'x'>): Layer => ({
    data: { name: 'spots' },
    transform: [{ filter: `datum.kind === '${kind}'` }],
    mark: { type: 'point', filled: true, opacity: 0.55, strokeWidth: 0 },
    encoding: {
      x: channel, y, color: colors.by('outcome'),
      size: { field: 'trades', type: 'quantitative', scale: { type: 'sqrt', range: [10, 260] }, legend: null },
      tooltip: [
        { field: 'outcome', type: 'nominal' }, { field: 'trades', type: 'quantitative', format: ',.0f' },
        { field: 'excursion_pct', type: 'quantitative', title: `${kind} excursion %`, format: ',.2f' },
        { field: 'return_pct', type: 'quantitative', title: 'return %', format: ',.2f' },
      ],
    },
  })
  return [
    { data: { name: 'zero' }, mark: { type: 'rule', strokeDash: [5, 4], strokeWidth: 1.2, color: palette.ink }, encoding: { y: { ...y, field: 'zero' } as Channel<'y'> } },
    panel('adverse', x('Maximum adverse excursion (% of entry, finer near 0)', [0, 0.48])),
    panel('favorable', x('Maximum favorable excursion (% of entry, finer near 0)', [0.54, 1])),
  ]
}
