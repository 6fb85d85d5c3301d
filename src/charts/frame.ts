import type { TopLevelSpec } from 'vega-lite'
import { palettes, themeConfig, type Palette, type ThemeName } from './theme.js'

/** How large a chart is and how it looks. */
export interface ChartOptions {
  /** Width of the whole picture in pixels. Default 1200. */
  width?: number
  /** Height of the whole picture in pixels. Default 700; of price charts with strips more. */
  height?: number
  /** Default `light`. */
  theme?: ThemeName
}

/** The run that a chart belongs to; named in its subtitle. */
export interface RunNote {
  run_id: string
  strategy: string
}

/** A chart: a Vega-Lite specification with its data. */
export type Spec = TopLevelSpec
/** A specification of layers. */
export type LayeredSpec = Extract<TopLevelSpec, { layer: unknown }>
/** A layer of a chart. */
export type Layer = LayeredSpec['layer'][number]
/** What a mark of a chart shows. */
export type Encoding = NonNullable<Extract<Layer, { mark: unknown }>['encoding']>
/** The rows of a chart, by the names under which its layers read them. */
export type Datasets = Record<string, readonly object[]>

/** Everything of a chart but its layers. */
export interface Frame {
  /** Pixels of the width in which bars are drawn, a little less than there are: it depends on the labels beside it. */
  plotWidth: number
  /** Height of the whole picture in pixels. */
  height: number
  /** Labels that the horizontal axis has room for. */
  labels: number
  palette: Palette
  /** Returns the whole specification: one view of exactly the asked-for size, whatever the lengths of its labels. */
  spec: (parts: FrameParts) => Spec
}

/** What a chart adds to its frame. */
export interface FrameParts {
  title: string
  /** Lines of the subtitle; the parts of each are joined by dots, missing ones are left out. */
  subtitle: readonly (readonly (string | undefined)[])[]
  datasets: Datasets
  layer: Layer[]
  params?: LayeredSpec['params']
  resolve?: LayeredSpec['resolve']
}

/** Pixels of the width that padding, vertical axis and its labels take. */
const margins = 130
/** Pixels that a label of the horizontal axis needs. */
const labelWidth = 80
const schema = 'https://vega.github.io/schema/vega-lite/v6.json'

/** Height of a picture in pixels when none is asked for. */
export const usualHeight = 700

/** Returns the frame for `options`. */
export function chartFrame({ width = 1200, height = usualHeight, theme = 'light' }: ChartOptions = {}): Frame {
  const palette = palettes[theme]
  const spec = ({ title, subtitle, ...parts }: FrameParts): Spec => ({
    $schema: schema,
    background: palette.background,
    padding: 16,
    width,
    height,
    autosize: { type: 'fit', contains: 'padding' },
    title: { text: title, subtitle: subtitle.map(joined).filter(Boolean) },
    ...parts,
    config: themeConfig(palette),
  })
  const plotWidth = width - margins
  return { plotWidth, height, labels: Math.floor(plotWidth / labelWidth), palette, spec }
}

function joined(parts: readonly (string | undefined)[]): string {
  return parts.filter(Boolean).join(' · ')
}
