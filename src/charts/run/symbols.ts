import type { Database } from '../../database/database.js'
import { count, counted } from '../../format.js'
import { chartFrame, type Frame, type Layer } from '../frame.js'
import type { Channel } from '../panel.js'
import type { RunChart, RunChartOptions } from '../run-chart.js'
import { readRunFacts, type RunFacts } from './facts.js'
import { rangeNote } from './sessions.js'
import { symbolResultsSql } from './symbol-results.js'

interface SymbolPoint {
  symbol: string
  name: string | null
  sector: string
  return_pct: number
  drawdown_pct: number
  trades: number
  /** Symbols that stand for themselves and those that lie where they do. */
  symbols: number
  /** The symbol where it is named in the picture. */
  label: string | null
}

/** Return against drawdown of each symbol, by sector. */
export const symbolScatter: RunChart = {
  name: 'symbols',
  title: 'Return against drawdown by symbol',
  description: 'The return of each symbol beside its deepest drawdown, by sector, with the outermost symbols named.',
  async draw(database, runId, options = {}) {
    const run = await readRunFacts(database, runId)
    const points = await readSymbols(database, run, options)
    if (points.length === 0) return null
    const { theme, width, height } = options
    const frame = chartFrame({ theme, width, height })
    const isShared = run.accounts === 'shared'
    const symbols = points.reduce((sum, point) => sum + point.symbols, 0)
    const gained = points.reduce((sum, point) => sum + (point.return_pct > 0 ? point.symbols : 0), 0)
    return frame.spec({
      title: `${run.strategy}: return against drawdown of the symbols`,
      subtitle: [
        [`run ${run.run_id}`, `${counted(symbols, 'symbol')}${isShared ? ' with trades' : ''}, ${count(gained)} of them gained`],
        [isShared ? 'sums of closed trades in the shared account' : 'each symbol with an account of its own', rangeNote('sessions', options)],
      ],
      datasets: { points: withRoom(points), zero: [{ zero: 0 }] },
      layer: scatterLayers(frame, points, isShared),
    })
  },
}

/** Fields of a grid that share a point when there are more symbols than could be told apart. */
const grid = { columns: 60, rows: 40, from: 1500 }

async function readSymbols(database: Database, run: RunFacts, options: RunChartOptions): Promise<SymbolPoint[]> {
  return database.rows<SymbolPoint>(`
    with results as (${symbolResultsSql(run, options)}),

    measured as (
      select symbol, name, coalesce(sector, 'sector not known') as sector, return_pct, drawdown_pct, trades
      from results left join instruments using (symbol)
      where trades > 0 and return_pct is not null and drawdown_pct is not null
    ),

    ranked as (
      select
        *,
        least(
          row_number() over (order by return_pct desc, symbol),
          row_number() over (order by return_pct, symbol),
          row_number() over (order by drawdown_pct desc, symbol)
        ) as extreme,
        if(count(*) over () <= ${grid.from}, symbol, format('{} {} {}', sector,
          floor((drawdown_pct - min(drawdown_pct) over ()) / (max(drawdown_pct) over () - min(drawdown_pct) over ()) * ${grid.columns}),
          floor((return_pct - min(return_pct) over ()) / (max(return_pct) over () - min(return_pct) over ()) * ${grid.rows})
        )) as field
      from measured
    )

    select
      symbol, name, sector, round(return_pct, 3) as return_pct, round(drawdown_pct, 3) as drawdown_pct, trades,
      count(*) over (partition by field) as symbols,
      if(extreme <= 4, symbol, null) as label
    from ranked
    qualify row_number() over (partition by field order by extreme, symbol) = 1
    order by sector, symbol`)
}

/** Takes the names away that would touch one before. */
function withRoom(points: readonly SymbolPoint[]): SymbolPoint[] {
  const span = (values: readonly number[]) => Math.max(...values) - Math.min(...values)
  const [width, height] = [span(points.map(({ drawdown_pct }) => drawdown_pct)), span(points.map(({ return_pct }) => return_pct))]
  const named: SymbolPoint[] = []
  return points.map((point) => {
    if (point.label === null) return point
    const touches = named.some(({ drawdown_pct, return_pct }) => {
      return Math.abs(drawdown_pct - point.drawdown_pct) < width * 0.05 && Math.abs(return_pct - point.return_pct) < height * 0.03
    })
    if (touches) return { ...point, label: null }
    named.push(point)
    return point
  })
}

/** Eight colours, then the same again in another shape. */
const shapes = ['circle', 'diamond', 'triangle-up']

function scatterLayers({ palette }: Frame, points: readonly SymbolPoint[], isShared: boolean): Layer[] {
  const sectors = [...new Set(points.map(({ sector }) => sector))]
  const x: Channel<'x'> = {
    field: 'drawdown_pct', type: 'quantitative', scale: { nice: true, zero: false },
    axis: { title: isShared ? 'Deepest fall of the summed profits (% of the start capital)' : 'Maximum drawdown (%)', format: ',~f', grid: true, tickCount: 10 },
  }
  const y: Channel<'y'> = {
    field: 'return_pct', type: 'quantitative', scale: { nice: true },
    axis: { title: isShared ? 'Net profit (% of the start capital)' : 'Return (%)', format: ',~f', grid: true },
  }
  const legend = { title: null, columns: 6, symbolType: 'circle' }
  const colors = { domain: sectors, range: sectors.map((_, at) => palette.series[at % palette.series.length]) }
  const forms = { domain: sectors, range: sectors.map((_, at) => shapes[Math.floor(at / palette.series.length) % shapes.length]) }
  const place = { x, y }
  return [
    { data: { name: 'zero' }, mark: { type: 'rule', strokeDash: [5, 4], strokeWidth: 1.2, color: palette.ink }, encoding: { y: { ...y, field: 'zero' } as Channel<'y'> } },
    {
      data: { name: 'points' },
      params: [{ name: 'sector', select: { type: 'point', fields: ['sector'] }, bind: 'legend' }],
      mark: { type: 'point', filled: true, size: 62, stroke: palette.background, strokeWidth: 0.5 },
      encoding: {
        ...place,
        color: { field: 'sector', type: 'nominal', scale: colors, legend },
        shape: { field: 'sector', type: 'nominal', scale: forms, legend },
        opacity: { condition: { param: 'sector', value: 0.85 }, value: 0.08 },
        tooltip: [
          { field: 'symbol', type: 'nominal' }, { field: 'name', type: 'nominal' }, { field: 'sector', type: 'nominal' },
          { field: 'return_pct', type: 'quantitative', title: 'return %', format: ',.2f' },
          { field: 'drawdown_pct', type: 'quantitative', title: 'drawdown %', format: ',.2f' },
          { field: 'trades', type: 'quantitative', format: ',.0f' },
        ],
      },
    },
    {
      data: { name: 'points' },
      transform: [{ filter: 'isValid(datum.label)' }],
      mark: { type: 'text', align: 'left', dx: 7, fontSize: 11.5, color: palette.ink },
      encoding: { ...place, text: { field: 'label', type: 'nominal' } },
    },
  ]
}
