import { counted, decimal, signedPercent } from '../format.js'
import { barTicks } from './bar-axis.js'
import { barScale } from './bar-scale.js'
import { deepestDrawdown, type DeepestDrawdown } from './drawdown.js'
import { drawdownLayers, equityLayers, type EquityPen } from './equity-layers.js'
import { equityPoints, type EquityPoint, type EquityRow } from './equity-rows.js'
import { chartFrame, type ChartOptions, type Datasets, type Frame, type RunNote, type Spec } from './frame.js'
import { legendColors } from './legend.js'
import { dateRange } from './times.js'

/** What an equity chart shows. */
export interface EquityChart {
  run: RunNote
  /** Accounts that the rows are the sum of. */
  accounts: number
  /** Equity before the first session, of all accounts together; above 0. */
  capital: number
  /** One row per session, in the order of time. */
  rows: readonly EquityRow[]
  options?: ChartOptions
}

const equityStrip = { top: 0, bottom: 0.64 }
const drawdownStrip = { top: 0.72, bottom: 1 }

/**
 * Returns the equity of a run at the close of each session, above its drawdown: how far it lies below its highest close
 * so far, the start capital counted as the first. Nights and weekends take no room. Throws a `DgasError` when there is
 * no session.
 */
export function equityChart({ run, accounts, capital, rows, options }: EquityChart): Spec {
  const frame = chartFrame(options)
  const points = equityPoints(capital, rows)
  const deepest = deepestDrawdown(points.map(({ equity }) => equity))
  const pen = equityPen(frame, points)
  return frame.spec({
    title: `${run.strategy}: equity and drawdown`,
    subtitle: [
      [`run ${run.run_id}`, dateRange(points[1].at, points[points.length - 1].at), counted(accounts, 'account')],
      [returnNote(points), drawdownNote(points, deepest)],
    ],
    datasets: { points, start: [{ capital }], ...extremes(points, deepest) },
    params: pen.scale.params,
    layer: [
      pen.scale.grid,
      { data: { name: 'points' }, layer: equityLayers(pen, equityStrip) },
      { data: { name: 'points' }, layer: drawdownLayers(pen, drawdownStrip) },
    ],
    resolve: { scale: { y: 'independent' } },
  })
}

function equityPen(frame: Frame, points: readonly EquityPoint[]): EquityPen {
  const { palette } = frame
  const sessions = points.slice(1)
  return {
    palette,
    scale: barScale(barTicks(sessions, frame.labels), sessions.length, 'Session', palette.grid),
    colors: legendColors([
      ['equity', palette.series[0]],
      ['running peak', palette.band],
      ['start capital', palette.ink],
      ['drawdown', palette.loss],
    ]),
    equity: [Math.min(...points.map(({ equity }) => equity)), points[points.length - 1].peak],
    deepestPct: Math.min(...points.map(({ drawdown_pct }) => drawdown_pct)),
  }
}

/** The ends of the deepest drawdown, the lower one with a note. */
function extremes(points: readonly EquityPoint[], deepest: DeepestDrawdown | null): Datasets {
  if (deepest === null) return { peak: [], trough: [] }
  const trough = points[deepest.trough]
  const note = `${decimal(deepest.pct)} % on ${trough.session}`
  return { peak: [points[deepest.peak]], trough: [{ ...trough, note, align: alignAt(deepest.trough / points.length) }] }
}

/** How a text is aligned with a point at a share of the width, so that it does not reach beyond the sides. */
function alignAt(share: number): 'left' | 'center' | 'right' {
  if (share < 0.1) return 'left'
  return share > 0.9 ? 'right' : 'center'
}

function returnNote(points: readonly EquityPoint[]): string {
  const [first, last] = [points[0].equity, points[points.length - 1].equity]
  return `return ${signedPercent((last / first - 1) * 100)}, from ${decimal(first, 0)} to ${decimal(last, 0)}`
}

function drawdownNote(points: readonly EquityPoint[], deepest: DeepestDrawdown | null): string {
  if (deepest === null) return 'no drawdown'
  const { pct, peak, trough, recovery } = deepest
  const since = peak === 0 ? 'the start' : points[peak].session
  const until = recovery === null ? 'not recovered' : `recovered ${points[recovery].session}`
  return `maximum drawdown ${decimal(-pct)} %, from ${since} to ${points[trough].session}, ${until}`
}
