import { counted, decimal, signedPercent } from '../format.js'
import { deepestDrawdown, type DeepestDrawdown } from './drawdown.js'
import { drawdownLayers, equityLayers, type EquityPen } from './equity-layers.js'
import { equityPoints, type Comparison, type EquityPoint, type EquityRow } from './equity-rows.js'
import { chartFrame, type ChartOptions, type Datasets, type Frame, type RunNote, type Spec } from './frame.js'
import { legendColors } from './legend.js'
import { sessionScale } from './session-scale.js'
import { thinned } from './thin.js'
import { dateRange } from './times.js'
import { zoomable } from './zoom.js'

/** What an equity chart shows. */
export interface EquityChart {
  run: RunNote
  /** Accounts that the rows are the sum of. */
  accounts: number
  /** Equity before the first session, of all accounts together; above 0. */
  capital: number
  /** One row per session, in the order of time. */
  rows: readonly EquityRow[]
  /** What the start capital would have become otherwise. Default: nothing to compare with. */
  comparisons?: readonly Comparison[]
  options?: ChartOptions
}

const equityStrip = { top: 0, bottom: 0.64 }
const drawdownStrip = { top: 0.72, bottom: 1 }

/**
 * Returns the equity of a run at the close of each session, above its drawdown: how far it lies below its highest close
 * so far, the start capital counted as the first. Nights and weekends take no room. Throws a `DgasError` when there is
 * no session.
 */
export function equityChart({ run, accounts, capital, rows, comparisons = [], options }: EquityChart): Spec {
  const frame = chartFrame(options)
  const points = equityPoints(capital, rows, comparisons)
  const deepest = deepestDrawdown(points.map(({ equity }) => equity))
  const pen = equityPen(frame, points, comparisons)
  return frame.spec({
    title: `${run.strategy}: equity and drawdown`,
    subtitle: [
      [`run ${run.run_id}`, dateRange(points[1].at, points[points.length - 1].at), counted(accounts, 'account')],
      [returnNote(points), drawdownNote(points, deepest)],
      comparisons.map(comparisonNote(capital)),
    ],
    datasets: { points: thinned(points, mostPoints, [({ equity }) => equity, ({ drawdown_pct }) => drawdown_pct]), start: [{ capital }], ...extremes(points, deepest) },
    params: pen.scale.params,
    layer: zoomable([
      pen.scale.grid(frame.palette),
      { data: { name: 'points' }, layer: drawdownLayers(pen, drawdownStrip) },
      { data: { name: 'points' }, layer: equityLayers(pen, equityStrip) },
    ]),
    resolve: { scale: { y: 'independent' } },
  })
}

/** Points of a curve that are drawn at most; more could not be told apart. */
const mostPoints = 1500

function equityPen(frame: Frame, points: readonly EquityPoint[], comparisons: readonly Comparison[]): EquityPen {
  const { palette } = frame
  const sessions = points.slice(1)
  const compared = comparisons.flatMap(({ values }) => values.filter((value) => value !== null))
  return {
    frame,
    scale: sessionScale(frame, sessions),
    colors: legendColors([
      ['equity', palette.series[0]],
      ...(comparisons.length === 0 ? [['running peak', palette.band] as const] : []),
      ...comparisons.map(({ name }, at) => [name, palette.series[at === 0 ? 1 : 4]] as const),
      ['start capital', palette.ink, 'dashed'],
      ['drawdown', palette.loss],
    ]),
    values: [...points.map(({ equity }) => equity), ...compared],
    deepestPct: points.reduce((deepest, { drawdown_pct }) => Math.min(deepest, drawdown_pct), 0),
    comparisons,
    sessions: sessions.length,
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

function comparisonNote(capital: number): (comparison: Comparison) => string {
  return ({ name, values }) => {
    const last = values.findLast((value) => value !== null)
    return last === undefined ? '' : `${name} ${signedPercent((last / capital - 1) * 100)}`
  }
}
