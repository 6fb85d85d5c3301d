import { counted, decimal } from '../../format.js'
import { drawdownsOf, rankedDrawdowns } from '../../metrics/drawdowns.js'
import { equityPoints, type EquityPoint } from '../equity-rows.js'
import type { Layer } from '../frame.js'
import type { RunChart } from '../run-chart.js'
import { sessionChart, type SessionPen } from '../session-chart.js'
import { thinned } from '../thin.js'
import { dateRange } from '../times.js'
import { readCurve } from './curve.js'
import { readRunFacts } from './facts.js'

/** How far the equity lies below its highest close so far, with the deepest drawdowns marked. */
export const underwater: RunChart = {
  name: 'underwater',
  title: 'Drawdowns',
  description: 'How far the equity lies below its highest close so far, session by session, with the deepest drawdowns from peak to recovery.',
  async draw(database, runId, options = {}) {
    const run = await readRunFacts(database, runId)
    const curve = await readCurve(database, run, options)
    if (curve === null) return null
    const points = equityPoints(curve.start, curve.rows)
    const spells = deepest(points)
    const low = points.reduce((least, { drawdown_pct }) => Math.min(least, drawdown_pct), 0)
    return sessionChart({
      title: `${run.strategy}: drawdowns`,
      subtitle: [
        [`run ${run.run_id}`, dateRange(points[1].at, points[points.length - 1].at)],
        [spells.length === 0 ? 'no drawdown' : `the deepest: ${spells.map(spellNote).join(', ')}`],
      ],
      places: points.slice(1),
      points: thinned(points, 1500, [({ drawdown_pct }) => drawdown_pct]).map(({ i, at, session, drawdown_pct }) => {
        return { i, at, session, drawdown_pct }
      }),
      panels: [{
        title: 'Below the highest close (%)', format: ',~f', domain: [low === 0 ? -1 : low * 1.15, 0], share: 1,
        series: [{ field: 'drawdown_pct', name: 'drawdown', mark: 'area' }],
      }],
      legend: ({ loss, band }) => [['drawdown', loss], ...(spells.length === 0 ? [] : [['from peak to recovery', band] as const])],
      tooltip: [['drawdown_pct', 'drawdown %', '.2f']],
      datasets: { spells },
      more: spells.length === 0 ? undefined : spellLayers,
      options,
    })
  },
}

/** A drawdown from its peak to its recovery, or to the last session. */
interface Spell {
  rank: number
  start: number
  end: number
  bottom: number
  depth_pct: number
  note: string
  sessions: number
}

function deepest(points: readonly EquityPoint[]): Spell[] {
  const places = points.slice(1).map(({ i }) => i)
  const curve = points.slice(1).map(({ equity }) => equity)
  const ranked = rankedDrawdowns(drawdownsOf(places, curve, points[0].equity)).filter(({ depth_pct }) => depth_pct > 0)
  return ranked.slice(0, 3).map(({ start, bottom, recovery, depth_pct }, at) => {
    const end = Number.isNaN(recovery) ? places[places.length - 1] : recovery
    const note = `${at + 1}`
    return { rank: at + 1, start, end, bottom, depth_pct: -depth_pct, note, sessions: end - start }
  })
}

function spellNote({ depth_pct, sessions }: Spell): string {
  return `${decimal(depth_pct)} % over ${counted(sessions, 'session')}`
}

function spellLayers({ frame: { palette }, scale, colors, y }: SessionPen): Layer[] {
  const data = { name: 'spells' }
  return [
    {
      data,
      mark: { type: 'rect', opacity: 0.15 },
      encoding: { x: scale.x('start'), x2: { field: 'end' }, color: colors.of('from peak to recovery') },
    },
    {
      data,
      mark: { type: 'point', filled: true, size: 60, color: palette.loss, opacity: 1 },
      encoding: { x: scale.x('bottom'), y: y('depth_pct') },
    },
    {
      data,
      mark: { type: 'text', dy: 16, fontWeight: 'bold' },
      encoding: { x: scale.x('bottom'), y: y('depth_pct'), text: { field: 'note', type: 'nominal' } },
    },
  ]
}
