import type { Database } from '../../database/database.js'
import { literal } from '../../database/quote.js'
import { counted, decimal, duration } from '../../format.js'
import { chartFrame, type Frame, type Layer } from '../frame.js'
import { legendColors } from '../legend.js'
import { stripRange, zeroWithoutUnit, type Channel, type Strip } from '../panel.js'
import type { RunChart } from '../run-chart.js'
import { readRunFacts } from './facts.js'
import { refuseRange } from './sessions.js'

interface BatchRow {
  batch: number
  symbols: number
  bars: number
  seconds: number
  bars_per_second: number
  memory_mb: number | null
  pace: 'usual pace' | 'degraded'
}

/** How fast the batches of a run were computed, and how much memory they took. */
export const runHealth: RunChart = {
  name: 'run_health',
  title: 'Run health',
  description: 'Bars per second and memory of the process at the end of each batch of symbols, batches of less than half the usual pace marked.',
  async draw(database, runId, options = {}) {
    refuseRange('run_health', 'is that of the whole run', options)
    const run = await readRunFacts(database, runId)
    const batches = await readBatches(database, runId)
    if (batches.length === 0) return null
    const frame = chartFrame({ ...options, height: options.height ?? 560 })
    const bars = batches.reduce((sum, batch) => sum + batch.bars, 0)
    const seconds = batches.reduce((sum, batch) => sum + batch.seconds, 0)
    return frame.spec({
      title: `${run.strategy}: pace and memory of the run`,
      subtitle: [
        [`run ${run.run_id}`, `${batches.length} ${batches.length === 1 ? 'batch' : 'batches'}`, counted(bars, 'bar')],
        [`${duration(seconds * 1000)} of work, ${decimal(bars / seconds, 0)} bars a second`, `${batches.filter(({ pace }) => pace === 'degraded').length} degraded`],
      ],
      datasets: { batches: batches.map((batch) => ({ ...batch, start: batch.batch - 0.4, end: batch.batch + 0.4 })) },
      layer: healthLayers(frame, batches),
      resolve: { scale: { y: 'independent' } },
    })
  },
}

async function readBatches(database: Database, runId: string): Promise<BatchRow[]> {
  if (await database.value("select count(*) from duckdb_views() where view_name = 'batches'") === 0) return []
  return database.rows<BatchRow>(`
    select
      batch + 1 as batch, symbols, bars, elapsed_ms / 1000 as seconds, bars_per_second,
      memory_bytes / 1e6 as memory_mb,
      if(is_degraded, 'degraded', 'usual pace') as pace
    from batches where run_id = ${literal(runId)} and bars_per_second is not null order by batches.batch`)
}

const tooltip: Channel<'tooltip'> = [
  ['batch', ',.0f'], ['symbols', ',.0f'], ['bars', ',.0f'], ['seconds', '.2f'], ['bars_per_second', ',.0f'], ['memory_mb', ',.0f'],
].map(([field, format]) => ({ field, type: 'quantitative' as const, title: field.replaceAll('_', ' '), format }))

function healthLayers({ palette, plotWidth }: Frame, batches: readonly BatchRow[]): Layer[] {
  const has = (pace: BatchRow['pace']) => batches.some((batch) => batch.pace === pace)
  const colors = legendColors([
    ...(has('usual pace') ? [['usual pace', palette.series[0]] as const] : []),
    ...(has('degraded') ? [['degraded', palette.series[1]] as const] : []),
  ], plotWidth)
  const last = batches.reduce((highest, { batch }) => Math.max(highest, batch), 1)
  const x: Channel<'x'> = {
    field: 'start', type: 'quantitative', axis: { title: 'Batch', tickMinStep: 1, format: ',~f' },
    scale: { domain: [0.5, last + 0.5], nice: false, zero: false },
  }
  const y = (field: string, title: string, strip: Strip): Channel<'y'> => ({
    field, type: 'quantitative', axis: { title, format: '~s', labelExpr: zeroWithoutUnit, orient: 'right', grid: true, tickCount: 4 },
    scale: { zero: true, nice: true, range: stripRange(strip) },
  })
  const bars = (channel: Channel<'y'>, color: Channel<'color'>): Layer => ({
    data: { name: 'batches' }, mark: { type: 'rect' }, encoding: { x, x2: { field: 'end' }, y: channel, y2: { datum: 0 }, color, tooltip },
  })
  return [
    bars(y('bars_per_second', 'Bars a second', { top: 0, bottom: 0.6 }), colors.by('pace')),
    bars(y('memory_mb', 'Memory (MB)', { top: 0.7, bottom: 1 }), { value: palette.series[6] }),
  ]
}
