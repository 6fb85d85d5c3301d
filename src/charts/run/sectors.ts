import { counted } from '../../format.js'
import { chartFrame } from '../frame.js'
import type { Channel } from '../panel.js'
import type { RunChart } from '../run-chart.js'
import { readRunFacts } from './facts.js'
import { rangeNote } from './sessions.js'
import { symbolResultsSql } from './symbol-results.js'

/** How the returns of symbols are spread within each sector. */
export const sectorReturns: RunChart = {
  name: 'sectors',
  title: 'Returns of symbols by sector',
  description: 'The return of each symbol as a stroke in the row of its sector, with the median of the sector.',
  needs: 'sectors of the symbols in the store (dgas import --instruments)',
  async draw(database, runId, options = {}) {
    const run = await readRunFacts(database, runId)
    const results = symbolResultsSql(run, options)
    const strokes = await database.rows<{ sector: string; return_pct: number; symbols: number; symbol: string }>(`
      select sector, round(return_pct, 2) as return_pct, count(*) as symbols, string_agg(symbol, ', ' order by symbol)[:60] as symbol
      from (${results}) join instruments using (symbol)
      where trades > 0 and return_pct is not null and sector is not null
      group by all order by all`)
    if (strokes.length === 0) return null
    const medians = await database.rows<{ sector: string; median: number; symbols: number }>(`
      select sector, median(return_pct) as median, count(*) as symbols
      from (${results}) join instruments using (symbol)
      where trades > 0 and return_pct is not null and sector is not null
      group by sector order by median desc, sector`)
    const labels = new Map(medians.map(({ sector, symbols }) => [sector, `${sector}  (${symbols})`]))
    const { theme, width, height } = options
    const frame = chartFrame({ theme, width, height: height ?? Math.min(1200, 200 + 38 * medians.length) })
    const { palette } = frame
    const y: Channel<'y'> = {
      field: 'label', type: 'ordinal', sort: [...labels.values()],
      axis: { title: 'Sector (symbols)', labelLimit: 260, domain: false, ticks: false },
    }
    const title = run.accounts === 'shared' ? 'Net profit of the symbol (% of the start capital)' : 'Return of the symbol (%)'
    const x = (field: string): Channel<'x'> => ({ field, type: 'quantitative', axis: { title, format: ',~f', grid: true, tickCount: 10 }, scale: { nice: true } })
    const named = <Row extends { sector: string }>(rows: readonly Row[]) => rows.map((row) => ({ ...row, label: labels.get(row.sector) }))
    return frame.spec({
      title: `${run.strategy}: returns of symbols by sector`,
      subtitle: [[`run ${run.run_id}`, counted(strokes.reduce((sum, { symbols }) => sum + symbols, 0), 'symbol')], ['best median (diamond) first', rangeNote('sessions', options)]],
      datasets: { strokes: named(strokes), medians: named(medians), zero: [{ zero: 0 }] },
      layer: [
        { data: { name: 'zero' }, mark: { type: 'rule', strokeDash: [5, 4], strokeWidth: 1.2, color: palette.ink }, encoding: { x: x('zero') } },
        {
          data: { name: 'strokes' },
          mark: { type: 'tick', thickness: 1.6, opacity: 0.6 },
          encoding: {
            x: x('return_pct'), y, color: { condition: { test: 'datum.return_pct < 0', value: palette.loss }, value: palette.win },
            tooltip: [
              { field: 'symbol', type: 'nominal' }, { field: 'sector', type: 'nominal' },
              { field: 'return_pct', type: 'quantitative', title: 'return %', format: ',.2f' },
            ],
          },
        },
        {
          data: { name: 'medians' },
          mark: { type: 'point', shape: 'diamond', filled: true, size: 150, opacity: 1, color: palette.ink, stroke: palette.background, strokeWidth: 1.5 },
          encoding: {
            x: x('median'), y,
            tooltip: [{ field: 'sector', type: 'nominal' }, { field: 'median', type: 'quantitative', title: 'median %', format: ',.2f' }],
          },
        },
      ],
    })
  },
}
