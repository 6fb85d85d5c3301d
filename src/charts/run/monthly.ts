import type { Database } from '../../database/database.js'
import { literal } from '../../database/quote.js'
import { signedPercent } from '../../format.js'
import { chartFrame, type Encoding } from '../frame.js'
import type { RunChart, RunChartOptions } from '../run-chart.js'
import { readRunFacts } from './facts.js'
import { within } from './sessions.js'

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** A month, or as `Year` a year, of the heatmap. */
interface Cell {
  year: string
  month: string
  return_pct: number
  text: string
  /** Return as a share of the largest one of its kind. */
  strength: number
}

/** Returns of months and years as a heatmap. */
export const monthlyReturns: RunChart = {
  name: 'monthly_returns',
  title: 'Monthly and yearly returns',
  description: 'The return of each calendar month in a row for each year, and that of the year at the end of the row.',
  async draw(database, runId, options = {}) {
    const run = await readRunFacts(database, runId)
    const cells = await readCells(database, runId, options)
    if (cells.length === 0) return null
    const years = [...new Set(cells.map(({ year }) => year))]
    const frame = chartFrame({ ...options, height: options.height ?? Math.min(1400, 190 + Math.max(56, 44 * years.length)) })
    const { palette } = frame
    const place: Encoding = {
      x: { field: 'month', type: 'ordinal', sort: [...months, 'Year'], scale: { domain: [...months, 'Year'] }, axis: { title: 'Month', orient: 'top', labelAngle: 0, domain: false, ticks: false } },
      y: { field: 'year', type: 'ordinal', sort: 'descending', axis: { title: 'Year' } },
    }
    const listed = cells.filter(({ month }) => month !== 'Year')
    const [best, worst] = [listed.reduce((a, b) => (b.return_pct > a.return_pct ? b : a)), listed.reduce((a, b) => (b.return_pct < a.return_pct ? b : a))]
    return frame.spec({
      title: `${run.strategy}: returns of months and years`,
      subtitle: [
        [`run ${run.run_id}`, 'in percent of the equity before, the first and the last month as far as the run goes'],
        [`best month ${best.month} ${best.year} ${signedPercent(best.return_pct)}`, `worst ${worst.month} ${worst.year} ${signedPercent(worst.return_pct)}`],
      ],
      datasets: { cells },
      layer: [
        {
          data: { name: 'cells' },
          mark: { type: 'rect', stroke: palette.background, strokeWidth: 3, cornerRadius: 3 },
          encoding: {
            ...place,
            color: {
              field: 'strength', type: 'quantitative', legend: null,
              scale: { domain: [-1, 0, 1], range: [palette.down, palette.grid, palette.up], interpolate: 'lab' },
            },
            tooltip: [{ field: 'year', type: 'nominal' }, { field: 'month', type: 'nominal' }, { field: 'text', type: 'nominal', title: 'return' }],
          },
        },
        {
          data: { name: 'cells' },
          mark: { type: 'text', fontSize: 13.5 },
          encoding: {
            ...place,
            text: { field: 'text', type: 'nominal' },
            color: { condition: { test: 'abs(datum.strength) > 0.55', value: palette.background }, value: palette.ink },
          },
        },
      ],
    })
  },
}

async function readCells(database: Database, runId: string, options: RunChartOptions): Promise<Cell[]> {
  const rows = await database.rows<{ year: number; month: number; return_pct: number }>(`
    with months as (
      select year(month) as year, month(month) as month, return_pct
      from monthly_returns
      where run_id = ${literal(runId)} and account = 'total' and return_pct is not null and ${within('last_day(month)', options)}
    )

    select * from months
    union all
    select year, 13, (product(1 + return_pct / 100) - 1) * 100 from months group by year
    order by year, month`)
  const most = (isYear: boolean) => {
    return Math.max(1e-9, ...rows.filter(({ month }) => (month === 13) === isYear).map(({ return_pct }) => Math.abs(return_pct)))
  }
  const largest = { month: most(false), year: Math.max(most(false), most(true)) }
  return rows.map(({ year, month, return_pct }) => ({
    year: String(year),
    month: month === 13 ? 'Year' : months[month - 1],
    return_pct,
    text: signedPercent(return_pct, 1),
    strength: return_pct / (month === 13 ? largest.year : largest.month),
  }))
}
