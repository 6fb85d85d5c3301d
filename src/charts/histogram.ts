import { chartFrame, type ChartOptions, type FrameParts, type Layer, type Spec } from './frame.js'
import { legendColors, type LegendEntries } from './legend.js'
import { stripRange, type Channel } from './panel.js'
import type { Palette } from './theme.js'

/** Values from `low` up to `high`, those at `high` not included. */
export interface Bin {
  low: number
  high: number
  /** What the values have in common, as named in the legend. */
  part: string
  count: number
  /** Text of the range. */
  range: string
  /** Mean of a second measure; null: there is none. */
  mean?: number | null
}

/** What a histogram shows. */
export interface Histogram extends Pick<FrameParts, 'title' | 'subtitle'> {
  bins: readonly Bin[]
  /** Title of the axis of values, with its unit. */
  values: string
  /** Where the axis of values has its ticks, if not at the usual places. */
  ticks?: { values?: number[] }
  /** What is counted. */
  counted: string
  legend: (palette: Palette) => LegendEntries
  /** Values that are marked by a line and named. */
  marks?: readonly { value: number; note: string }[]
  /** Title of a panel below with the bins' means. */
  means?: string
  options?: ChartOptions
}

/** Returns bins as bars side by side, their parts on top of each other, above the means of a second measure if there are any. */
export function histogram({ title, subtitle, bins, values, ticks = {}, counted, legend, marks = [], means, options }: Histogram): Spec {
  const frame = chartFrame(options)
  const { palette } = frame
  const colors = legendColors(legend(palette), frame.plotWidth)
  const bounds = bins.flatMap(({ low, high }) => [low, high])
  const x: Channel<'x'> = {
    field: 'low', type: 'quantitative', axis: { title: values, format: ',~f', ...ticks },
    scale: { domain: [Math.min(...bounds), Math.max(...bounds)], nice: false, zero: false },
  }
  const strip = { top: 0.05, bottom: means === undefined ? 1 : 0.64 }
  const y: Channel<'y'> = {
    field: 'bottom', type: 'quantitative',
    axis: { title: counted, format: ',~f', orient: 'right', grid: true, tickCount: 6 },
    scale: { range: stripRange(strip), zero: true, nice: false },
  }
  const tooltip: Channel<'tooltip'> = [
    { field: 'range', type: 'nominal', title: values },
    { field: 'part', type: 'nominal', title: 'kind' },
    { field: 'count', type: 'quantitative', title: counted.toLowerCase(), format: ',.0f' },
    ...(means === undefined ? [] : [{ field: 'mean', type: 'quantitative' as const, title: means, format: ',.3f' }]),
  ]
  return frame.spec({
    title,
    subtitle,
    datasets: { bins: stacked(bins), marks },
    layer: [
      {
        data: { name: 'bins' },
        mark: { type: 'rect', stroke: palette.background, strokeWidth: 0.8 },
        encoding: { x, x2: { field: 'high' }, y, y2: { field: 'top' }, color: colors.by('part'), tooltip },
      },
      ...markLayers(x, palette),
      ...(means === undefined ? [] : [meanLayer(x, means, palette, tooltip)]),
    ],
    resolve: { scale: { y: 'independent' } },
  })
}

/** Adds where each part begins and ends when the parts of a bin stand on top of each other. */
function stacked(bins: readonly Bin[]): (Bin & { bottom: number; top: number })[] {
  const tops = new Map<number, number>()
  return bins.map((bin) => {
    const bottom = tops.get(bin.low) ?? 0
    tops.set(bin.low, bottom + bin.count)
    return { ...bin, bottom, top: bottom + bin.count }
  })
}

function markLayers(x: Channel<'x'>, palette: Palette): Layer[] {
  const place = { ...x, field: 'value' } as Channel<'x'>
  const data = { name: 'marks' }
  return [
    { data, mark: { type: 'rule', strokeDash: [5, 4], strokeWidth: 1.3, color: palette.ink }, encoding: { x: place } },
    {
      data,
      mark: { type: 'text', align: 'left', baseline: 'top', dx: 5, color: palette.ink },
      encoding: { x: place, y: { value: 0 }, text: { field: 'note', type: 'nominal' } },
    },
  ]
}

function meanLayer(x: Channel<'x'>, title: string, palette: Palette, tooltip: Channel<'tooltip'>): Layer {
  return {
    data: { name: 'bins' },
    transform: [{ filter: 'isValid(datum.mean)' }],
    mark: { type: 'rect', stroke: palette.background, strokeWidth: 0.8 },
    encoding: {
      x, x2: { field: 'high' },
      y: {
        field: 'mean', type: 'quantitative',
        axis: { title, format: ',~f', orient: 'right', grid: true, tickCount: 4 },
        scale: { range: stripRange({ top: 0.74, bottom: 1 }), zero: true, nice: true },
      },
      y2: { datum: 0 },
      color: { condition: { test: 'datum.mean < 0', value: palette.loss }, value: palette.win },
      tooltip,
    },
  }
}
